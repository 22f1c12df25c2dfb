/**
 * What faults leave in the logs: lines that a service writes, or does not write, because of them. The simulation knows
 * which fault is behind each failed call, so the truth need not guess what a fault can have to do with.
 */
import type { Time } from '../time/duration.ts';
import type { Scheduled } from './faults.ts';
import type { ServiceName } from './shop.ts';

/** The traces of one fault or decoy. */
export interface Trace {
  /** The time of its first line. */
  first: Time;
  /** How many lines each service wrote, or withheld, because of it. */
  readonly lines: Map<ServiceName, number>;
}

/** The traces of a course of traffic, by fault or decoy. */
export class Traces {
  readonly #all = new Map<Scheduled, Trace>();

  /** Notes a line of `service`; without a fault there is nothing to note. */
  note(fault: Scheduled | undefined, service: ServiceName, time: Time): void {
    if (fault === undefined) return;
    let trace = this.#all.get(fault);
    if (trace === undefined) this.#all.set(fault, (trace = { first: time, lines: new Map() }));
    if (time < trace.first) trace.first = time;
    trace.lines.set(service, (trace.lines.get(service) ?? 0) + 1);
  }

  /** The traces of `fault`; undefined while it has left none. */
  of(fault: Scheduled): Trace | undefined {
    return this.#all.get(fault);
  }
}
