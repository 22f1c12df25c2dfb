/** WALK_STEPS and WALK_SEED ask for another walk, as `npm run walks` does. */
import { expect, test } from 'vitest';
import { mulberry32 } from '../../testing/random.ts';
import { walkIdleness } from './idle-walk.ts';

const steps = Number(process.env['WALK_STEPS'] ?? 4_000);
const seed = Number(process.env['WALK_SEED'] ?? 14);

test(`over ${steps} steps of idleness no punctual record is late, and event time goes on`, async () => {
  const { timed, taken } = await walkIdleness(mulberry32(seed), steps);
  expect(timed).toBeGreaterThan(steps / 5);
  expect(taken.size).toBe(6);
}, 600_000);
