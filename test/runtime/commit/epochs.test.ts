/** What an owner of a task does in which order, and what it must not take for its own. */
import { expect, test } from 'vitest';
import { covers } from '../../../runtime/commit/lanes.ts';
import type { ChunkInfo } from '../../../tables/tables.ts';
import { archive, shops } from '../../simulation/jobs.ts';
import { lives, nth } from '../../simulation/runs.ts';
import { filled, live, type WorldPorts } from '../../simulation/world.ts';

/** Ports whose inserts and commits are written down. */
function noting(): {
  readonly chunks: ChunkInfo[];
  readonly commits: { readonly id: string; readonly epoch: number }[];
  weaken(ports: WorldPorts): WorldPorts;
} {
  const chunks: ChunkInfo[] = [];
  const commits: { id: string; epoch: number }[] = [];
  return {
    chunks,
    commits,
    weaken: ({ topics, state, tables }) => ({
      topics,
      tables: {
        ...tables,
        insert(table, ndjson, chunk) {
          chunks.push(chunk);
          return tables.insert(table, ndjson, chunk);
        },
      },
      state: {
        ...state,
        async open(...given) {
          const mine = await state.open(...given);
          return {
            ...mine,
            commit(commit) {
              commits.push({ id: commit.meta.commitId, epoch: commit.meta.epoch });
              return mine.commit(commit);
            },
          };
        },
      },
    }),
  };
}

test.each([shops, archive])(
  'a chunk of $name is said to be sent again when a former owner may have sent it, and only then',
  async (job) => {
    const { chunks, weaken } = noting();
    const world = await filled(weaken);
    await lives(world, job, [nth('tables.insert', 1, 'crash after')]);
    const sent = new Map<string, (boolean | undefined)[]>();
    for (const { token, again } of chunks) sent.set(token, [...(sent.get(token) ?? []), again]);
    const twice = [...sent.values()].filter((times) => times.length > 1);
    expect(twice.length).toBeGreaterThan(0);
    for (const times of twice) expect(times).toEqual([false, true]);
  },
);

test.each([
  [shops, 'topics.transact'],
  [archive, 'tables.insert'],
] as const)('no epoch is delivered before it is confirmed: %#', async (job, delivery) => {
  const { faults } = await live(await filled(), job);
  const steps = faults.steps.filter((name) => name === 'state.commit' || name === 'state.confirm' || name === delivery);
  expect(steps.filter((name) => name === delivery).length).toBeGreaterThan(3);
  // What an epoch delivers begins behind its confirmation, which follows its commit.
  let confirmed = true;
  for (const name of steps) {
    if (name !== delivery) confirmed = name === 'state.confirm';
    else expect(confirmed).toBe(true);
  }
});

test('what a dead owner committed is confirmed before the next one delivers it', async () => {
  const [, heir] = await lives(await filled(), shops, [nth('state.commit', 3, 'crash after')]);
  const { steps } = heir!.faults;
  expect(steps.indexOf('state.confirm')).toBeGreaterThan(0);
  expect(steps.indexOf('state.confirm')).toBeLessThan(steps.indexOf('topics.transact'));
});

test('a mark from before a reset proves nothing of what came after it', async () => {
  expect(covers({ generation: 2, epoch: 7 }, { generation: 2, epoch: 7 })).toBe(true);
  expect(covers({ generation: 2, epoch: 7 }, { generation: 2, epoch: 8 })).toBe(false);
  expect(covers({ generation: 1, epoch: 9 }, { generation: 2, epoch: 0 })).toBe(false);
  expect(covers({ generation: 3, epoch: 9 }, { generation: 2, epoch: 0 })).toBe(false);
  const world = await filled();
  await lives(world, shops, []);
  await world.state.reset('shops');
  const [, heir] = await lives(world, shops, [nth('topics.transact', 0, 'crash before')]);
  const { steps } = heir!.faults;
  // The first epoch of the new generation was committed, and its mark is not there.
  expect(steps.indexOf('topics.transact')).toBeGreaterThan(0);
  expect(steps.indexOf('topics.transact')).toBeLessThan(steps.indexOf('state.commit'));
});

test.each([shops, archive])(
  'an epoch of $name that another owner commits once more has another id, so that neither is taken for the other',
  async (job) => {
    const { commits, weaken } = noting();
    const world = await filled(weaken);
    await lives(world, job, [nth('state.commit', 2, 'crash after'), nth('state.commit', 0, 'crash after')]);
    await world.state.reset(job.name);
    await lives(world, job, []);
    const ids = commits.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(commits.filter(({ epoch }) => epoch === 1).length).toBeGreaterThan(1);
  },
);

test('a mark of a later generation than the state is a stop: what would be made again is delivered', async () => {
  const world = await filled();
  await lives(world, shops, []);
  const producer = await world.topics.producer('another');
  const mark = { generation: 2, epoch: 0 };
  await producer.transact({ records: [], offsets: [], group: 'shops', task: 'all', mark });
  const { end, error } = await live(world, shops);
  expect([end, error]).toEqual(['failed', expect.objectContaining({ code: 'STATE_LOST_WRITES' })]);
});

test('after a lost answer a new producer settles the transaction, and the mark decides whether it is sent again', async () => {
  const after = async (fault: 'unknown before' | 'unknown after') => {
    const { end, faults } = await live(await filled(), shops, nth('topics.transact', 1, fault));
    expect(end).toBe('finished');
    const names = faults.steps.filter((name) => /^topics\.(transact|producer|mark)$/.test(name));
    return names.slice(names.indexOf('topics.transact') + 1);
  };
  expect((await after('unknown before')).slice(0, 4)).toEqual([
    'topics.transact',
    'topics.producer',
    'topics.mark',
    'topics.transact',
  ]);
  expect((await after('unknown after')).slice(0, 3)).toEqual(['topics.transact', 'topics.producer', 'topics.mark']);
});
