/**
 * Walks one click through the call graph. Every call picks a pod, takes its time, writes its lines, and may fail: of
 * the service's condition, of ordinary bad luck, or because a call that it needs has failed. Failures travel up to
 * the ingress as they do in a shop; a service that can do without answers with less and says so.
 */
import type { Time } from '../time/duration.ts';
import { type Cause, declined, type Failure, failuresOf, hiccup, missed, needed } from './failures.ts';
import type { Condition, Scheduled } from './faults.ts';
import type { Entry, Pod, Write } from './formats.ts';
import { type Operation, operations, type Statement } from './operations.ts';
import type { Sink } from './output.ts';
import type { Random } from './random.ts';
import { type Call, indexOf, type Journey, type Service } from './shop.ts';
import type { Traces } from './traces.ts';
import type { Visit } from './visit.ts';

/** Factors on how often the ordinary happens to a service: 0 is never, infinity always. */
export interface Luck {
  failures: number;
  oddities: number;
  hiccups: number;
}

/** A service while it runs. */
export interface Site {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly condition: Condition;
  readonly write: Write;
  readonly luck: Luck;
}

/** A call of the graph with everything looked up. */
export interface Step {
  readonly site: Site;
  readonly operation: Operation;
  readonly critical: boolean;
  readonly steps: readonly Step[];
  readonly failures: Readonly<Record<Cause, Failure>>;
  readonly needed: Statement | undefined;
  readonly missed: Statement | undefined;
  readonly declined: Statement;
  readonly hiccup: Statement;
}

/** The steps of a journey over the running `sites`. */
export function stepsOf(journey: Journey, sites: readonly Site[]): Step {
  const compile = (call: Call): Step => {
    const site = sites[indexOf(call.service)] as Site;
    const runtime = site.service.runtime;
    return {
      site,
      operation: operations[`${call.service}.${call.operation}`] as Operation,
      critical: call.critical,
      steps: call.calls.map(compile),
      failures: failuresOf(runtime),
      needed: needed(runtime),
      missed: missed(runtime),
      declined: declined(runtime),
      hiccup: hiccup(runtime),
    };
  };
  return compile(journey.root);
}

/** One call in progress: which pod serves it, under which span, and what time it is there. */
interface Turn {
  readonly step: Step;
  readonly pod: Pod;
  readonly span: string;
  time: Time;
}

/** No call works longer on its own: clients give up. */
const patienceMs = 8_000;
const trembles = 4_096;
/** So often a call takes a second try. */
export const hiccupShare = 1 / 2_048;

/** Simulates clicks; everything they log goes to the output. */
export class Walker {
  readonly #output: Sink;
  readonly #traces: Traces;
  readonly #random: Random;
  readonly #visit: Visit;
  readonly #entry: Entry;
  /** Log-normal factors on durations, drawn once. */
  readonly #tremble: Float64Array;
  /** What the last call answered, and what is behind it if that is a failure. */
  #status = 200;
  #behind: Scheduled | undefined;

  /** Lines are written through `entry`, about its visit; what faults leave in them is noted in `traces`. */
  constructor(output: Sink, entry: Entry, traces: Traces) {
    const random = entry.visit.random;
    this.#output = output;
    this.#traces = traces;
    this.#random = random;
    this.#visit = entry.visit;
    this.#entry = entry;
    this.#tremble = Float64Array.from({ length: trembles }, () => Math.min(9, Math.exp(0.45 * random.normal())));
  }

  /** One click at `time` on the journey that begins with `step`; returns what it answered. */
  walk(step: Step, time: Time): number {
    this.#call(step, time);
    return this.#status;
  }

  /** Makes the call and returns when it has ended; `#status` says how. */
  #call(step: Step, start: Time): Time {
    const { operation, site } = step;
    const draw = this.#random.next();
    const index = draw % site.pods.length;
    const span = this.#random.hex(16);
    const turn: Turn = { step, pod: site.pods[index] as Pod, span, time: start };
    const own = operation.ms * site.condition.slower * (this.#tremble[(draw >>> 8) & (trembles - 1)] as number);
    this.#visit.ms = Math.round(own);
    for (let i = 0; i < operation.before.length; i++) this.#say(turn, operation.before[i] as Statement);
    turn.time += Math.floor(Math.min(patienceMs, own));
    if (draw >>> 21 < site.luck.hiccups && operation.relays !== true) this.#say(turn, step.hiccup);

    const failure = this.#mishap(step, index);
    const status = failure === undefined ? this.#ask(turn) : this.#fail(turn, failure);
    this.#status = status;
    this.#visit.ms = turn.time - start;
    this.#visit.status = status;
    if (operation.relays === true || (failure === undefined && status < 400)) this.#finish(turn);
    return turn.time;
  }

  /** Makes the calls that this one needs and returns what it will answer. */
  #ask(turn: Turn): number {
    const steps = turn.step.steps;
    for (let i = 0; i < steps.length; i++) {
      const next = steps[i] as Step;
      const asked = turn.time;
      turn.time = this.#call(next, turn.time + 1) + 1;
      const answer = this.#status;
      if (answer < 400 || (answer < 500 && !next.critical)) continue;
      this.#visit.peer = next.site.service.name;
      this.#visit.ms = turn.time - asked;
      if (!next.critical) {
        if (turn.step.missed !== undefined) this.#sayWhy(turn, turn.step.missed);
        continue;
      }
      if (turn.step.operation.relays !== true && answer < 500) this.#say(turn, turn.step.declined);
      if (answer >= 500 && turn.step.needed !== undefined) this.#sayWhy(turn, turn.step.needed);
      return answer === 500 ? 502 : answer;
    }
    return 200;
  }

  /** Why this call is to fail, if it is. */
  #mishap(step: Step, pod: number): Failure | undefined {
    const { condition, service, luck } = step.site;
    const draw = this.#random.float();
    if (draw < condition.share && pod >= condition.firstPod && pod < condition.lastPod) {
      this.#visit.peer = condition.peer;
      this.#behind = condition.failsBy;
      return step.failures[condition.cause];
    }
    const ordinary = service.errorShare * luck.failures;
    if (1 - draw >= ordinary * condition.restless) return undefined;
    // What would have failed anyway has no fault behind it.
    this.#behind = 1 - draw < ordinary ? undefined : condition.restlessBy;
    return step.failures.ordinary;
  }

  /** Says how the call fails of itself, and returns what it answers. */
  #fail(turn: Turn, failure: Failure): number {
    const began = turn.time;
    for (let i = 0; i < failure.retries; i++) {
      if (failure.retry !== undefined) this.#say(turn, failure.retry);
      turn.time += failure.ms * (i + 1);
    }
    turn.time += failure.ms + this.#random.int(12);
    this.#visit.ms = turn.time - began;
    if (failure.says.length > 0) this.#sayWhy(turn, this.#random.pick(failure.says));
    const contained = turn.step.site.service.contained === true && failure === turn.step.failures.ordinary;
    return contained ? 200 : failure.status;
  }

  /** The last lines of a call that went well, or of one that answers for others. */
  #finish(turn: Turn): void {
    const { after, oddity } = turn.step.operation;
    if (oddity !== undefined && this.#random.float() < oddity.share * turn.step.site.luck.oddities) {
      this.#status = oddity.status;
      this.#say(turn, oddity.says);
      return;
    }
    // A web server says by its access line alone that a call has failed; others have said it already.
    const isTold = this.#status < 500 || turn.step.needed !== undefined;
    const says = isTold ? this.#say : this.#sayWhy;
    for (let i = 0; i < after.length; i++) says.call(this, turn, after[i] as Statement);
  }

  /** Says something about a failure, which leaves a trace of what is behind it. */
  #sayWhy(turn: Turn, says: Statement): void {
    this.#traces.note(this.#behind, turn.step.site.service.name, turn.time);
    this.#say(turn, says);
  }

  #say(turn: Turn, says: Statement): void {
    const site = turn.step.site;
    if (site.condition.silent) return this.#traces.note(site.condition.silentBy, site.service.name, turn.time);
    const entry = this.#entry;
    entry.says = says;
    entry.pod = turn.pod;
    entry.span = turn.span;
    entry.time = turn.time;
    this.#output.write(entry, site.write);
  }
}
