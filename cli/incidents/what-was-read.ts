/**
 * What became of the inputs of a run, in words: a run without incidents must differ from one that read nothing, and
 * every line of an input is either counted as read or as unread.
 */
import type { FilePosition } from '../../connectors/files/batch.ts';
import { stdinSplit } from '../../connectors/files/set.ts';
import { reasonOf } from '../../errors.ts';
import type { UnderstoodLines } from '../../logs/explained/understood.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import type { SetAside } from '../../runtime/task/set-aside.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { optionalInputs } from '../../signals/inputs/kinds.ts';
import type { StateStore } from '../../state/store.ts';
import type { MovedStdin } from '../run/stdin.ts';
import type { BesideLines } from './beside-lines.ts';
import type { Input } from './input.ts';
import { type FilePositions, type Unread, unreadFiles, unreadWords } from './unread.ts';

/** Where records that were set aside came from, and how many were told. */
export interface Places {
  readonly late: Map<string, number>;
  /** Files and partitions whose names of services were too often new. */
  readonly named: Map<string, number>;
}

/** A run that is over. */
export interface OverRun {
  readonly patterns: readonly string[];
  readonly lines: Input;
  readonly beside: readonly BesideLines[];
  readonly stdin: MovedStdin | undefined;
  readonly metrics: Metrics;
  readonly places?: Places;
  /** What of the lines was understood. */
  readonly understood?: UnderstoodLines;
  readonly job: string;
  readonly state: StateStore;
  /** Whether it was ended by an error. */
  readonly hasFailed: boolean;
}

/** Sentences. A run that failed before it read anything has nothing to say but its error. */
export async function whatWasRead(run: OverRun): Promise<readonly string[]> {
  const { beside, metrics, hasFailed } = run;
  const { lines } = run.lines;
  if (hasFailed && lines === 0) {
    await run.stdin?.leave();
    return [];
  }
  const { ofLines, late, ofInputs, ofRows, ofOperators } = await setAsideBy(metrics);
  const unread = await unreadOf(run).then(unreadWords, (error) => `what is unread is not known: ${reasonOf(error)}`);
  return [
    `${lines} lines read, ${ofLines} set aside as dead letters, ${late} of them late; ${unread}`,
    ...understoodOf(run.understood),
    ...(late === 0 ? [] : [`${remedy}${lateFrom(run.places?.late)}`]),
    ...namedOf(run.places?.named),
    ...beside.map(
      ({ name, input }) => `${input.lines} ${name} read, ${ofInputs.get(name) ?? 0} set aside as dead letters`,
    ),
    ...(ofRows + ofOperators === 0
      ? []
      : [`${ofRows} rows of tables and ${ofOperators} records of operators set aside too; see dead_letters`]),
    ...(hasFailed
      ? ['lines that were read and not committed are read again, or are lost where they came by a stream']
      : []),
  ];
}

/** What to do about lines that came behind what was read before. */
const remedy =
  'late lines are older than lines read before, by this run or an earlier one, and were not judged: name another ' +
  'directory with --data to have files judged from their beginning; raise out_of_order where lines are out of order';

/** The places with the most late lines. */
function lateFrom(late?: ReadonlyMap<string, number>): string {
  const most = mostOf(late);
  return most.length === 0 ? '' : `; they came from ${most.map(([name, lines]) => `${name} (${lines})`).join(', ')}`;
}

/** A sentence, if there were lines. */
function understoodOf(understood?: UnderstoodLines): readonly string[] {
  const sentence = understood?.sentence ?? null;
  if (sentence === null) return [];
  return [understood!.missing === 0 ? sentence : `${sentence}; millrace parse --explain shows the others`];
}

/** A sentence, if a source named ever new services. */
function namedOf(named?: ReadonlyMap<string, number>): readonly string[] {
  const names = mostOf(named).map(([name]) => name);
  return names.length === 0 ? [] : [`${namesRemedy}; seen in ${names.join(', ')}`];
}

const namesRemedy =
  'names of services were new too often: beyond 20 by words of a source, and 500 of a file by containers and records, ' +
  'that do not come back in an hour, lines count for the service of their file or container; say what words are with ' +
  'a format in millrace.yaml';

const mostOf = (places: ReadonlyMap<string, number> = new Map()): readonly (readonly [string, number])[] =>
  [...places].sort(([, a], [, b]) => b - a).slice(0, mostPlaces);

const mostPlaces = 5;

/** No places yet. */
export const newPlaces = (): Places => ({ late: new Map(), named: new Map() });

/** Adds up where late lines came from, and those that named too many services. */
export function notePlaces({ late, named }: Places, { reason, from }: SetAside): void {
  const places = reason === 'late' ? late : reason === 'names-full' ? named : undefined;
  for (const [name, records] of from) places?.set(name, (places.get(name) ?? 0) + records);
}

/** What is said, while it runs, of records that were set aside. */
export function setAsideText({ origin, reason, records, from }: SetAside): string {
  const where = from.length === 0 ? '' : `, from ${from.map(([name, count]) => `${name} (${count})`).join(', ')}`;
  return `${records} set aside as dead letters by '${origin}': ${reason}${where}`;
}

/** Where the incident job sets aside what is still a line: up to the window that counts it. */
export const lineOrigins: ReadonlySet<string> = new Set(['logs', 'read', 'eventTime', 'lines', 'panes']);

const inputNames: ReadonlySet<string> = new Set(['changes', ...optionalInputs]);

/** Dead letters by what they were. Each lane of a table has a count of retries, also before there is any. */
async function setAsideBy(metrics: Metrics) {
  const tables = await metrics.labels('millrace_delivery_retries_total');
  const late = (await metrics.labels('millrace_records_late_total')).get('panes') ?? 0;
  const found = { ofLines: 0, late, ofInputs: new Map<string, number>(), ofRows: 0, ofOperators: 0 };
  for (const [origin, count] of await metrics.labels('millrace_records_dead_total')) {
    if (lineOrigins.has(origin)) found.ofLines += count;
    else if (inputNames.has(origin)) found.ofInputs.set(origin, count);
    else if (tables.has(origin)) found.ofRows += count;
    else found.ofOperators += count;
  }
  return found;
}

async function unreadOf(run: OverRun): Promise<readonly Unread[]> {
  const stdin = await unreadStdin(run);
  const positions = (await run.state.open(run.job, taskDefaults.task)).meta?.positions ?? {};
  const of = (source: string) => (positions[source] ?? {}) as FilePositions;
  const logs = await unreadFiles(run.patterns, of('logs'));
  const beside: Unread[] = [];
  for (const { name, path } of run.beside) beside.push(...(await unreadFiles([path], of(name))));
  return [...logs, ...stdin, ...beside];
}

/** What had come of standard input and was not read. What its writer still had to write is not known. */
async function unreadStdin({ stdin, lines: { splits } }: OverRun): Promise<readonly Unread[]> {
  if (stdin === undefined) return [];
  const arrived = await stdin.leave();
  const read = splits.get(stdinSplit);
  const lines = arrived.lines - (read?.lines ?? 0);
  const bytes = arrived.bytes - (read === undefined ? 0 : bytesOf(read.from, read.next));
  const note = arrived.hasEnded ? {} : { note: 'which had not ended' };
  return lines === 0 && bytes === 0 ? [] : [{ name: 'stdin', lines, bytes, ...note }];
}

const bytesOf = (from: FilePosition, to: FilePosition): number => to.offset - from.offset;
