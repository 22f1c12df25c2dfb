/**
 * Streams as an author sees them. A stream is a place in a graph under construction: it has no values, no
 * subscription and one method. It is not an Observable, so that an RxJS operator in a chain is a compile error.
 */
import type { Codec } from '../codecs/codec.ts';
import { MillraceError } from '../errors.ts';
import type { Key, Unkeyed } from '../state/key.ts';
import type { Duration, Time } from '../time/duration.ts';
import type { SinkSpec, SourceSpec } from './connector.ts';
import type { Fold, MakeHandlers } from './op.ts';

// biome-ignore lint/suspicious/noExplicitAny: the graph holds nodes of every type; types live in Stream only.
export type Anything = any;

/** What a node does. */
export type NodeBody =
  | { readonly kind: 'source'; readonly source: SourceSpec<Anything> }
  | {
      readonly kind: 'operator';
      readonly make: MakeHandlers<Anything, Anything>;
      readonly stateful: boolean;
      /** What the stored state of the operator depends on besides its codecs, as words: the form of a window. */
      readonly form?: string;
      /** Whether it begins again what the end of an input had closed. */
      readonly reopens?: boolean;
      /** Whether the second input is a control stream, which reaches `onControl` and holds no watermark back. */
      readonly control?: boolean;
      /** How values may be folded before they change hands, where the operator takes folds as well. */
      readonly fold?: Fold<Anything, Anything>;
    }
  | { readonly kind: 'eventTime'; readonly options: EventTimeOptions<Anything> }
  | {
      readonly kind: 'keyBy';
      readonly key: (value: Anything) => Key;
      /** Equal keys meet within a split only, so nothing changes hands. */
      readonly bySplit: boolean;
      /** How values are written down where they change hands. */
      readonly codec: Codec<Anything>;
    }
  | { readonly kind: 'union' }
  | { readonly kind: 'sink'; readonly sink: SinkSpec<Anything> };

/** How event time is read and how far out of order it may be. */
export interface EventTimeOptions<T> {
  /** The event's time in ms, fractions are cut; none that a Date could hold sends the record to the side `untimed`. */
  readonly at: (value: T) => Time | undefined;
  /**
   * Whether a record's time may move the watermark. False for times that are only assumed, such as that of reading a
   * line without one: it must not make the lines behind it late. Default: every record's may.
   */
  readonly moves?: (value: T) => boolean;
  /** How much older than the newest seen a record may be without being late. */
  readonly outOfOrder: Duration;
  /** A split at its end, or without a usable time, for so long no longer holds the watermark back. Default 1 minute. */
  readonly idleAfter?: Duration;
  /** The watermark moves in steps of this. Default 1 second. */
  readonly granule?: Duration;
  /** A record further ahead of the clock than this goes to the side output `ahead`. Default 1 hour. */
  readonly ahead?: Duration;
}

/** An edge's origin: `port` '' is the main output, otherwise a side output's name. */
export interface Origin {
  readonly node: number;
  readonly port: string;
}

/** One step of a job. Uid is present on sources, sinks and everything that owns state. */
export interface Node {
  readonly id: number;
  /** The operator's name: `map`, `window`. */
  readonly verb: string;
  readonly uid: string | undefined;
  readonly was: readonly string[];
  readonly inputs: readonly Origin[];
  /** Whether what leaves the node has a key, and event time. */
  readonly keyed: boolean;
  readonly timed: boolean;
  readonly body: NodeBody;
}

/** The graph while `job` builds it. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly job: string;
  readonly #uids = new Set<string>();

  constructor(job: string) {
    this.job = job;
  }

  add(node: Omit<Node, 'id'>): number {
    for (const uid of node.uid === undefined ? [] : [node.uid, ...node.was]) this.#claim(uid);
    const id = this.nodes.length;
    this.nodes.push(Object.freeze({ id, ...node }));
    return id;
  }

  #claim(uid: string): void {
    if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/.test(uid)) throw new MillraceError('UID_MALFORMED', { uid });
    if (this.#uids.has(uid)) throw new MillraceError('UID_TAKEN', { uid, job: this.job });
    this.#uids.add(uid);
  }
}

/** Where a stream stands in its graph. */
export interface Place {
  readonly graph: GraphBuilder;
  readonly origin: Origin;
  readonly keyed: boolean;
  readonly timed: boolean;
}

/** The key under which a stream keeps its place; for operators, not for authors. */
export const place: unique symbol = Symbol('place');
declare const types: unique symbol;

/** Takes a stream and returns what follows. */
export type Step<T, K, R> = (stream: Stream<T, K>) => R;
/** An operator: a function of streams, on the same footing whether built in or an author's own. */
export type Op<A, KA, B, KB> = Step<A, KA, Stream<B, KB>>;
/** What `to` returns: the end of a pipe. */
export interface Terminal {
  readonly terminal: true;
}

/** A stream of values of type `T` with keys of type `K`. */
export interface Stream<T, K = Unkeyed> {
  readonly [place]: Place;
  readonly [types]?: { readonly value: T; readonly key: K };
  pipe<R>(a: Step<T, K, R>): R;
  pipe<A, KA, R>(a: Op<T, K, A, KA>, b: Step<A, KA, R>): R;
  pipe<A, KA, B, KB, R>(a: Op<T, K, A, KA>, b: Op<A, KA, B, KB>, c: Step<B, KB, R>): R;
  pipe<A, KA, B, KB, C, KC, R>(a: Op<T, K, A, KA>, b: Op<A, KA, B, KB>, c: Op<B, KB, C, KC>, d: Step<C, KC, R>): R;
  pipe<A, KA, B, KB, C, KC, D, KD, R>(
    a: Op<T, K, A, KA>,
    b: Op<A, KA, B, KB>,
    c: Op<B, KB, C, KC>,
    d: Op<C, KC, D, KD>,
    e: Step<D, KD, R>,
  ): R;
  pipe<A, KA, B, KB, C, KC, D, KD, E, KE, R>(
    a: Op<T, K, A, KA>,
    b: Op<A, KA, B, KB>,
    c: Op<B, KB, C, KC>,
    d: Op<C, KC, D, KD>,
    e: Op<D, KD, E, KE>,
    f: Step<E, KE, R>,
  ): R;
  pipe<A, KA, B, KB, C, KC, D, KD, E, KE, F, KF, R>(
    a: Op<T, K, A, KA>,
    b: Op<A, KA, B, KB>,
    c: Op<B, KB, C, KC>,
    d: Op<C, KC, D, KD>,
    e: Op<D, KD, E, KE>,
    f: Op<E, KE, F, KF>,
    g: Step<F, KF, R>,
  ): R;
  pipe<A, KA, B, KB, C, KC, D, KD, E, KE, F, KF, G, KG, R>(
    a: Op<T, K, A, KA>,
    b: Op<A, KA, B, KB>,
    c: Op<B, KB, C, KC>,
    d: Op<C, KC, D, KD>,
    e: Op<D, KD, E, KE>,
    f: Op<E, KE, F, KF>,
    g: Op<F, KF, G, KG>,
    h: Step<G, KG, R>,
  ): R;
  pipe<A, KA, B, KB, C, KC, D, KD, E, KE, F, KF, G, KG, H, KH, R>(
    a: Op<T, K, A, KA>,
    b: Op<A, KA, B, KB>,
    c: Op<B, KB, C, KC>,
    d: Op<C, KC, D, KD>,
    e: Op<D, KD, E, KE>,
    f: Op<E, KE, F, KF>,
    g: Op<F, KF, G, KG>,
    h: Op<G, KG, H, KH>,
    i: Step<H, KH, R>,
  ): R;
}

/** A step to be added behind one or several streams. */
export interface NodeSpec {
  readonly verb: string;
  readonly body: NodeBody;
  readonly uid?: string;
  readonly was?: readonly string[];
  /** Whether a key, or event time, is known behind this node; default: as before it. */
  readonly keyed?: boolean;
  readonly timed?: boolean;
}

/** Adds a node behind `inputs` and returns the stream that leaves it. For operators. */
export function append<T, K>(inputs: readonly Stream<Anything, Anything>[], spec: NodeSpec): Stream<T, K> {
  const places = inputs.map((s) => s[place]);
  const { graph } = places[0]!;
  const keyed = spec.keyed ?? places.every((p) => p.keyed);
  const timed = spec.timed ?? places.every((p) => p.timed);
  const { verb, body, uid, was = [] } = spec;
  const node = graph.add({ verb, body, uid, was, inputs: places.map((p) => p.origin), keyed, timed });
  return streamAt({ graph, origin: { node, port: '' }, keyed, timed });
}

/** The stream that leaves a place. */
export function streamAt<T, K>(at: Place): Stream<T, K> {
  const stream = {
    [place]: at,
    pipe: (...steps: readonly ((s: unknown) => unknown)[]) => steps.reduce((s, step) => step(s), stream as unknown),
  };
  return Object.freeze(stream) as unknown as Stream<T, K>;
}

/** The named side output of the node that `stream` leaves. */
export function sideOf<X, K>(stream: Stream<Anything, K>, port: string): Stream<X, K> {
  const at = stream[place];
  return streamAt({ ...at, origin: { node: at.origin.node, port } });
}
