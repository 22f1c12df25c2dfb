/**
 * What became of the inputs of a run, in words: a run without incidents must differ from one that read nothing, and
 * every line of an input is either counted as read or as unread.
 */
import type { FilePosition } from '../../connectors/files/batch.ts';
import { stdinSplit } from '../../connectors/files/set.ts';
import { reasonOf } from '../../errors.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import type { StateStore } from '../../state/store.ts';
import type { MovedStdin } from '../run/stdin.ts';
import { setAside } from './console-feed.ts';
import type { Input } from './input.ts';
import { type FilePositions, type Unread, unreadFiles, unreadWords } from './unread.ts';

/** A run that is over. */
export interface OverRun {
  readonly patterns: readonly string[];
  readonly changes: string | undefined;
  readonly inputs: { readonly logs: Input; readonly changes: Input };
  readonly stdin: MovedStdin | undefined;
  readonly metrics: Metrics;
  readonly job: string;
  readonly state: StateStore;
  /** Whether it was ended by an error. */
  readonly hasFailed: boolean;
}

/** Sentences. A run that failed before it read anything has nothing to say but its error. */
export async function whatWasRead(run: OverRun): Promise<readonly string[]> {
  const { inputs, metrics, changes, hasFailed } = run;
  const { lines } = inputs.logs;
  if (hasFailed && lines === 0) {
    await run.stdin?.leave();
    return [];
  }
  const deadChanges = (await metrics.labels('millrace_records_dead_total')).get('changes') ?? 0;
  const { dead, late } = await setAside(metrics);
  const unread = await unreadOf(run).then(unreadWords, (error) => `what is unread is not known: ${reasonOf(error)}`);
  return [
    `${lines} lines read, ${dead - deadChanges} set aside as dead letters, ${late} of them late; ${unread}`,
    ...(changes === undefined
      ? []
      : [`${inputs.changes.lines} changes read, ${deadChanges} set aside as dead letters`]),
    ...(hasFailed
      ? ['lines that were read and not committed are read again, or are lost where they came by a stream']
      : []),
  ];
}

async function unreadOf(run: OverRun): Promise<readonly Unread[]> {
  const stdin = await unreadStdin(run);
  const positions = (await run.state.open(run.job, taskDefaults.task)).meta?.positions ?? {};
  const of = (source: string) => (positions[source] ?? {}) as FilePositions;
  const logs = await unreadFiles(run.patterns, of('logs'));
  return [...logs, ...stdin, ...(run.changes === undefined ? [] : await unreadFiles([run.changes], of('changes')))];
}

/** What had come of standard input and was not read. What its writer still had to write is not known. */
async function unreadStdin({ stdin, inputs }: OverRun): Promise<readonly Unread[]> {
  if (stdin === undefined) return [];
  const arrived = await stdin.leave();
  const read = inputs.logs.splits.get(stdinSplit);
  const lines = arrived.lines - (read?.lines ?? 0);
  const bytes = arrived.bytes - (read === undefined ? 0 : bytesOf(read.from, read.next));
  const note = arrived.hasEnded ? {} : { note: 'which had not ended' };
  return lines === 0 && bytes === 0 ? [] : [{ name: 'stdin', lines, bytes, ...note }];
}

const bytesOf = (from: FilePosition, to: FilePosition): number => to.offset - from.offset;
