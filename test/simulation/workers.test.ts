import { describe, expect, test } from 'vitest';
import { campaign, Workers } from './workers.ts';

describe('workers that share a job', () => {
  test('one alone runs every stage and every partition', async () => {
    const workers = await Workers.make();
    workers.start();
    await workers.write(400);
    await workers.finish();
    expect(await workers.wrong()).toEqual([]);
    expect(workers.lives.map((life) => life.error)).toEqual([undefined]);
  });

  test('two join, one leaves: partitions change hands and nothing is lost or doubled', async () => {
    const workers = await Workers.make();
    workers.start();
    for (let round = 0; round < 12; round++) {
      await workers.write(50);
      if (round === 2 || round === 4) workers.start();
      if (round === 7) workers.lives[0]!.stop.abort();
      await workers.pass(1_500);
    }
    await workers.finish();
    expect(await workers.wrong()).toEqual([]);
    expect(workers.lives.map((life) => life.error)).toEqual([undefined, undefined, undefined]);
  });

  for (let seed = 1; seed <= 20; seed++) {
    test(`killed, frozen, replaced without knowing it: seed ${seed}`, { timeout: 60_000 }, async () => {
      const workers = await campaign(seed);
      expect(await workers.wrong()).toEqual([]);
    });
  }
});
