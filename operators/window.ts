/** `window`: each key's values folded by window. */
import { MillraceError } from '../errors.ts';
import { append, type Op, place, type Stream, sideOf, type Terminal } from '../graph/stream.ts';
import type { Key } from '../state/key.ts';
import type { Aggregate } from '../windows/aggregate.ts';
import type { Assigner } from '../windows/assigner.ts';
import type { Windowed } from '../windows/window.ts';
import { alignedFold, alignedPanes } from './windowing/aligned.ts';
import { sessionFold, sessionPanes } from './windowing/sessions.ts';

/** Side output and former uids of a window. */
export interface WindowOptions<T, K> {
  /** Values behind every window they belong to. Default: dead letters with reason `late`. */
  readonly late?: (stream: Stream<T, K>) => Terminal;
  /**
   * Whether a window that the end of an input had closed is begun again by what comes of it in a later run: its next
   * result holds only that, for an operator behind it to add. Default: false; such values are late, or the smaller
   * result would replace the whole one.
   */
  readonly reopens?: boolean;
  readonly was?: readonly string[];
}

/**
 * Folds each key's values per window, and emits when the watermark passes the window's end. Allowed lateness fires it
 * again with a higher `revision`; a session merged into another takes back what it had fired (`retracted`).
 *
 * State: an accumulator per key and pane. Time of results: the last moment of their window; of sessions, that of the
 * second in which they end.
 *
 * @example
 * await outputOf(
 *   [5_000, 59_999, 60_000],
 *   eventTime({ at: (time) => time, outOfOrder: 0 }),
 *   keyBy(() => 'all'),
 *   window('per-minute', tumbling(minutes(1)), count()),
 *   map((w) => [w.window.start, w.value]),
 * ) // => [[0, 2], [60_000, 1]]
 */
export function window<T, Acc, R, K extends Key>(
  uid: string,
  assigner: Assigner,
  aggregate: Aggregate<T, Acc, R>,
  options: WindowOptions<T, K> = {},
): Op<T, K, Windowed<R>, K> {
  const fold = assigner.kind === 'session' ? sessionFold(assigner, aggregate) : alignedFold(assigner, aggregate);
  const form = formOf(assigner, aggregate.name);
  const make = assigner.kind === 'session' ? sessionPanes(assigner, aggregate) : alignedPanes(assigner, aggregate);
  return (stream) => {
    const { graph, timed } = stream[place];
    if (!timed) throw new MillraceError('EVENT_TIME_MISSING', { uid, job: graph.job });
    const result: Stream<Windowed<R>, K> = append([stream], {
      verb: 'window',
      uid,
      was: options.was ?? [],
      body: {
        kind: 'operator',
        stateful: true,
        make,
        form,
        reopens: options.reopens === true,
        ...(fold === undefined ? {} : { fold }),
      },
    });
    options.late?.(sideOf(result, 'late'));
    return result;
  };
}

/** Windows in words, with all numbers that decide where a value lies and when it is forgotten. */
function formOf(assigner: Assigner, aggregate: string): string {
  const sizes = Object.entries(assigner).filter(([name]) => name !== 'kind' && name !== 'pane');
  const shape = sizes.map(([name, value]) => `${name} ${value}`).join(', ');
  // The parts and parameters of an aggregate may change: what is stored of it can still be read.
  return `a ${assigner.kind} window (${shape}) of ${aggregate.replace(/\(.*/s, '')}`;
}
