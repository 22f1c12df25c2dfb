/**
 * What must hold for any log at all. A claim returns how it broke, or undefined; one that throws is broken, too, under
 * the name of "nothing throws".
 */
import { Readable } from 'node:stream';
import { type LineBatch, openFiles } from '../../connectors/files/reader.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { logParser } from '../../logs/parser.ts';
import type { LogParserOptions } from '../../logs/parser-options.ts';
import { systemClock } from '../../time/clock.ts';
import type { Broken } from './broken.ts';
import type { Random } from './materials.ts';
import { bytesOf } from './mutations.ts';
import { templateClaims } from './template-claims.ts';

/** Checks everything on the text of a file; `random` chooses how it is read. */
export async function check(text: string, random: Random): Promise<Broken | undefined> {
  const setting = settings[random(settings.length)]!;
  const chunk = 1 + random(2) * random(5000);
  let events: readonly string[] = [];
  return (
    (await holding('every byte is in one event', () => bytesOnce(bytesOf(text), chunk))) ??
    (await holding('every line is in one event', () => {
      const lines = text.split(/\r?\n/);
      events = eventsOf(lines).map((event) => event.join('\n'));
      return linesOnce(lines);
    })) ??
    (await holding('an event read twice is the same', () => readTwice(events, setting))) ??
    (await holding('', () => templateClaims(messagesOf(events, setting), random)))
  );
}

type Outcome = Broken | string | undefined;

async function holding(claim: string, run: () => Outcome | Promise<Outcome>): Promise<Broken | undefined> {
  try {
    const outcome = await run();
    return typeof outcome === 'string' ? { claim, reason: outcome } : outcome;
  } catch (error) {
    return { claim: 'nothing throws', reason: `${claim}: ${(error as Error).stack?.slice(0, 600)}` };
  }
}

/** Reads a file that arrives in pieces, as `millrace parse` does; every byte has to be in a line, refused or an end. */
async function bytesOnce(bytes: Buffer, chunk: number): Promise<Outcome> {
  const stdin = Readable.from(piecesOf(bytes, chunk), { objectMode: false });
  const reader = openFiles({ patterns: ['-'], follow: false, clock: systemClock, maxLineBytes: 100_000, stdin });
  const [split = ''] = await reader.splits();
  const joiner = new LineJoiner();
  const starts: number[] = [];
  let joined = 0;
  let seen = 0;
  const take = (event: readonly string[] | null): void => void (joined += event?.length ?? 0);
  for (let position = reader.start(split); !position.ended; ) {
    const batch = await reader.poll(split, position, { maxRecords: 100, maxBytes: 1 << 16 });
    if (batch === undefined) return 'the reader gave up before the end';
    for (const [start, end] of spansOf(batch)) {
      const gap = bytes.toString('latin1', seen, start);
      if (seen > 0 && gap !== '\n' && gap !== '\r\n') return `between two lines stands ${JSON.stringify(gap)}`;
      if (seen === 0 && starts.length === 0 && start > 0 && gap.length > 2) return `before the first line is ${gap}`;
      starts.push(start);
      seen = end;
    }
    for (let i = 0; i < batch.length; i++)
      take(joiner.push(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i])));
    joined += batch.refused.length;
    position = batch.next;
  }
  await reader.close();
  take(joiner.flush());
  const left = bytes.toString('latin1', seen);
  if (left !== '' && left !== '\n' && left !== '\r\n' && left !== '\r') return `behind the last line is ${left}`;
  if (joined !== starts.length) return `${starts.length} lines came in, ${joined} went out`;
  return undefined;
}

function* piecesOf(bytes: Buffer, size: number): Generator<Buffer> {
  const least = Math.max(size, Math.ceil(bytes.length / 50));
  for (let at = 0; at < bytes.length; at += least) yield bytes.subarray(at, at + least);
}

function spansOf({ length, starts, ends, origin, refused }: LineBatch): (readonly [number, number])[] {
  const lines = Array.from({ length }, (_, i) => [origin + starts[i]!, origin + ends[i]!] as const);
  return [...lines, ...refused.map(({ offset, bytes }) => [offset, offset + bytes] as const)];
}

function eventsOf(lines: readonly string[], joiner = new LineJoiner()): (readonly string[])[] {
  const events: (readonly string[])[] = [];
  for (const line of lines) {
    const event = joiner.push(line);
    if (event !== null) events.push(event);
  }
  const last = joiner.flush();
  if (last !== null) events.push(last);
  return events;
}

/** Events put together again are the lines, in their order; and no event is empty or over the bounds. */
function linesOnce(lines: readonly string[]): Outcome {
  for (const [maxLines, maxLength] of [
    [500, 1 << 20],
    [3, 1000],
  ] as const) {
    const joiner = new LineJoiner({ maxLines, maxLength });
    const events = eventsOf(lines, joiner);
    if (joiner.flush() !== null) return 'a flushed joiner still had lines';
    const flat = events.flat();
    if (flat.length !== lines.length) return `${lines.length} lines came in, ${flat.length} went out`;
    const differs = lines.findIndex((line, i) => line !== flat[i]);
    if (differs >= 0) return `line ${differs + 1} went out changed`;
    for (const event of events) {
      if (event.length === 0 || event.length > maxLines) return `an event of ${event.length} lines`;
      const length = event.reduce((sum, line) => sum + line.length, 0);
      if (event.length > 1 && length > maxLength) return `an event of ${length} characters`;
    }
  }
  return undefined;
}

interface Setting {
  readonly options: LogParserOptions;
  readonly ingest: number;
  readonly sources: number;
}

const formats = [
  { name: 'shop', pattern: '[%{TIMESTAMP}] (%{LOGLEVEL} )?<%{DATA:a}> %{QS:b} %{HOSTPORT:c} %{GREEDYDATA:message}' },
  { name: 'any', pattern: '%{NUMBER:n}(: %{IP:ip})? - %{GREEDYDATA:message}' },
];

const settings: readonly Setting[] = [
  { options: {}, ingest: Date.UTC(2026, 0, 29, 12), sources: 1 },
  { options: { service: 'cart' }, ingest: 0, sources: 3 },
  { options: { timezone: 'Europe/Berlin' }, ingest: Date.UTC(2024, 1, 29, 23, 59, 59, 999), sources: 2 },
  { options: { timezone: '-14:59', now: Date.UTC(2026, 2, 1) }, ingest: Date.UTC(2026, 0, 1), sources: 1 },
  { options: { formats }, ingest: Date.UTC(9999, 11, 31), sources: 1 },
];

function logsOf(events: readonly string[], { options, ingest, sources }: Setting): ParsedLog[] {
  const parser = logParser(options);
  return events.map((event, i) => parser.parse(event, `source-${i % sources}`, ingest));
}

/** Two parsers make the same of the same events, and what they make is what it says it is. */
function readTwice(events: readonly string[], setting: Setting): Outcome {
  const once = logsOf(events, setting);
  const again = logsOf(events, setting);
  for (let i = 0; i < once.length; i++) {
    const odd = oddityOf(once[i]!);
    if (odd !== undefined) return { claim: 'a log is what it says', reason: odd };
    const [first, second] = [JSON.stringify(once[i]), JSON.stringify(again[i])];
    if (first !== second) return `${first} and then ${second}`;
  }
  return undefined;
}

const levels = new Set(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'FATAL', null]);
const farthest = 8.64e15;

function oddityOf(log: ParsedLog): string | undefined {
  const { timestamp, timestampText, level, parsed_fields: fields } = log;
  if (!levels.has(level)) return `level ${level}`;
  if (timestamp === null || !Number.isInteger(timestamp) || Math.abs(timestamp) > farthest) return `time ${timestamp}`;
  if (timestampText !== undefined && new Date(timestampText).getTime() !== timestamp)
    return `${timestampText} is not ${timestamp}`;
  for (const name of ['service', 'message', 'format'] as const)
    if (typeof log[name] !== 'string') return `${name} is ${typeof log[name]}`;
  for (const name of ['trace_id', 'span_id'] as const)
    if (log[name] !== null && (typeof log[name] !== 'string' || log[name] === '')) return `${name} is ${log[name]}`;
  if (Object.getPrototypeOf(fields) !== Object.prototype) return 'the fields have another prototype';
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('function ')) return `a field is called ${name}`;
    const good = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!good) return `field ${name} is ${typeof value} ${String(value)}`;
  }
  return undefined;
}

function messagesOf(events: readonly string[], setting: Setting): string[] {
  return logsOf(events, setting).map(({ message }) => message);
}
