import { expect, test } from 'vitest';
import { faultless } from '../simulation/check.ts';
import { campaign } from './kills.ts';

test.each([
  { job: 'shops', kills: 16, least: 1_000 },
  { job: 'incidents', kills: 8, least: 300 },
] as const)(
  'killed $kills times with SIGKILL, the job $job over embedded parts leaves what it leaves when it is spared',
  {
    timeout: 600_000,
  },
  async ({ job, kills, least }) => {
    const report = await campaign({ job, kills, seed: 1 });
    expect(report.verdict).toEqual(faultless);
    expect(report.kills).toHaveLength(kills);
    expect(report.compared).toBeGreaterThan(least);
    expect(report.kills.filter((kill) => kill.insideCommit).length * 2).toBeGreaterThanOrEqual(kills);
  },
);
