/** What can go wrong around a task, each with what becomes of its outputs. */
import { describe, expect, test } from 'vitest';
import { float64 } from '../../codecs/codec.ts';
import { topic } from '../../connectors/topic.ts';
import { hasCode, MillraceError } from '../../errors.ts';
import { job } from '../../graph/job.ts';
import { keyBy } from '../../operators/key-by.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { run } from '../../runtime/task/runner.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { faultless, judge, outcomeOf } from './check.ts';
import { order, shops, start } from './jobs.ts';
import { lives, nth, reference } from './runs.ts';
import { at, filled, live, makeWorld, unharmed, type WorldPorts } from './world.ts';

/** Passes everything on, with state, so that the job commits epochs. */
const keep = scan('keep', { codec: float64 }, (n, value: unknown): readonly [number, unknown] => [(n ?? 0) + 1, value]);

/** What a failed life says. */
async function failure(world: Awaited<ReturnType<typeof filled>>, known?: number): Promise<unknown> {
  const life = await live(world, shops, unharmed, known === undefined ? {} : { known });
  expect(life.end).toBe('failed');
  life.faults.kill();
  return life.error;
}

describe('a store that lost what it had acknowledged is a coded stop, and nothing is doubled', () => {
  test('when records were delivered that it knows nothing of', async () => {
    const { expected } = await reference(shops);
    const world = await filled();
    await live(world, shops, nth('topics.transact', 4, 'crash after'));
    world.state.loseTail('shops', 'all', 2);
    const error = await failure(world);
    expect(error).toMatchObject({ code: 'STATE_LOST_WRITES', detail: { known: 4 } });
    expect(judge(expected, await outcomeOf(world)).doubled).toEqual([]);
  });

  test('when it was emptied', async () => {
    const world = await filled();
    await live(world, shops);
    const state = memoryState();
    Object.assign(world.ports, { state });
    expect(await failure(world)).toMatchObject({ code: 'STATE_LOST_WRITES', detail: { found: -1 } });
  });

  test('when it forgot an owner that this process was', async () => {
    const world = await filled();
    await live(world, shops, nth('state.commit', 2, 'crash before'));
    expect(await failure(world, 7)).toMatchObject({ code: 'STATE_LOST_WRITES', detail: { found: 1, known: 7 } });
  });

  test('when it happens to a task that runs: the next commit does not follow', async () => {
    const world = await filled();
    let commits = 0;
    const state: typeof world.state = {
      ...world.state,
      async open(...given) {
        const mine = await world.state.open(...given);
        return {
          ...mine,
          commit(commit) {
            if (++commits === 4) world.state.loseTail('shops', 'all', 2);
            return mine.commit(commit);
          },
        };
      },
    };
    const options = { ...taskDefaults, epochRecords: 4, fetch: { maxRecords: 4, maxBytes: 1 << 20 }, nonce: () => 'n' };
    const ports = { ...world.ports, state, clock: world.clock };
    const how = { options, metrics: new Metrics(), log: silent, signal: new AbortController().signal };
    await expect(run(shops, ports, how)).rejects.toSatisfy((error) => hasCode(error, 'STATE_EPOCH_GAP'));
    expect(await how.metrics.get('millrace_restarts_total', '')).toBe(0);
  });
});

test('a job that was reset delivers everything again, under a new generation, and survives kills doing so', async () => {
  const world = await filled();
  await lives(world, shops, []);
  await world.state.reset('shops');
  const once = await outcomeOf(world);
  await lives(world, shops, [nth('topics.transact', 2, 'crash before'), nth('topics.transact', 1, 'crash after')]);
  const twice = await outcomeOf(world);
  for (const place of ['alerts/0', 'alerts/1']) expect(twice[place]).toEqual([...once[place]!, ...once[place]!]);
  expect(await world.topics.mark('shops', 'all')).toMatchObject({ generation: 2 });
});

test('what a dead owner committed is confirmed before it is delivered', async () => {
  const world = await filled();
  const [, heir] = await lives(world, shops, [nth('state.commit', 3, 'crash after')]);
  const steps = heir!.faults.steps;
  expect(steps.indexOf('state.confirm')).toBeLessThan(steps.indexOf('topics.transact'));
});

test('records appended while a job that reads only what is new was down are not skipped', async () => {
  const newest = job('newest', (from) => {
    from('orders', topic('orders', { from: 'newest' })).pipe(
      keyBy(() => 'all'),
      keep,
      to('alerts', topic('alerts')),
    );
  });
  for (const when of ['crash before', 'crash after'] as const) {
    const world = await filled();
    await live(world, newest, nth('state.commit', 0, when));
    await world.topics.append([order(30), order(32)]);
    await lives(world, newest, []);
    const { end } = await world.topics.range('alerts', 0);
    const other = await world.topics.range('alerts', 1);
    // Its start was committed or it had not started yet.
    expect(end + other.end).toBe(when === 'crash after' ? 2 : 0);
  }
});

test('no split runs ahead of one that has not spoken yet, after a restart either', async () => {
  // The first epoch holds records of one partition only; after a kill its time alone must not close windows.
  const { expected } = await reference(shops);
  for (let i = 0; i < 40; i++) {
    const world = await filled();
    await live(world, shops, at(i, 'crash before'), { options: { epochRecords: 1 } });
    await lives(world, shops, []);
    const { lost, doubled } = judge(expected, await outcomeOf(world));
    expect([lost, doubled]).toEqual([[], []]);
  }
});

test('a source that no longer holds the next record is a stop, not a gap', async () => {
  const world = await filled();
  await live(world, shops, nth('state.commit', 1, 'crash after'));
  await world.topics.trim('orders', 1, 10);
  expect(await failure(world)).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
});

test('a table that is away delays no alert, and gets its rows when it is back', async () => {
  const { expected } = await reference(shops);
  let alerts = -1;
  const world = await filled((ports) => {
    let refusals = 0;
    const insert: typeof ports.tables.insert = async (...given) => {
      if (refusals++ < 25) throw new MillraceError('OUTCOME_UNKNOWN', { what: 'an insert' });
      if (alerts < 0) alerts = (await ports.topics.range('alerts', 1)).end;
      return ports.tables.insert(...given);
    };
    return { ...ports, tables: { ...ports.tables, insert } };
  });
  await lives(world, shops, []);
  expect(alerts).toBeGreaterThan(0);
  expect(judge(expected, await outcomeOf(world))).toEqual(faultless);
});

const odd = `"shop":"shop-1","from":${start - 8_000},`;

/** Tables that refuse one row of totals permanently. */
const refusing = (ports: WorldPorts): WorldPorts => {
  const insert: typeof ports.tables.insert = async (table, ndjson, chunk) => {
    const isRefused = table === 'totals' && Buffer.from(ndjson).includes(odd);
    if (isRefused) throw new MillraceError('TABLE_INSERT_REFUSED', { table, rows: chunk.rows, reason: 'it is odd' });
    return ports.tables.insert(table, ndjson, chunk);
  };
  return { ...ports, tables: { ...ports.tables, insert } };
};

test('a row that its table refuses becomes one dead letter, wherever the process is killed', async () => {
  const run = await reference(shops);
  for (let i = 0; i < 70; i++) {
    for (const when of ['crash before', 'crash after'] as const) {
      const world = await filled(refusing);
      await lives(world, shops, [at(i, when)]);
      const { lost, doubled } = judge(run.expected, await outcomeOf(world));
      expect([lost.length, doubled.length]).toEqual([1, 1]);
      expect(lost[0]).toContain(odd);
      expect(doubled[0]).toContain('"origin":"totals","reason":"refused"');
    }
  }
});

test('dead letters that their own table refuses stop the task', async () => {
  const world = await filled((ports) => {
    const insert: typeof ports.tables.insert = async (table, ndjson, chunk) => {
      if (table === 'dead_letters') {
        throw new MillraceError('TABLE_INSERT_REFUSED', { table, rows: chunk.rows, reason: 'no' });
      }
      return ports.tables.insert(table, ndjson, chunk);
    };
    return { ...ports, tables: { ...ports.tables, insert } };
  });
  expect(await failure(world)).toMatchObject({ code: 'TABLE_INSERT_REFUSED' });
});

test('positions that move without records are in the ledger', async () => {
  const world = makeWorld();
  await world.topics.create({ name: 'orders', partitions: 2 });
  const tombstone = { ...order(0), value: null };
  for (const records of [[tombstone, tombstone], [order(2)], [tombstone]]) {
    await world.topics.append(records);
    await lives(world, shops, []);
  }
  const rows = world.journal.get('ledger')!.map((row) => JSON.parse(row) as Record<string, string>);
  for (const [i, row] of rows.entries()) if (i > 0) expect(row['positions_from']).toBe(rows[i - 1]!['positions_to']);
  expect(rows.at(-1)!['positions_to']).toBe('{"orders":{"0":4,"1":0}}');
});
