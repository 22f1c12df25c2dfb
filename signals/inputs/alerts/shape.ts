/** How a webhook of alerts is known and read: the contract of the files beside this one. */
import type { Intake } from '../intake.ts';
import type { Bag } from '../values.ts';
import type { Alert } from './alert.ts';

/** A shape in which alerts are sent. */
export interface AlertShape {
  readonly name: string;
  /** Whether an object is of this shape. */
  readonly fits: (bag: Bag) => boolean;
  /** Takes in its alerts, or passes over or refuses each. */
  readonly read: (bag: Bag, intake: Intake<Alert>) => void;
}
