import { MillraceError } from '../errors.ts';

/** Refuses options that are given but not a positive number. */
export function requirePositive(owner: string, options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, got] of Object.entries(options)) {
    if (got === undefined || (Number.isFinite(got) && got > 0)) continue;
    throw new MillraceError('OPTION_INVALID', { option, owner, got, expected: 'a positive number' });
  }
}
