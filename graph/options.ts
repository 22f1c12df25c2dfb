/** Checks of options that an author gives, when the job is built. All raise OPTION_INVALID. */
import { MillraceError } from '../errors.ts';

/** Refuses options that are given but no duration, which is a number from 0 on, infinity included. */
export function requireDurations(owner: string, options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, got] of Object.entries(options)) {
    if (got === undefined || (typeof got === 'number' && got >= 0)) continue;
    throw new MillraceError('OPTION_INVALID', { option, owner, got: String(got), expected: 'a duration from 0 on' });
  }
}

/** Refuses options that are given but not a positive number. */
export function requirePositive(owner: string, options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, got] of Object.entries(options)) {
    if (got === undefined || (Number.isFinite(got) && got > 0)) continue;
    throw new MillraceError('OPTION_INVALID', { option, owner, got: String(got), expected: 'a positive number' });
  }
}
