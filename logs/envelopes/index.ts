/**
 * Takes envelopes off a line: what a container runtime or a shipper wrapped around it, or put in front of it
 * (wrappers/). Envelopes nest, so they come off one after the other, up to a bound. A new envelope is a file and an
 * entry in one of the lists here.
 */
import type { Value } from '../parsed-log.ts';
import { openBraceCode, quoteCode, skipBlanks } from '../text.ts';
import { maxDepth, wrapperAt } from '../wrappers/index.ts';
import { cloudWatch } from './cloudwatch.ts';
import { cri } from './cri.ts';
import { docker } from './docker.ts';
import type { ObjectEnvelope, TextEnvelope, Wrapping } from './envelope.ts';
import { filebeat } from './filebeat.ts';
import { fireLens } from './firelens.ts';
import { fluentBit } from './fluent-bit.ts';
import { fluentOut } from './fluent-out.ts';
import { withoutHull } from './hull.ts';
import { isExported, journalExport } from './journal-export.ts';
import { journald } from './journald.ts';
import { loki } from './loki.ts';
import { newRelic } from './new-relic.ts';
import { otlp } from './otlp.ts';
import { splunkHec } from './splunk-hec.ts';
import { vector } from './vector.ts';

/** Every envelope; the first that recognises the input opens it. */
const objectEnvelopes: readonly ObjectEnvelope[] = [
  ...[docker, journald, otlp, loki, cloudWatch, splunkHec],
  ...[newRelic, filebeat, vector, fireLens, fluentBit],
];
const textEnvelopes: readonly TextEnvelope[] = [cri, journalExport, fluentOut];

export { isExported };

/** What is in all envelopes: a line, or the record that an application wrote. */
export interface Content {
  text: string;
  record: object | null;
}

/** Takes off envelope after envelope; fills `content` with what is inside and `wrapping` with what was around it. */
export function unwrap(line: string, wrapping: Wrapping, content: Content): void {
  content.text = line;
  content.record = null;
  for (let depth = 0; depth < maxDepth; depth++) {
    let inner: string | object | null = null;
    if (content.text.charCodeAt(skipBlanks(content.text, 0)) === openBraceCode) {
      const record: Readonly<Record<string, unknown>> | null = parseObject(content.text);
      if (record === null) return;
      const bare = withoutHull(record);
      content.record = bare;
      inner = opened(bare, wrapping);
    } else {
      for (let i = 0; i < textEnvelopes.length && inner === null; i++) {
        inner = textEnvelopes[i]!.open(content.text, wrapping);
        if (inner !== null) wrapping.peeled?.push(textEnvelopes[i]!.name);
      }
      inner ??= unwrapped(content.text, wrapping);
    }
    if (inner === null) return;
    if (typeof inner === 'object') {
      content.record = inner;
      return;
    }
    content.text = inner;
    content.record = null;
  }
}

/** What is behind a wrapper in front of a line, or inside of a record that was written as a text; null for a line. */
function unwrapped(line: string, wrapping: Wrapping): string | null {
  if (line.charCodeAt(0) === quoteCode) return line.startsWith('"{\\"') ? textOf(line) : null;
  const { mark } = wrapping;
  const wrapper = wrapperAt(line, 0, mark);
  if (wrapper === null) return null;
  const { end } = mark;
  wrapper.note(line, mark, wrapping);
  wrapping.peeled?.push(wrapper.name);
  return line.slice(end);
}

/** The text that a JSON string holds. */
function textOf(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** What is inside of a record that is an envelope, or null. One too deep to be written out again is none. */
export function opened(record: Readonly<Record<string, unknown>>, wrapping: Wrapping): string | object | null {
  try {
    const may = envelopesBy(record);
    for (let i = 0; may >= 1 << i; i++) {
      const inner = (may & (1 << i)) === 0 ? null : objectEnvelopes[i]!.open(record, wrapping);
      if (inner === null) continue;
      wrapping.peeled?.push(objectEnvelopes[i]!.name);
      return inner;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

/** A bit for each envelope that a record may be by its keys: asking each of them costs more than a pass over these. */
// hot: called for every record.
function envelopesBy(record: object): number {
  let may = 0;
  for (const key in record) may |= byKey.get(key) ?? 0;
  return may;
}

const byKey = new Map<string, number>();
for (const [i, { keys }] of objectEnvelopes.entries())
  for (const key of keys) byKey.set(key, (byKey.get(key) ?? 0) | (1 << i));

/**
 * Opens an event of several lines: all of them if each has an envelope of its own. Returns the text that stands behind
 * a record of one line.
 */
export function openLines(
  lines: string,
  lineEnd: number,
  { wrapping, content }: { readonly wrapping: Wrapping; readonly content: Content },
): string {
  const first = lines.slice(0, lineEnd);
  unwrap(first, wrapping, content);
  const rest = lines.slice(lineEnd + 1);
  if (content.record !== null && content.text === first) return rest;
  if (content.record === null && content.text === first) {
    content.text = lines;
    if (first.charCodeAt(0) === openBraceCode) unwrap(lines, wrapping, content);
    return '';
  }
  const { record, text } = content;
  const scratch: Wrapping = { ...wrapping, fields: [], peeled: null };
  const whole = joinContents({ first: text, cut: takeCut(wrapping.fields), rest, wrapping: scratch, content });
  const cut = takeCut(scratch.fields);
  unwrap(whole, wrapping, content);
  if (cut) wrapping.fields.push('log.flags', 'partial');
  if (record === null) return '';
  content.record = record;
  content.text = text;
  return whole.slice(text.length + 1);
}

/** Lines that follow a first one, each in an envelope of its own. */
interface Following {
  /** The content of the first line, and whether it goes on in the second. */
  readonly first: string;
  readonly cut: boolean;
  readonly rest: string;
  readonly wrapping: Wrapping;
  readonly content: Content;
}

/** The contents of several lines as one text; parts of a line that was cut are put together without a line feed. */
function joinContents({ first, cut, rest, wrapping, content }: Following): string {
  let whole = first;
  let cutBefore = cut;
  for (const line of rest.split('\n')) {
    wrapping.fields.length = 0;
    unwrap(line, wrapping, content);
    whole += cutBefore ? content.text : `\n${content.text}`;
    cutBefore = wrapping.fields.includes(flagsField);
  }
  return whole;
}

/** Takes the flag of a cut line off the fields; whether it was there. */
export function takeCut(fields: (string | Value)[]): boolean {
  const at = fields.indexOf(flagsField);
  if (at < 0) return false;
  fields.splice(at, 2);
  return true;
}

/** A JSON object, or null for text that is none. */
function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const flagsField = 'log.flags';
