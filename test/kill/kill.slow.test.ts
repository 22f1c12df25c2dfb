import { expect, test } from 'vitest';
import { faultless } from '../simulation/check.ts';
import { campaign } from './kills.ts';

const kills = 16;

test(`killed ${kills} times with SIGKILL, a job over embedded parts leaves what it leaves when it is spared`, {
  timeout: 600_000,
}, async () => {
  const report = await campaign({ kills, seed: 1 });
  expect(report.verdict).toEqual(faultless);
  expect(report.kills).toHaveLength(kills);
  expect(report.compared).toBeGreaterThan(1_000);
  expect(report.kills.filter((kill) => kill.insideCommit).length * 2).toBeGreaterThanOrEqual(kills);
});
