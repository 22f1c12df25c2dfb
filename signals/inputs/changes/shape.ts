/** How a webhook is known and read: the contract of the files beside this one. */
import type { Intake } from '../intake.ts';
import type { Bag } from '../values.ts';
import type { ReportedChange } from './change.ts';

/** A shape in which changes are sent. */
export interface ChangeShape {
  readonly name: string;
  /** Whether an object is of this shape. */
  readonly fits: (bag: Bag) => boolean;
  /** Takes in the change, or passes over or refuses it; one of these, once. */
  readonly read: (bag: Bag, intake: Intake<ReportedChange>) => void;
}
