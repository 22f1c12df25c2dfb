/** A sample of the campaign that `npm run chaos` runs at length, and its negative controls. */
import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';
import { controls } from './controls.ts';
import { faultsOf, summaryOf } from './summary.ts';

const kills = 30;

test(`killed ${kills} times amid everything else that can go wrong, workers on real servers lose and double nothing`, {
  timeout: 900_000,
}, async () => {
  const report = await campaign({ kills, seed: 1 });
  const { lost, doubled, rows_differ } = summaryOf(report);
  expect({ lost, doubled, rows_differ }).toEqual({ lost: 0, doubled: 0, rows_differ: 0 });
  expect(faultsOf(report, { complete: false })).toEqual([]);
  expect(report.kills).toHaveLength(kills);
  expect(report.verdict.compared).toBeGreaterThan(1_000);
  // Which rows are hit depends on time; most are, always.
  expect(report.missed.length).toBeLessThanOrEqual(6);
});

// `npm run chaos -- --without outbox` and `mark` are as telling, but need more time than a test may take.
for (const without of ['token', 'fence'] as const) {
  test(`without its ${without} the same job loses or doubles records`, { timeout: 600_000 }, async () => {
    const report = await campaign({ kills: 0, seed: 1, without, acts: controls[without] });
    expect(report.verdict.lost + report.verdict.doubled).toBeGreaterThan(0);
  });
}
