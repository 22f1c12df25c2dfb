/** The states of a job's operators, found without running any of them: for the plan and its hash. */
import type { Codec } from '../codecs/codec.ts';
import { MillraceError } from '../errors.ts';
import type { Handlers, MapOptions, OpContext, StateOptions } from './op.ts';
import { requirePositive } from './options.ts';
import { refuseAsync, refusePromise } from './promises.ts';
import type { Node } from './stream.ts';

/** A state as an operator declares it. */
export interface StateInfo {
  /** `uid/name`. */
  readonly space: string;
  readonly kind: 'value' | 'map' | 'lazy map' | 'shared map';
  readonly codec: string;
  readonly version: number;
  readonly ttl: number | undefined;
}

/**
 * The states that a node would ask for: its handlers are made once against a context that only takes notes. No handler
 * is called. Errors: OPTION_INVALID, PROMISE_REFUSED.
 */
export function statesOf(node: Node): readonly StateInfo[] {
  return inspect(node).states;
}

/**
 * Refuses an operator that could not do what it is made for, as far as its handlers show. Errors: OPTION_INVALID,
 * PROMISE_REFUSED, EVENT_TIME_MISSING where it waits for timers or watermarks, or a state has a TTL, and no event time
 * passes.
 */
export function checkOperator(node: Node, job: string): void {
  const { handlers, states } = inspect(node);
  const waits = handlers?.onTimer !== undefined || handlers?.onWatermark !== undefined;
  if (node.timed || (!waits && states.every(({ ttl }) => ttl === undefined))) return;
  throw new MillraceError('EVENT_TIME_MISSING', { uid: node.uid ?? node.verb, job });
}

interface Inspected {
  readonly states: readonly StateInfo[];
  readonly handlers?: Handlers<unknown, unknown>;
}

function inspect(node: Node): Inspected {
  const { body, uid = node.verb } = node;
  if (body.kind !== 'operator' || !body.stateful) return { states: [] };
  const states: StateInfo[] = [];
  const declare = (kind: StateInfo['kind'], name: string, { codec, ttl, limit }: Declared) => {
    const owner = `state '${uid}/${name}'`;
    requirePositive(owner, { ttl });
    if (limit !== Number.POSITIVE_INFINITY) requirePositive(owner, { limit });
    states.push({ space: `${uid}/${name}`, kind, codec: codec.name, version: codec.version, ttl });
  };
  const entry = { value: undefined, set() {} };
  const nothing = { get: () => undefined, set() {}, delete() {}, clear() {}, at: () => entry, size: 0, *entries() {} };
  const context: OpContext<unknown> = {
    uid,
    key: '',
    watermark: Number.NEGATIVE_INFINITY,
    value<V>(name: string, codec: Codec<V>, options: StateOptions = {}) {
      declare('value', name, { codec: codec as Codec<never>, ttl: options.ttl, limit: undefined });
      return nothing;
    },
    map<_S, V>(name: string, codec: Codec<V>, options: MapOptions<unknown> = {}) {
      const kind = options.prefetch === undefined ? 'map' : 'lazy map';
      declare(kind, name, { codec: codec as Codec<never>, ttl: options.ttl, limit: options.limit });
      return nothing;
    },
    shared<_S, V>(name: string, codec: Codec<V>) {
      declare('shared map', name, { codec: codec as Codec<never>, ttl: undefined, limit: undefined });
      return nothing;
    },
    timer() {},
    cancelTimer() {},
    side: () => () => {},
  };
  const handlers: Handlers<unknown, unknown> = body.make(context);
  refusePromise(handlers, uid);
  const { onData, onTimer, onWatermark, onTick, onControl } = handlers;
  refuseAsync(uid, onData, onTimer, onWatermark, onTick, onControl);
  return { states, handlers };
}

interface Declared {
  readonly codec: Codec<never>;
  readonly ttl: number | undefined;
  readonly limit: number | undefined;
}
