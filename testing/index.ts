/**
 * The public test kit, `millrace/testing`: one operator in the hand (`drive`), what operators make of values
 * (`outputOf`), a whole job on a script (`play`), and ports that fail (`withFaults`).
 */

export { type Drive, type DrivenSource, type DriveOptions, drive, type OpUnderTest, type Saved } from './drive.ts';
export { Crash, type Fault, type Faults, type Odds, type Plan, randomPlan, type Step, withFaults } from './faults.ts';
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
