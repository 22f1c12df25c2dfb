/** The states of a job's operators, found without running any of them: for the plan and its hash. */
import type { Codec } from '../codecs/codec.ts';
import type { MapOptions, OpContext, StateOptions } from './op.ts';
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
 * is called.
 */
export function statesOf(node: Node): readonly StateInfo[] {
  const { body, uid = node.verb } = node;
  if (body.kind !== 'operator' || !body.stateful) return [];
  const states: StateInfo[] = [];
  const declare = (kind: StateInfo['kind'], name: string, { codec, ttl }: Declared) => {
    states.push({ space: `${uid}/${name}`, kind, codec: codec.name, version: codec.version, ttl });
  };
  const entry = { value: undefined, set() {} };
  const nothing = { get: () => undefined, set() {}, delete() {}, clear() {}, at: () => entry, size: 0, *entries() {} };
  const context: OpContext<unknown> = {
    uid,
    key: '',
    watermark: Number.NEGATIVE_INFINITY,
    value<V>(name: string, codec: Codec<V>, options: StateOptions = {}) {
      declare('value', name, { codec: codec as Codec<never>, ttl: options.ttl });
      return nothing;
    },
    map<_S, V>(name: string, codec: Codec<V>, options: MapOptions<unknown> = {}) {
      const kind = options.prefetch === undefined ? 'map' : 'lazy map';
      declare(kind, name, { codec: codec as Codec<never>, ttl: options.ttl });
      return nothing;
    },
    shared<_S, V>(name: string, codec: Codec<V>) {
      declare('shared map', name, { codec: codec as Codec<never>, ttl: undefined });
      return nothing;
    },
    timer() {},
    cancelTimer() {},
    side: () => () => {},
  };
  body.make(context);
  return states;
}

interface Declared {
  readonly codec: Codec<never>;
  readonly ttl: number | undefined;
}
