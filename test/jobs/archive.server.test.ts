import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { plan as planOf } from '../../graph/plan.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import archiveOf, { archiveJob } from '../../jobs/archive.ts';
import { shippedLines } from '../../jobs/shipped-lines.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { Task } from '../../runtime/task/task.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { embeddedState } from '../../state/embedded.ts';
import { memoryState } from '../../state/memory.ts';
import { chdbTables } from '../../tables/chdb/chdb.ts';
import { memoryTables } from '../../tables/memory.ts';
import { Crash, type FaultPlan, type FaultStep, withFaults } from '../../testing/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { days } from '../../time/duration.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { memoryTopics } from '../../topics/memory.ts';
import type { Topics } from '../../topics/topics.ts';
import { otlpBatch, type ShopRecord } from '../support/packed-lines.ts';
import { morning, shop } from '../support/raw-lines.ts';
import { ask, canHave, documentsOf, type SearchServer, searchServer } from '../support/servers/elasticsearch.ts';

const archive = archiveOf({ settings: incidentDefaults });
/** When lines are taken in: a day after they were written. */
const taken = morning + days(1);
const nameless: RawLine = { line: 'could not reach the till', source: 'cart/pod-1', time: taken };
const ancient: RawLine = { line: '1970-01-01T00:00:00.123456Z ERROR clock is gone', source: 'till/1', time: taken };
const recent = shop(0, 60).map((line): RawLine => ({ ...line, time: taken }));
/** Lines as they are in real life: some of them equal in every respect, and of no format, and of no time. */
const lines: readonly RawLine[] = [...recent, nameless, nameless, nameless, ancient];
const partitions = 3;
/** What looks like one of ours and is not: a line as it stands, from the partition it was found in. */
const bare = ['{"line":', '{"line":"x","source":"y"}', '[]'];

async function fill(topics: Topics): Promise<void> {
  await topics.create({ name: 'logs', partitions });
  const texts = [...lines.map((line) => JSON.stringify(line)), ...bare];
  const records = texts.map((text, i) => ({
    topic: 'logs',
    partition: i % partitions,
    key: null,
    value: Buffer.from(text),
    timestamp: taken,
  }));
  await topics.append(records);
}

interface World extends Ports {
  readonly clock: ManualClock;
  lives: number;
}

async function memoryWorld(): Promise<World> {
  const topics = memoryTopics();
  await fill(topics);
  return { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock(taken), lives: 0 };
}

/** One process: runs until nothing is left to read, or dies of `plan`. Returns the steps it took. */
async function live(world: World, job: Job, plan: FaultPlan = () => undefined): Promise<readonly string[]> {
  const { topics, state, tables, clock } = world;
  const faults = withFaults({ topics, state, tables }, plan);
  const nonce = `life-${++world.lives}`;
  const fetch = { maxRecords: 10, maxBytes: 1 << 20 };
  const options = { ...taskDefaults, epochRecords: 50, fetch, nonce: () => nonce };
  try {
    const task = await Task.open(job, { ...faults.ports, clock }, { options, metrics: new Metrics() });
    for (let quiet = 0; quiet < 3; clock.advance(1_000)) quiet = (await task.step()) === 'worked' ? 0 : quiet + 1;
    await task.finish();
  } catch (error) {
    // A crash amid a delivery is told as its cause.
    if (!(error instanceof Crash) && !((error as Error).cause instanceof Crash)) throw error;
  }
  return faults.steps;
}

/** What names a line wherever it is kept. */
const names = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ topic, partition, offset, index }) => `${topic}/${partition}/${offset}/${index}`).sort();
const expected = [...lines, ...bare].map((_, i) => `logs/${i % partitions}/${Math.floor(i / partitions)}/0`).sort();

describe('the archive', () => {
  test('keeps no outbox: what it commits are ranges', () => {
    expect(planOf(archive).stages.map(({ commit }) => commit)).toEqual(['recipes']);
    const search = { node: 'http://127.0.0.1:9' };
    const both = archiveJob({ logs: shippedLines('logs'), search });
    expect(planOf(both).stages.map(({ commit }) => commit)).toEqual(['recipes']);
  });

  test('has every line once, equal ones too, each parsed by itself', async () => {
    const world = await memoryWorld();
    await live(world, archive);
    const rows = await world.tables.rows('logs');
    expect(names(rows)).toEqual(expected);
    const of = (text: string) => rows.filter(({ message }) => message === text);
    expect(of('order 0 failed')[0]).toMatchObject({
      service: 'cart',
      level: 'ERROR',
      ingested_at: '2025-03-05T08:00:00.000Z',
      timestamp: '2025-03-04T08:00:00.000000Z',
      timestamp_source: 'line',
      source: 'cart/pod-1',
      topic: 'logs',
      partition: 0,
      offset: 0,
    });
    expect(of(nameless.line)).toHaveLength(3);
    expect(of(nameless.line)[0]).toMatchObject({ service: 'cart', level: '', timestamp_source: 'ingest' });
    expect(of('clock is gone')[0]).toMatchObject({
      timestamp: '1970-01-01T00:00:00.123456Z',
      ingested_at: '2025-03-05T08:00:00.000Z',
    });
  });

  test('has each record of a packed line as a row of its own, the same ones after a restart', async () => {
    const time = Date.UTC(2025, 2, 4, 9);
    const shop: readonly ShopRecord[] = [
      { time, level: 'INFO', message: 'order 1 came', trace: '1'.repeat(32) },
      { time: time + 1, level: 'ERROR', message: 'order 1 failed', trace: '2'.repeat(32) },
      { time: time + 2, level: 'WARN', message: 'order 1 waits', trace: '3'.repeat(32) },
    ];
    const value = Buffer.from(`before\n${otlpBatch(shop)}\nbehind\n[{"msg":"a"},{"msg":"b"}]`);
    const topics = memoryTopics();
    await topics.create({ name: 'logs', partitions: 1 });
    const record = { topic: 'logs', partition: 0, key: Buffer.from('shop/pod-1'), value, timestamp: taken };
    await topics.append([record, record]);
    const world = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock(taken), lives: 0 };
    const batch = [
      [1, 'INFO', 'order 1 came', '2025-03-04T09:00:00.000000Z', '1'.repeat(32), 'cart/cart-7'],
      [2, 'ERROR', 'order 1 failed', '2025-03-04T09:00:00.001000Z', '2'.repeat(32), 'cart/cart-7'],
      [3, 'WARN', 'order 1 waits', '2025-03-04T09:00:00.002000Z', '3'.repeat(32), 'cart/cart-7'],
    ];
    const own = (index: number, message: string) => [
      index,
      '',
      message,
      '2025-03-05T08:00:00.000000Z',
      '',
      'shop/pod-1',
    ];
    const rows = async (offset: number) =>
      (await world.tables.rows('logs'))
        .filter((row) => Number(row['offset']) === offset)
        .map(({ index, level, message, timestamp, trace_id, source }) => [
          index,
          level,
          message,
          timestamp,
          trace_id,
          source,
        ])
        .sort(([a], [b]) => Number(a) - Number(b));
    const all = [own(0, 'before'), ...batch, own(4, 'behind'), own(5, 'a'), own(6, 'b')];
    const insert = ({ name }: FaultStep) => (name === 'tables.insert' ? 'crash before' : undefined);
    for (const plan of [insert, undefined, undefined]) {
      await live(world, archive, plan);
      if (plan === undefined) expect([await rows(0), await rows(1)]).toEqual([all, all]);
      if (plan === undefined) world.state = memoryState();
    }
  });

  test('reads zones and formats as its settings say', async () => {
    const world = await memoryWorld();
    const line = { line: '2025-03-04 10:00:00 <WARN> [till7] paper is low', source: 'tills/1', time: taken };
    const value = Buffer.from(JSON.stringify(line));
    await world.topics.append([{ topic: 'logs', partition: 0, key: null, value, timestamp: taken }]);
    const formats = [{ name: 'till', pattern: '%{TIMESTAMP} <%{LOGLEVEL}> [%{WORD:thread}] %{GREEDYDATA:message}' }];
    await live(world, archiveOf({ settings: { timezone: '+02:00', formats } }));
    const rows = await world.tables.rows('logs');
    expect(rows.filter(({ message }) => message === 'paper is low')).toMatchObject([
      { level: 'WARN', format: 'till', timestamp: '2025-03-04T08:00:00.000000Z' },
    ]);
  });

  test('ends in a search index where one is named', () => {
    const sinks = ({ nodes }: Job) => nodes.flatMap(({ body }) => (body.kind === 'sink' ? [body.sink.label] : []));
    expect(sinks(archive)).toEqual(['table logs']);
    const named = { settings: incidentDefaults, search: { node: 'http://127.0.0.1:9', index: 'lines' } };
    expect(sinks(archiveOf(named))).toEqual(['table logs', 'index lines']);
  });

  test('takes any text for a line, from the partition it was found in', async () => {
    const world = await memoryWorld();
    await live(world, archive);
    const rows = (await world.tables.rows('logs')).filter(({ source }) => String(source).startsWith('logs-'));
    // A record that is no shipped line is read as any record: its key `line` holds the message.
    expect(rows.map(({ message }) => message).sort()).toEqual(['[]', 'x', '{"line":']);
    expect(await world.tables.rows('dead_letters')).toEqual([]);
  });

  test('archived again from the beginning, every line replaces itself', async () => {
    const world = await memoryWorld();
    await live(world, archive);
    await live({ ...world, state: memoryState(), lives: 10 }, archive);
    expect(names(await world.tables.rows('logs'))).toEqual(expected);
  });
});

/** Crashes where lines are read, promised, delivered and ticked off: in the middle of the run, before and after. */
function crashes(steps: readonly string[]): readonly (readonly [string, FaultPlan])[] {
  return ['topics.fetch', 'state.commit', 'tables.insert', 'state.acknowledge'].flatMap((name) => {
    const all = steps.flatMap((step, number) => (step === name ? [number] : []));
    const middle = all[all.length >> 1];
    return (['crash before', 'crash after'] as const).map(
      (fault) => [`${fault} ${name}`, (step: FaultStep) => (step.number === middle ? fault : undefined)] as const,
    );
  });
}

describe.skipIf(!canHave('elasticsearch'))('with a search index', () => {
  let server: SearchServer;
  let count = 0;
  const indexed = () => {
    const search = { node: server.url, index: `archive${++count}` };
    return { job: archiveJob({ logs: shippedLines('logs'), search }), index: search.index };
  };
  beforeAll(async () => {
    server = await searchServer();
  });
  afterAll(() => server?.stop());

  test('killed wherever something is at stake, it has every line once in the table and in the index', async () => {
    const plans = crashes(await live(await memoryWorld(), indexed().job));
    for (const [crash, plan] of plans) {
      const world = await memoryWorld();
      const { job, index } = indexed();
      await live(world, job, plan);
      await live(world, job);
      expect([crash, names(await world.tables.rows('logs'))]).toEqual([crash, expected]);
      expect([crash, Object.keys(await documentsOf(server.url, index)).sort()]).toEqual([crash, expected]);
      await ask(`${server.url}/${index}-2025.03.05`, 'DELETE');
    }
  }, 120_000);

  test('on LMDB and chDB, killed between the table and the index, words are found in both', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-archive-'));
    const clock = new ManualClock(taken);
    const topics = await embeddedTopics(join(dir, 'topics'), { clock });
    const state = await embeddedState(join(dir, 'state'));
    const tables = await chdbTables(join(dir, 'tables'));
    try {
      await fill(topics);
      const world = { topics, state, tables, clock, lives: 0 };
      const { job, index } = indexed();
      const third = ({ name }: FaultStep) => name === 'tables.insert' && ++inserts === 3;
      let inserts = 0;
      await live(world, job, (step) => (third(step) ? 'crash after' : undefined));
      await live(world, job);
      const [{ all, failed } = {}] = await tables.query(
        "SELECT count() AS all, countIf(hasToken(message, 'failed')) AS failed FROM logs FINAL",
      );
      expect(Number(all)).toBe(expected.length);
      const plan = await tables.query("EXPLAIN indexes = 1 SELECT message FROM logs WHERE hasToken(message, 'failed')");
      expect(JSON.stringify(plan)).toContain('message_words');
      await ask(`${server.url}/${index}/_refresh`, 'POST');
      const query = { bool: { must: [{ match: { message: 'failed' } }, { term: { 'log.level': 'ERROR' } }] } };
      expect(await ask(`${server.url}/${index}/_count`, 'POST')).toMatchObject({ count: expected.length });
      expect(await ask(`${server.url}/${index}/_count`, 'POST', { query })).toMatchObject({ count: Number(failed) });
      expect(Number(failed)).toBe(4);
    } finally {
      await tables.close();
      await state.close();
      await topics.close();
    }
  });
});
