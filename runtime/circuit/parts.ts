/** What a circuit is built of: what it needs of its task, and what it calls when something arrives or goes wrong. */
import type { SinkSpec } from '../../graph/connector.ts';
import type { TaskState } from '../../state/store.ts';
import type { Clock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import type { Batch, Signal } from './element.ts';
import type { Poison } from './operate.ts';
import type { EventTimeMemory } from './times.ts';

/** The uids of operators, or all of them. */
export type Careful = ReadonlySet<string> | 'all';

/** Whether an operator is among them. */
export const isCareful = (careful: Careful, uid: string): boolean => careful === 'all' || careful.has(uid);

/** A batch at a sink. */
export interface Arrival {
  readonly batch: Batch;
  /** Whether its keys are slots. */
  readonly gated: boolean;
}

/** A value that no stream reads, and the index of the split of its batch; a timer has none. */
export interface Dropped {
  readonly value: unknown;
  readonly time: Time;
  readonly split?: number;
}

/** What a circuit needs, and what it calls. */
export interface CircuitParts {
  readonly store: TaskState;
  readonly clock: Clock;
  /** Keys held in memory per segment. */
  readonly cacheKeys: number;
  readonly splitName: (split: number) => string;
  readonly memory: Readonly<Record<string, EventTimeMemory>>;
  /** What `ended` returned in a former life. */
  readonly ended?: Readonly<Record<string, Time>> | undefined;
  /** The operators that are run carefully: a handler that throws changes no state in place. Default: all. */
  readonly careful?: Careful | undefined;
  readonly onData: (uid: string, sink: SinkSpec<unknown>, arrival: Arrival) => void;
  /** A signal arrived at a sink. */
  readonly onSignal?: (uid: string, signal: Signal) => void;
  /** The circuit broke: nothing more may be pushed or committed. */
  readonly onError: (error: unknown) => void;
  /** A value went to a side output. */
  readonly onSide: (uid: string, name: string) => void;
  /** A value was sent to a side output that no stream reads. */
  readonly onDropped: (uid: string, reason: string, record: Dropped) => void;
  /** Code of the job threw on a record. Throws if the task must fail. */
  readonly onPoison: (uid: string, poison: Poison) => void;
}
