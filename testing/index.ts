/**
 * The public test kit, `millrace/testing`: drive one operator by hand (`drive`), run operators over values
 * (`outputOf`), play a whole job by a script (`play`), and make ports fail (`withFaults`).
 */

export { type Drive, type DrivenSource, type DriveOptions, drive, type OpUnderTest, type Saved } from './drive.ts';
export {
  Crash,
  type Fault,
  type FaultPlan,
  type FaultStep,
  type Faults,
  type Odds,
  randomPlan,
  withFaults,
} from './faults.ts';
export { outputOf } from './output-of.ts';
export { type Played, type PlayOptions, play } from './play.ts';
export { mulberry32 } from './random.ts';
export {
  ADVANCE,
  CRASH,
  END,
  IDLE,
  PAUSE,
  type Script,
  UNKNOWN_OUTCOME,
  type Uncertain,
  type Verb,
  WAKE,
} from './script.ts';
export { VirtualClock } from './virtual-clock.ts';
