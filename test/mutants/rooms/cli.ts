/** Rules of the command and its settings. */
import type { Mutant } from '../mutant.ts';

export const commands: readonly Mutant[] = [
  {
    rule: 'a setting that is to be positive is',
    file: 'cli/settings/schema.ts',
    from: 'const positive = z.number().positive();',
    to: 'const positive = z.number();',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'a setting that counts is whole and positive',
    file: 'cli/settings/schema.ts',
    from: 'const whole = z.number().int().positive();',
    to: 'const whole = z.number().int();',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'a setting that counts is whole',
    file: 'cli/settings/schema.ts',
    from: 'const whole = z.number().int().positive();',
    to: 'const whole = z.number().positive();',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'a share is not below zero',
    file: 'cli/settings/schema.ts',
    from: 'z.number().min(0).max(1)',
    to: 'z.number().max(1)',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'a share is not above one',
    file: 'cli/settings/schema.ts',
    from: 'z.number().min(0).max(1)',
    to: 'z.number().min(0)',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'the least ratio is at least one',
    file: 'cli/settings/schema.ts',
    from: 'minimum_ratio: z.number().min(1)',
    to: 'minimum_ratio: z.number()',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'the least excess is not negative',
    file: 'cli/settings/schema.ts',
    from: 'minimum_excess: z.number().min(0)',
    to: 'minimum_excess: z.number()',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'a duration that must last does',
    file: 'cli/settings/schema.ts',
    from: "durationOrNone.refine((ms) => ms > 0, 'must be longer than nothing')",
    to: 'durationOrNone',
    killedBy: ['test/cli/settings/bounds.test.ts'],
  },
  {
    rule: 'what is stored is closed to other users',
    file: 'cli/settings/private-files.ts',
    from: '  chmodSync(path, found.mode & 0o700);\n',
    to: '',
    killedBy: ['test/cli/settings/private-files.test.ts'],
  },
  {
    rule: 'what is made from here on is closed to other users',
    file: 'cli/settings/private-files.ts',
    from: 'if (isMainThread) process.umask(0o077);',
    to: '',
    killedBy: ['test/cli/settings/private-files.test.ts'],
  },
];
