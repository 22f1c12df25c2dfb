import { describe, expect, test } from 'vitest';
import { type Weaken, withoutMark, withoutOutbox } from './weaken.ts';
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

  for (let seed = 1; seed <= 12; seed++) {
    test(`killed, frozen, replaced without knowing it: seed ${seed}`, { timeout: 60_000 }, async () => {
      const workers = await campaign(seed);
      expect(await workers.wrong()).toEqual([]);
    });
  }
});

/** What campaigns report with a protection switched off, over a few seeds. */
async function reported(weaken: Weaken): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (let seed = 1; seed <= 6; seed++) wrong.push(...(await (await campaign(seed, weaken)).wrong()));
  return wrong;
}

describe('with a protection switched off the same campaigns report', () => {
  test('loss, when the outbox is forgotten', { timeout: 120_000 }, async () => {
    expect((await reported(withoutOutbox)).some((text) => / 0 times$/.test(text))).toBe(true);
  });

  test('doubled or lost records, when the mark is ignored', { timeout: 120_000 }, async () => {
    expect(await reported(withoutMark)).not.toEqual([]);
  });
});
