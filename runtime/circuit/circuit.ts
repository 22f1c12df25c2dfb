import { type Observable, Subject, share } from 'rxjs';
import type { SinkSpec } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { controlSources, hasState } from '../../graph/reach.ts';
import { statesOf } from '../../graph/states.ts';
import type { Node, Origin } from '../../graph/stream.ts';
import type { KeySlot } from '../../state/entry.ts';
import type { Key, KeyPart } from '../../state/key.ts';
import { KeyTable } from '../../state/key-table.ts';
import type { Delta, TaskState } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { Clock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { Collector, Sides } from './collector.ts';
import { Context, sharedKey } from './context.ts';
import type { Batch, Element, Signal } from './element.ts';
import { type EventTimeMemory, EventTimes, type Times } from './event-time.ts';
import { foldValues } from './fold.ts';
import { Gate, ungate } from './gate.ts';
import { assignKeys } from './key-by.ts';
import { asControl, mergeInputs } from './merge-inputs.ts';
import { operate, type Running } from './operate.ts';
import { type OnPoison, type Poison, Streak } from './poison.ts';
import { portName, SideOutputs } from './side-outputs.ts';
import { UpstreamTimes } from './upstream-times.ts';

/**
 * A job's graph as running RxJS: `source$.pipe(op1, op2, …)` for every chain, a Subject at every source, a subscriber
 * at every sink. Whoever holds the circuit pushes elements into its sources and finds them at its sinks.
 */
export interface Circuit {
  /** By source uid. */
  readonly sources: ReadonlyMap<string, Subject<Element>>;
  /** Sources that only feed the control input of a broadcast: read whole before the others. */
  readonly controls: ReadonlySet<string>;
  readonly gates: readonly Gate[];
  readonly tables: readonly KeyTable[];
  readonly timers: readonly Timers[];
  readonly eventTimes: readonly Times[];
  /** Which eventTime follows which source; used to read the split first that is furthest behind. */
  readonly eventTimesOf: ReadonlyMap<string, readonly Times[]>;
  /** Records in and out by operator, those without a uid under their verb and number. */
  readonly counts: ReadonlyMap<string, Running['counts']>;
  /** Brings back what the store holds; to be awaited before anything is pushed. */
  restore(): Promise<void>;
  /** Takes everything that changed in state and timers since the last time. */
  freeze(): readonly Delta[];
}

/** What a circuit needs and whom it tells. */
export interface CircuitParts {
  readonly store: TaskState;
  readonly clock: Clock;
  /** Keys held in memory per segment. */
  readonly cacheKeys: number;
  readonly splitName: (split: number) => string;
  readonly memory: Readonly<Record<string, EventTimeMemory>>;
  readonly onData: (uid: string, sink: SinkSpec<unknown>, batch: Batch, gated: boolean) => void;
  /** A signal arrived at a sink. */
  readonly onSignal?: (uid: string, signal: Signal) => void;
  /** The circuit broke: nothing more may be pushed or committed. */
  readonly onError: (error: unknown) => void;
  /** A value went to a side output. */
  readonly onSide: (uid: string, name: string) => void;
  /** A value that nobody wants: sent to an unread side output. */
  readonly onDropped: (uid: string, reason: string, value: unknown, time: Time) => void;
  /** Code of the job threw on a record. Throws if the task must fail. */
  readonly onPoison: (uid: string, poison: Poison) => void;
}

/** Builds the circuit of a job; nothing flows until elements are pushed into its sources. */
export function buildCircuit(job: Job, parts: CircuitParts): Circuit {
  return new Wiring(job, parts).circuit();
}

class Wiring {
  readonly #job: Job;
  readonly #parts: CircuitParts;
  readonly #sources = new Map<string, Subject<Element>>();
  readonly #gates: Gate[] = [];
  readonly #timers: Timers[] = [];
  readonly #shared: KeyTable;
  readonly #eventTimes: Times[] = [];
  readonly #outputs = new Map<string, Observable<Element>>();
  readonly #sides: SideOutputs;
  /** The gate whose slots a stream's keys are; undefined where they are keys. */
  readonly #gateOf = new Map<number, Gate | undefined>();
  readonly #sourcesOf = new Map<number, readonly string[]>();
  readonly #eventTimesOf = new Map<string, Times[]>();
  readonly #counts = new Map<string, Running['counts']>();

  constructor(job: Job, parts: CircuitParts) {
    this.#job = job;
    this.#parts = parts;
    this.#shared = new KeyTable(parts.store, Number.POSITIVE_INFINITY);
    this.#sides = new SideOutputs(job.nodes, parts.onDropped, (name, side) => this.#outputs.set(name, side));
  }

  circuit(): Circuit {
    for (const node of this.#job.nodes) this.#wire(node);
    const tables = [...this.#gates.map((g) => g.table), this.#shared];
    const timers = this.#timers;
    return {
      sources: this.#sources,
      controls: controlSources(this.#job.nodes),
      gates: this.#gates,
      tables,
      timers,
      eventTimes: this.#eventTimes,
      eventTimesOf: this.#eventTimesOf,
      counts: this.#counts,
      restore: async () => {
        for (const table of tables) await table.warm();
        await Promise.all(timers.map((each) => each.restore(this.#parts.store)));
        this.#shared.current = this.#shared.find(sharedKey)!;
      },
      freeze: () => [...tables.flatMap((t) => t.freeze()), ...timers.flatMap((t) => t.freeze())],
    };
  }

  #wire(node: Node): void {
    const { body } = node;
    if (body.kind === 'source') {
      const subject = new Subject<Element>();
      this.#sources.set(node.uid!, subject);
      this.#sourcesOf.set(node.id, [node.uid!]);
      return this.#publish(node, body.source.kind === 'exchange' ? this.#received(node, subject) : subject);
    }
    const [first] = node.inputs;
    this.#gateOf.set(node.id, this.#gateAt(first!));
    this.#sourcesOf.set(
      node.id,
      node.inputs.flatMap((i) => this.#sourcesOf.get(i.node)!),
    );
    switch (body.kind) {
      case 'eventTime': {
        // A gate must see the watermarks that make its timers due, so one that stands before them is left.
        const timed = this.#ungated(first!).pipe(this.#eventTime(node).operator);
        return this.#publish(node, this.#gated(node, timed));
      }
      case 'keyBy': {
        const splitOf = body.bySplit ? this.#splitOf(first!) : undefined;
        const keyed = this.#input(first!).pipe(assignKeys(body.key, splitOf, this.#poison(node)));
        return this.#publish(node, this.#gated(node, keyed));
      }
      case 'union': {
        const merged = mergeInputs(node.inputs.map((i) => this.#ungated(i)));
        return this.#publish(node, node.keyed ? this.#gated(node, merged) : merged);
      }
      case 'operator':
        return this.#publish(node, this.#operatorInput(node).pipe(operate(this.#running(node))));
      case 'sink':
        return this.#sink(node, body.sink);
    }
  }

  /** Which split a value is from: the one that was read, or, where keys are by split already, the one in its key. */
  #splitOf({ node }: Origin): (batch: Batch, i: number) => string {
    let at = this.#job.nodes[node]!;
    while (at.body.kind !== 'keyBy' && at.inputs.length > 0) at = this.#job.nodes[at.inputs[0]!.node]!;
    if (at.body.kind !== 'keyBy' || !at.body.bySplit) return (batch) => this.#parts.splitName(batch.split);
    return ({ keys }, i) => {
      const key = keys![i] as Key | KeySlot;
      const [split] = (typeof key === 'object' && 'cells' in key ? key.key : key) as readonly [string, KeyPart];
      return split;
    };
  }

  /** What another stage sent has its keys and its time. */
  #received(node: Node, subject: Subject<Element>): Observable<Element> {
    const uid = node.uid!;
    const times = new UpstreamTimes(`${uid}#0`, this.#parts.memory[`${uid}#0`]);
    this.#eventTimesOf.set(uid, [times]);
    this.#eventTimes.push(times);
    return this.#gated(node, subject.pipe(times.operator));
  }

  /** Makes a stream known to what follows it, split among several readers where there are several. */
  #publish(node: Node, stream: Observable<Element>): void {
    const readers = this.#job.nodes.flatMap((n) => n.inputs).filter((i) => i.node === node.id && i.port === '');
    this.#outputs.set(portName({ node: node.id, port: '' }), readers.length > 1 ? stream.pipe(share()) : stream);
  }

  #input(origin: Origin): Observable<Element> {
    return this.#outputs.get(portName(origin))!;
  }

  /** Puts a gate behind a point where keys are new, if any state follows before they change again. */
  #gated(node: Node, keyed: Observable<Element>): Observable<Element> {
    this.#gateOf.set(node.id, undefined);
    return hasState(this.#job.nodes, node.id) ? keyed.pipe(this.#newGate(node).operator) : keyed;
  }

  #newGate(node: Node): Gate {
    const gate = new Gate(new KeyTable(this.#parts.store, this.#parts.cacheKeys));
    this.#gates.push(gate);
    this.#gateOf.set(node.id, gate);
    return gate;
  }

  /** The gate whose slots the keys of a stream are. Side outputs of eventTime leave before its gate. */
  #gateAt({ node, port }: Origin): Gate | undefined {
    return port !== '' && this.#job.nodes[node]!.body.kind === 'eventTime' ? undefined : this.#gateOf.get(node);
  }

  /** The stream with keys in place of another gate's slots. */
  #ungated(origin: Origin): Observable<Element> {
    const stream = this.#input(origin);
    return this.#gateAt(origin) === undefined ? stream : stream.pipe(ungate);
  }

  #operatorInput(node: Node): Observable<Element> {
    const [main, control] = node.inputs;
    if (control !== undefined) return mergeInputs([this.#input(main!), asControl(this.#input(control))]);
    // A lazy map must see the very values it is to prefetch for, so it gets a gate of its own.
    if (!statesOf(node).some((s) => s.kind === 'lazy map')) return this.#input(main!);
    return this.#ungated(main!).pipe(this.#newGate(node).operator);
  }

  #running(node: Node): Running {
    const { body } = node;
    if (body.kind !== 'operator') throw new Error(`node ${node.verb} is no operator`);
    const uid = node.uid ?? `${node.verb}#${node.id}`;
    const gate = node.keyed ? this.#gateOf.get(node.id) : undefined;
    const out = new Collector();
    const sides = new Sides(out);
    // A side that is read carries signals also if the operator never asks for it.
    for (const port of this.#sides.read(node)) sides.emitter(port, this.#sides.reader(node, port));
    const context = new Context({
      uid,
      gate,
      shared: this.#shared,
      out,
      watermark: () => running.watermark,
      side: (name) => {
        const emit = sides.emitter<unknown>(name, this.#sides.reader(node, name));
        return (value) => {
          this.#parts.onSide(uid, name);
          emit(value);
        };
      },
    });
    const handlers = body.make(context);
    const running: Running = {
      uid,
      handlers,
      out,
      sides,
      keyed: gate && body.stateful ? { table: gate.table, timers: context.timers, expire: context.expire } : undefined,
      poison: this.#poison(node),
      streak: new Streak(),
      timerStreak: new Streak(),
      watermark: Number.NEGATIVE_INFINITY,
      counts: { in: 0, out: 0 },
    };
    this.#counts.set(uid, running.counts);
    this.#timers.push(context.timers, ...context.expiries.map((e) => e.timers));
    return running;
  }

  #eventTime(node: Node): EventTimes {
    if (node.body.kind !== 'eventTime') throw new Error(`node ${node.verb} is no eventTime`);
    const sources = this.#sourcesOf.get(node.id)!;
    const id = `${sources[0]}#${this.#eventTimesOf.get(sources[0]!)?.length ?? 0}`;
    const eventTimes = new EventTimes({
      id,
      options: node.body.options,
      clock: this.#parts.clock,
      nameOf: this.#parts.splitName,
      side: (name) => this.#sides.reader(node, name),
      memory: this.#parts.memory[id],
      poison: this.#poison(node),
    });
    for (const uid of new Set(sources))
      this.#eventTimesOf.set(uid, [...(this.#eventTimesOf.get(uid) ?? []), eventTimes]);
    this.#eventTimes.push(eventTimes);
    return eventTimes;
  }

  #poison(node: Node): OnPoison {
    const uid = node.uid ?? `${node.verb}#${node.id}`;
    return (poison) => this.#parts.onPoison(uid, poison);
  }

  #sink(node: Node, sink: SinkSpec<unknown>): void {
    const uid = node.uid!;
    const origin = node.inputs[0]!;
    const gated = this.#gateAt(origin) !== undefined;
    const fold = sink.kind === 'exchange' ? sink.fold : undefined;
    const stream =
      fold === undefined ? this.#input(origin) : this.#input(origin).pipe(foldValues(fold, this.#poison(node)));
    stream.subscribe({
      next: (element) => {
        if (element.kind === 'data') this.#parts.onData(uid, sink, element, gated);
        else this.#parts.onSignal?.(uid, element);
      },
      error: (error) => this.#parts.onError(error),
    });
  }
}
