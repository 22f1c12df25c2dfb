import { expect, test } from 'vitest';
import type { Service, Snapshot } from '../../console/snapshot.ts';
import { domainOf } from '../../console/time-domain.ts';

const minute = 60_000;
const at = (now: number, ...starts: readonly number[]) =>
  domainOf({ now, services: starts.map((t) => ({ series: { t: [t] } }) as unknown as Service) } as unknown as Snapshot);

test('the span is what there is, between ten minutes and an hour', () => {
  const now = 500 * minute;
  expect(at(now)).toEqual({ from: now - 10 * minute, to: now });
  expect(at(now, now - minute)).toEqual({ from: now - 10 * minute, to: now });
  expect(at(now, now - 20 * minute, now - 5 * minute)).toEqual({ from: now - 20 * minute, to: now });
  expect(at(now, now - 90 * minute)).toEqual({ from: now - 60 * minute, to: now });
});
