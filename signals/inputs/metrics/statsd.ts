/**
 * StatsD lines, `name:value|type|@rate|#tag:value,…|T<seconds>`, as StatsD and DogStatsD define them, with the tags that
 * Telegraf (`name,tag=value`), Graphite (`name;tag=value`) and SignalFx (`name[tag=value]`) put behind the name. A line
 * may carry several values; each is an element. A counter is a delta, divided by its rate. A timing is a histogram of
 * as many values as its rate says. What a gauge changes by (`+3`, and `-3` without tags) needs the value before it, and
 * is refused.
 */
import { Kept } from '../../../codecs/kept.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { type Labels, labelsFrom, noLabels, type Subject, subjectOf, whyNoLabels } from '../labels.ts';
import { bodyText, numberOf } from '../values.ts';
import { type Histogram, isMetricName, type Metric } from './metric.ts';

/** Reads a datagram, or a text of many. */
export function readStatsd(body: Uint8Array | string, intake: Intake<Metric>): void {
  const text = bodyText(body, intake);
  if (text === null) return;
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(at, end).trimEnd();
    at = end + 1;
    if (line !== '') readLine(line, intake);
  }
}

function readLine(line: string, intake: Intake<Metric>): void {
  // Events and checks of DogStatsD are no metrics.
  if (line.startsWith('_e{') || line.startsWith('_sc|')) return intake.refuse('INPUT_UNKNOWN', 'an event or a check');
  if (line.length > longestLine) {
    return intake.refuse('INPUT_TOO_LARGE', 'the line', `the line has ${line.length} characters`);
  }
  const colon = nameEnd(line);
  const bar = line.indexOf('|', colon);
  if (colon <= 0 || bar < 0) return intake.wrong('line', line, 'name:value|type');
  readValues(line, { colon, bar }, intake);
}

const longestLine = 65_536;

/** The colon behind the name; tags in brackets may have colons. */
function nameEnd(line: string): number {
  const colon = line.indexOf(':');
  const bracket = line.indexOf('[');
  return bracket >= 0 && bracket < colon ? line.indexOf(':', line.indexOf(']', bracket)) : colon;
}

/** Reads a line whose name ends at `colon` and whose values end at `bar`. */
function readValues(
  line: string,
  { colon, bar }: { readonly colon: number; readonly bar: number },
  intake: Intake<Metric>,
): void {
  const behind = line.slice(bar + 1).split('|');
  const type = behind[0]!;
  const values = line.slice(colon + 1, bar);
  const texts = type === 's' || !values.includes(':') ? [values] : values.split(':');
  let [rate, time, tags] = [1, intake.now, ''];
  for (let i = 1; i < behind.length; i++) {
    const part = behind[i]!;
    const sign = part.charCodeAt(0);
    if (sign === atSign) rate = numberOf(part.slice(1));
    else if (sign === upperT) time = numberOf(part.slice(1)) * 1_000;
    else if (sign === hashSign) tags = part;
  }
  const about = aboutOf(line.slice(0, colon), tags);
  for (const text of texts) {
    if (!isMetricName(about.name, intake)) continue;
    if (about.why !== null) intake.wrong('tags', about.why, 'labels of a series');
    else if (!(rate > 0 && rate <= 1)) intake.wrong('rate', rate, 'above 0 and up to 1');
    else if (intake.timely(time, 'T', time)) readValue(text, { about, type, rate, time, tagged: tags !== '' }, intake);
  }
}

const [atSign, upperT, hashSign] = [64, 84, 35];

/** What a line says besides its values. */
interface Sent {
  readonly about: About;
  readonly type: string;
  readonly rate: number;
  readonly time: Time;
  /** Whether it has tags as DogStatsD writes them. */
  readonly tagged: boolean;
}

/** What a name and its tags are about. */
interface About extends Subject {
  readonly name: string;
  readonly labels: Labels;
  /** Why the tags are no labels, or null. */
  readonly why: string | null;
}

/** By name and tags as they were written. */
const known = new Kept<About>(8 << 20);

function aboutOf(named: string, tags: string): About {
  const written = named + tags;
  const found = known.get(written);
  if (found !== undefined) return found;
  const pairs: string[] = [];
  const name = nameAndTags(named, pairs);
  if (tags !== '') for (const tag of tags.slice(1).split(',')) addTag(tag, ':', pairs);
  const why = whyNoLabels(pairs);
  const labels = why === null ? labelsFrom(pairs) : noLabels;
  return known.set(written, { name, labels, why, ...subjectOf(labels) });
}

function nameAndTags(named: string, pairs: string[]): string {
  const cut = named.search(/[,;[]/);
  if (cut < 0) return named;
  const isBracketed = named.charAt(cut) === '[';
  const close = isBracketed ? named.indexOf(']', cut) : named.length;
  for (const tag of named.slice(cut + 1, close < 0 ? named.length : close).split(/[,;]/)) addTag(tag, '=', pairs);
  return named.slice(0, cut) + (isBracketed && close >= 0 ? named.slice(close + 1) : '');
}

/** A tag without a value is one that is set. A tag that comes twice with one value is one. */
function addTag(tag: string, sign: string, pairs: string[]): void {
  if (tag === '') return;
  const cut = tag.indexOf(sign);
  const [name, value] = cut < 0 ? [tag, 'true'] : [tag.slice(0, cut), tag.slice(cut + 1)];
  const known = pairs.indexOf(name);
  if (known < 0 || known % 2 === 1 || pairs[known + 1] !== value) pairs.push(name, value);
}

function readValue(text: string, sent: Sent, intake: Intake<Metric>): void {
  const { type, rate } = sent;
  if (type === 's') {
    if (text === '' || text.length > longestMember) return intake.wrong('value', text, 'a member of a set');
    intake.records.push({ ...pointOf(sent, 'set', Number.NaN), member: text });
    return;
  }
  const value = numberOf(text);
  if (Number.isNaN(value)) return intake.wrong('value', text, 'a finite number');
  switch (type) {
    case 'c':
    case 'm':
      if (value < 0) return intake.wrong('value', text, 'a count, which is not below 0');
      intake.records.push(pointOf(sent, 'delta', value / rate));
      return;
    case 'g':
      if (text.startsWith('+') || (text.startsWith('-') && !sent.tagged)) {
        return intake.wrong('value', text, 'the value of a gauge: what it changes by says nothing without it');
      }
      intake.records.push(pointOf(sent, 'gauge', value));
      return;
    case 'ms':
    case 'h':
    case 'd': {
      const count = 1 / rate;
      const buckets = { bounds: [], counts: [], exponential: null };
      const histogram: Histogram = { delta: true, count, sum: value * count, min: value, max: value, ...buckets };
      const point = pointOf(sent, 'histogram', Number.NaN);
      intake.records.push({ ...point, histogram, unit: type === 'ms' ? 'ms' : '' });
      return;
    }
    default:
      intake.wrong('type', type, 'c, g, ms, h, d, m or s');
  }
}

const longestMember = 400;

function pointOf({ about, time }: Sent, kind: Metric['kind'], value: number): Metric {
  const { name, labels, service, instance } = about;
  const [start, unit, histogram, member, ended] = [null, '', null, null, false];
  return { time, service, instance, name, labels, kind, value, start, unit, histogram, member, ended };
}
