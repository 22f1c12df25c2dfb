/** A sample of the list is killed, and the script tells killed mutants from those that prove nothing. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mulberry32 } from '../../testing/random.ts';
import { mutants } from './list.ts';
import type { Mutant } from './mutant.ts';
import { Trial } from './trial.ts';

const root = join(import.meta.dirname, '..', '..');

let trial: Trial;
beforeAll(() => {
  trial = new Trial(root);
});
afterAll(() => trial.end());

const mutant = (rest: Partial<Mutant>): Mutant => ({
  rule: 'bytes are divided from bits',
  file: 'time/floor.ts',
  from: '/** ',
  to: '/** ',
  killedBy: ['test/time/floor.test.ts'],
  ...rest,
});

/** One of each room would take minutes; each change of the list draws others. */
const isCheap = ({ killedBy }: Mutant) =>
  killedBy.every((test) => /^(?!.*(slow|server)\.test).*\.test\.ts$/.test(test));
const random = mulberry32(mutants.length);
const cheap = mutants.filter(isCheap);
const sample = Array.from({ length: 2 }, () => cheap[Math.floor(random() * cheap.length)]!);

/** A mutant that makes its tests hang is killed when their own time is up. */
const patience = 300_000;

test.each(sample.map((drawn) => [drawn.rule, drawn] as const))(
  'is killed: %s',
  async (_, drawn) => {
    expect(await trial.failuresOf(drawn.killedBy)).toEqual([]);
    expect(await trial.of(drawn)).toMatchObject({ verdict: 'killed' });
  },
  patience,
);

test('a change that no test notices survives, and leaves the copy as it was', async () => {
  const harmless = mutant({ from: 'export ', to: '/* harmless */ export ' });
  expect(await trial.of(harmless)).toEqual({ verdict: 'survived', detail: '' });
});

test('a line that is not there, and a file that does not load, prove nothing', async () => {
  expect(await trial.of(mutant({ from: 'no such line', to: '' }))).toMatchObject({ verdict: 'does not apply' });
  expect(await trial.of(mutant({ killedBy: ['test/time/none.test.ts'] }))).toMatchObject({ verdict: 'does not apply' });
  expect(await trial.of(mutant({ from: 'export ', to: 'export } ' }))).toMatchObject({ verdict: 'does not load' });
});
