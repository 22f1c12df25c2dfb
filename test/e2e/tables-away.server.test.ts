/** A job whose tables are away for as long as the test likes; time passes when nothing else happens. */
import { float64, job, keyBy, scan, type TableSpec, table, to, topic } from 'millrace';
import { expect, onTestFinished, test } from 'vitest';
import { Metrics } from '../../runtime/metrics.ts';
import { Task } from '../../runtime/task/task.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { clickhouseTables } from '../../tables/clickhouse/clickhouse.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { takeTurns } from '../../time/clock.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { connect, tablesServer, urlThrough } from '../support/servers/tables.ts';

interface Order {
  readonly id: number;
  readonly shop: string;
}

const numbered: TableSpec = {
  name: 'numbered',
  comment: 'Orders with their number in the shop',
  columns: {
    id: { type: 'UInt32', comment: '' },
    shop: { type: 'String', comment: '' },
    n: { type: 'UInt32', comment: '' },
  },
  identity: ['id'],
};

const orders = job('orders', (from) => {
  const counted = from('orders', topic<Order>('orders')).pipe(
    keyBy((o) => o.shop),
    scan('n', { codec: float64 }, (n, order): readonly [number, Order & { n: number }] => {
      const next = (n ?? 0) + 1;
      return [next, { ...order, n: next }];
    }),
  );
  counted.pipe(to('alerts', topic('alerts')));
  counted.pipe(to('rows', table<Order & { n: number }>(numbered, { row: (o) => ({ ...o }) })));
});

const total = 8_000;
/** A few chunks, which are sealed every two seconds; a step takes a tenth. */
const bound = 200_000;

test('alerts go on while the table is away, the outbox fills to its bound, and what waited is there once afterwards', async () => {
  const server = await tablesServer();
  onTestFinished(() => server.stop());
  const way = await faultProxy(server);
  onTestFinished(() => way.close());
  const clock = new ManualClock(Date.UTC(2026, 0, 29));
  const topics = memoryTopics();
  const tables = clickhouseTables(connect(urlThrough(way, server.url)));
  onTestFinished(() => tables.close());
  await topics.create({ name: 'orders', partitions: 1 });
  await topics.create({ name: 'alerts', partitions: 1 });
  await topics.append(
    Array.from({ length: total }, (_, id) => {
      const value = Buffer.from(JSON.stringify({ id, shop: `shop-${id % 7}` }));
      return { topic: 'orders', partition: 0, key: null, value, timestamp: clock.now() };
    }),
  );
  const metrics = new Metrics();
  const options = {
    ...taskDefaults,
    fetch: { maxRecords: 50, maxBytes: 1 << 20 },
    epochRecords: 50,
    outboxBytes: bound,
    nonce: () => 'nonce',
  };
  const task = await Task.open(orders, { topics, state: memoryState(), tables, clock }, { options, metrics });
  const read = () => metrics.get('millrace_records_in_total', 'orders');
  const retries = () => metrics.get('millrace_delivery_retries_total', 'rows');
  const alerts = async () => (await topics.range('alerts', 0)).end;
  /** Lets time pass until `work` is done, or until the table was tried ten more times in vain. */
  const done = async (work: Promise<unknown>): Promise<boolean> => {
    let isDone = false;
    const end = work.finally(() => (isDone = true));
    const enough = (await retries()) + 10;
    while (!isDone && (await retries()) < enough) {
      clock.advance(100);
      await takeTurns();
    }
    if (isDone) await end;
    return isDone;
  };

  way.refuse();
  let step = task.step();
  while (await done(step)) step = task.step();
  const waiting = await read();
  expect(waiting).toBeLessThan(total);
  expect(await alerts()).toBe(waiting);
  // One more chunk would be, and is, too much.
  const outbox = await metrics.get('millrace_outbox_bytes', '');
  expect(outbox).toBeGreaterThan(bound / 2);
  expect(outbox).toBeLessThanOrEqual(bound);
  expect(await done(step)).toBe(false);
  expect(await read()).toBe(waiting);

  way.accept();
  for (; (await read()) < total; step = task.step()) while (!(await done(step)));
  while (!(await done(task.finish())));
  expect(await alerts()).toBe(total);
  expect(await tables.query('SELECT count() AS stored, uniqExact(id) AS different FROM numbered')).toEqual([
    { stored: total, different: total },
  ]);
});
