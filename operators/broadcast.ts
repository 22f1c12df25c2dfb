/** `broadcast`: a control stream held against every value of another stream. */
import type { Codec } from '../codecs/codec.ts';
import { refuseAsync, type Sync } from '../graph/promises.ts';
import { append, type Op, place, type Stream } from '../graph/stream.ts';
import type { KeyPart } from '../state/key.ts';
import type { MapState } from '../state/keyed.ts';

/** What a broadcast keeps of its control stream. */
export interface BroadcastOptions<C, S extends KeyPart> {
  readonly codec: Codec<C>;
  /** The rule's identity; a later control value of the same identity replaces it. */
  readonly id: (control: C) => S;
  /** Whether the control value takes its rule away. */
  readonly removes?: (control: C) => boolean;
  readonly was?: readonly string[];
}

/** The rules as a handler sees them. */
export type Rules<S extends KeyPart, C> = Pick<MapState<S, C>, 'get' | 'entries' | 'size'>;

/**
 * Holds a small control stream (rules, settings) against every value of the main one. All control records that exist
 * are read before the first value is admitted; the control stream does not hold the watermark.
 *
 * State: all rules, whole in memory on every task.
 *
 * @example
 * await outputOf([1, 7, 3], (numbers, from) => {
 *   const limits = from('limits', script([{ id: 'most', value: 5 }]));
 *   const options = { codec: json(), id: (limit) => limit.id };
 *   return numbers.pipe(broadcast('above', limits, options, (n, rules) => (n > rules.get('most').value ? n : undefined)));
 * }) // => [7]
 */
export function broadcast<T, C, S extends KeyPart, R, K>(
  uid: string,
  control: Stream<C, unknown>,
  options: BroadcastOptions<C, S>,
  f: (value: T, rules: Rules<S, C>) => Sync<R> | undefined,
): Op<T, K, R, K> {
  const { codec, id, removes = () => false, was = [] } = options;
  refuseAsync(uid, f, id, removes);
  return (stream) =>
    append([stream, control], {
      verb: 'broadcast',
      uid,
      was,
      keyed: stream[place].keyed,
      timed: stream[place].timed,
      body: {
        kind: 'operator',
        stateful: true,
        control: true,
        make(ctx) {
          const rules = ctx.shared<S, C>('rules', codec);
          return {
            onData(value: T, _time, out) {
              const result = f(value, rules);
              if (result !== undefined) out.emit(result);
            },
            onControl(value) {
              const rule = value as C;
              if (removes(rule)) rules.delete(id(rule));
              else rules.set(id(rule), rule);
            },
          };
        },
      },
    });
}
