/**
 * What tools put in front of a line on its way: a name and a bar, a pod and a container, the time at which a runtime
 * took it in. `find` sees where the line itself begins and costs next to nothing on a line without the wrapper, since
 * the joiner asks it, too; `note` keeps what the wrapper says, once it is known to be there.
 */
import type { Wrapping } from '../envelopes/envelope.ts';
import type { Mark } from './mark.ts';

/** What stands in front of a line. */
export interface Wrapper {
  readonly name: string;
  /** Where the line begins behind the wrapper at `at`, or -1; sets the name's place in `mark` if there is a name. */
  readonly find: (line: string, at: number, mark: Mark) => number;
  /** Keeps what the wrapper says that was just found. */
  readonly note: (line: string, mark: Mark, wrapping: Wrapping) => void;
}
