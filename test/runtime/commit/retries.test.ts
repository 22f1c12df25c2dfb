import { expect, test } from 'vitest';
import { type Retried, retriesOf } from '../../../runtime/commit/retries.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { minutes, seconds } from '../../../time/duration.ts';

test('of deliveries that are tried again the first is told at once, later ones every ten minutes', () => {
  const clock = new ManualClock();
  const told: Retried[] = [];
  const retried = retriesOf('rows', { clock, tell: (found) => told.push(found) });
  retried(new Error('code 632: odd'));
  expect(told).toEqual([{ origin: 'rows', reason: 'code 632: odd', retries: 1 }]);
  clock.advance(minutes(10) - seconds(1));
  retried(new Error('other'));
  expect(told).toHaveLength(1);
  clock.advance(seconds(1));
  retried(new Error('last'));
  expect(told.slice(1)).toEqual([{ origin: 'rows', reason: 'last', retries: 2 }]);
});
