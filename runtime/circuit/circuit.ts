/**
 * A stage as running RxJS, built as its plan says: `source$.pipe(op1, op2, …)` for every chain, a Subject at every
 * source, a subscriber at every sink. A task pushes elements into the sources and takes what arrives at the sinks.
 */
import { type Observable, Subject, type Subscriber, share } from 'rxjs';
import { hasCode } from '../../errors.ts';
import type { SinkSpec } from '../../graph/connector.ts';
import type { NodePlan, Segment, Stage } from '../../graph/plan.ts';
import type { EventTimeOptions, Node, NodeBody, Origin } from '../../graph/stream.ts';
import type { KeySlot } from '../../state/entry.ts';
import { Journal } from '../../state/journal.ts';
import type { Key, KeyPart } from '../../state/key.ts';
import { KeyTable } from '../../state/key-table.ts';
import type { Delta } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { Time } from '../../time/duration.ts';
import { Context, sharedKey } from './context.ts';
import { type Batch, Collector, type Element, Sides } from './element.ts';
import { EventTimes } from './event-time.ts';
import { foldValues } from './fold.ts';
import { assignKeys, Gate, ungate } from './gate.ts';
import { asControl, mergeInputs } from './merge-inputs.ts';
import { type OnPoison, operate, type Running, Streak } from './operate.ts';
import { type CircuitParts, isCareful } from './parts.ts';
import { CircuitTimes, SenderTimes } from './times.ts';

/** A circuit, ready to be pushed into. */
export interface Circuit {
  /** By source uid. */
  readonly sources: ReadonlyMap<string, Subject<Element>>;
  readonly gates: readonly Gate[];
  readonly tables: readonly KeyTable[];
  readonly timers: readonly Timers[];
  /** How far event time has come, and what holds it. */
  readonly times: CircuitTimes;
  /** Records in and out by operator, those without a uid under their verb and number. */
  readonly counts: ReadonlyMap<string, Running['counts']>;
  /** Brings back what the store holds; to be awaited before anything is pushed. */
  restore(): Promise<void>;
  /** Of each operator, the time of the last timer that fired because its input had ended. */
  ended(): Readonly<Record<string, Time>>;
  /** Takes everything that changed in state and timers since the last time. */
  freeze(): readonly Delta[];
}

const hasEnded = ({ ended }: Running): boolean => ended > Number.NEGATIVE_INFINITY;

/** Builds the circuit of a stage; nothing flows until elements are pushed into its sources. */
export function buildCircuit(stage: Stage, parts: CircuitParts): Circuit {
  return new Wiring(stage, parts).circuit();
}

class Wiring {
  readonly #stage: Stage;
  readonly #parts: CircuitParts;
  readonly #sources = new Map<string, Subject<Element>>();
  readonly #gates: ReadonlyMap<Segment, Gate>;
  readonly #timers: Timers[] = [];
  readonly #shared: KeyTable;
  readonly #journal = new Journal();
  readonly #operators: Running[] = [];
  readonly #contexts: Context[] = [];
  readonly #times = new CircuitTimes();
  readonly #outputs = new Map<string, Observable<Element>>();
  readonly #sides = new Map<string, Subject<Element>>();
  readonly #counts = new Map<string, Running['counts']>();

  constructor(stage: Stage, parts: CircuitParts) {
    const { store, cacheKeys } = parts;
    this.#stage = stage;
    this.#parts = parts;
    this.#shared = new KeyTable(store, Number.POSITIVE_INFINITY, { journal: this.#journal });
    const gated = stage.segments.filter((segment) => segment.gated);
    const table = () => new KeyTable(store, cacheKeys, { journal: this.#journal });
    this.#gates = new Map(gated.map((segment) => [segment, new Gate(table())]));
  }

  circuit(): Circuit {
    for (const each of this.#stage.nodes) this.#publish(each, this.#wired(each));
    const gates = [...this.#gates.values()];
    const tables = [...gates.map((g) => g.table), this.#shared];
    const timers = this.#timers;
    return {
      sources: this.#sources,
      gates,
      tables,
      timers,
      times: this.#times,
      counts: this.#counts,
      restore: async () => {
        for (const table of tables) await table.warm();
        await Promise.all(timers.map((each) => each.restore(this.#parts.store)));
        for (const context of this.#contexts) await context.findUnswept(this.#parts.store);
        this.#shared.current = this.#shared.find(sharedKey)!;
      },
      ended: () => Object.fromEntries(this.#operators.filter(hasEnded).map(({ uid, ended }) => [uid, ended])),
      freeze: () => [...tables.flatMap((t) => t.freeze()), ...timers.flatMap((t) => t.freeze())],
    };
  }

  /** What leaves a node before the gate behind it; undefined for a sink, which ends here. */
  #wired(each: NodePlan): Observable<Element> | undefined {
    const { body } = each.node;
    switch (body.kind) {
      case 'source':
        return this.#source(each);
      case 'eventTime':
        // The next gate must see the watermarks that make its timers due, so the one before ends here.
        return this.#inputs(each, { asKeys: true })[0]!.pipe(this.#eventTime(each, body.options).operator);
      case 'keyBy': {
        const splitOf = body.bySplit ? this.#splitOf(each) : undefined;
        return this.#inputs(each)[0]!.pipe(assignKeys(body.key, splitOf, this.#poison(each.node)));
      }
      case 'union':
        return mergeInputs(this.#inputs(each, { asKeys: true }));
      case 'operator':
        return this.#operatorInput(each, body.control === true).pipe(operate(this.#running(each, body)));
      case 'sink':
        this.#sink(each, body.sink);
        return undefined;
    }
  }

  /** Makes a node's main output known to its readers. */
  #publish({ node, gate, segment, readers }: NodePlan, stream: Observable<Element> | undefined): void {
    if (stream === undefined) return;
    const gated = gate === 'behind' ? stream.pipe(this.#gates.get(segment)!.operator) : stream;
    this.#outputs.set(portName({ node: node.id, port: '' }), readers > 1 ? gated.pipe(share()) : gated);
  }

  /** The streams that a node reads; with `asKeys`, keys stand in place of a former gate's slots. */
  #inputs({ node, from }: NodePlan, { asKeys = false } = {}): Observable<Element>[] {
    return node.inputs.map((origin, i) => {
      const stream = this.#outputs.get(portName(origin))!;
      return asKeys && from[i]!.gated ? stream.pipe(ungate) : stream;
    });
  }

  #operatorInput(each: NodePlan, hasControl: boolean): Observable<Element> {
    const isLazy = each.gate === 'before';
    const [main, control] = this.#inputs(each, { asKeys: isLazy });
    if (hasControl) return mergeInputs([main!, asControl(control!)]);
    return isLazy ? main!.pipe(this.#gates.get(each.segment)!.operator) : main!;
  }

  /** A subject to push into. What another stage sent has its keys and its time already. */
  #source({ node, times: id, sources }: NodePlan): Observable<Element> {
    const subject = new Subject<Element>();
    this.#sources.set(node.uid!, subject);
    if (id === undefined) return subject;
    const times = new SenderTimes(id, this.#parts.memory[id]);
    this.#times.add(times, sources);
    return subject.pipe(times.operator);
  }

  /** Which split a value is from: the one that was read, or, where keys are by split already, the one in its key. */
  #splitOf({ node, from }: NodePlan): (batch: Batch, i: number) => string {
    const before = this.#stage.nodes.find((each) => each.node.id === node.inputs[0]!.node)!;
    if (!before.keyedBySplit) return (batch) => this.#parts.splitName(batch.split);
    const isSlot = from[0]!.gated;
    return ({ keys }, i) => {
      const key = isSlot ? (keys![i] as KeySlot).key : (keys![i] as Key);
      const [split] = key as readonly [string, KeyPart];
      return split;
    };
  }

  /** Where a side output goes: to the streams that read it, and to `onDropped` where none does. */
  #side({ node, sides }: NodePlan, port: string): Pick<Subscriber<Element>, 'next'> {
    const name = portName({ node: node.id, port });
    if (!sides.has(port)) return { next: (element) => this.#drop(node.uid ?? node.verb, port, element) };
    let side = this.#sides.get(name);
    if (side === undefined) {
      side = new Subject<Element>();
      this.#sides.set(name, side);
      this.#outputs.set(name, side);
    }
    return side;
  }

  #drop(uid: string, port: string, element: Element): void {
    if (element.kind !== 'data') return;
    const { values, times, length, split } = element;
    for (let i = 0; i < length; i++) this.#parts.onDropped(uid, port, { value: values[i], time: times[i]!, split });
  }

  #running(each: NodePlan, body: NodeBody & { readonly kind: 'operator' }): Running {
    const { node } = each;
    const uid = nameOf(node);
    const gate = this.#gates.get(each.segment);
    const out = new Collector(uid);
    const journal = this.#journal;
    const sides = new Sides(out, journal);
    const careful = isCareful(this.#parts.careful ?? 'all', uid);
    // A side that is read carries signals also if the operator never asks for it.
    for (const port of each.sides) sides.emitter(port, this.#side(each, port));
    const context = new Context({
      uid,
      gate,
      shared: this.#shared,
      out,
      watermark: () => Math.max(running.watermark, running.ended),
      isEnding: () => running.isEnding,
      isFiring: () => running.isFiring,
      journal,
      careful,
      side: (name) => sides.emitter(name, this.#side(each, name)),
    });
    const handlers = body.make(context);
    const running: Running = {
      uid,
      handlers,
      out,
      sides,
      keyed: gate && body.stateful ? { table: gate.table, timers: context.timers, expire: context.expire } : undefined,
      journal,
      careful,
      couldChange: () => context.couldChange(),
      poison: this.#poison(node),
      onSide: (name) => this.#parts.onSide(uid, name),
      onEndless: (timers) => this.#parts.onDropped(uid, 'endless', { value: { timers }, time: running.fired }),
      streak: new Streak(),
      timerStreak: new Streak(),
      signalStreak: new Streak(),
      resultStreak: new Streak(),
      watermark: Number.NEGATIVE_INFINITY,
      isEnding: false,
      fired: Number.NEGATIVE_INFINITY,
      isFiring: false,
      ended: (body.reopens === true ? undefined : this.#parts.ended?.[uid]) ?? Number.NEGATIVE_INFINITY,
      counts: { in: 0, out: 0 },
    };
    this.#counts.set(uid, running.counts);
    this.#operators.push(running);
    this.#contexts.push(context);
    this.#timers.push(context.timers, ...context.expiries.map((e) => e.timers));
    return running;
  }

  #eventTime(each: NodePlan, options: EventTimeOptions<unknown>): EventTimes {
    const eventTimes = new EventTimes({
      id: each.times!,
      options,
      clock: this.#parts.clock,
      nameOf: this.#parts.splitName,
      side: (name) => this.#side(each, name),
      memory: this.#parts.memory[each.times!],
      poison: this.#poison(each.node),
    });
    this.#times.add(eventTimes, each.sources);
    return eventTimes;
  }

  #poison(node: Node): OnPoison {
    const uid = nameOf(node);
    return (poison) => {
      // No record is at fault: the code is asynchronous and would fail on every one.
      if (hasCode(poison.error, 'PROMISE_REFUSED')) throw poison.error;
      this.#parts.onPoison(uid, poison);
    };
  }

  #sink(each: NodePlan, sink: SinkSpec<unknown>): void {
    const uid = each.node.uid!;
    const { gated } = each.from[0]!;
    const [input] = this.#inputs(each);
    const fold = sink.kind === 'exchange' ? sink.fold : undefined;
    const stream = fold === undefined ? input! : input!.pipe(foldValues(fold, this.#poison(each.node)));
    stream.subscribe({
      next: (element) => {
        try {
          if (element.kind === 'data') this.#parts.onData(uid, sink, { batch: element, gated });
          else this.#parts.onSignal?.(uid, element);
        } catch (error) {
          this.#parts.onError(error);
        }
      },
      error: (error) => this.#parts.onError(error),
    });
  }
}

/** Names a node's output; `port` is '' for the main one. */
const portName = ({ node, port }: Origin): string => `${node}/${port}`;

/** What a node is called in metrics and dead letters. */
export const nameOf = ({ uid, verb, id }: Node): string => uid ?? `${verb}#${id}`;
