/**
 * What an alert rule finds: every series that docs/operate.md names is there from the start, and the lag of a source
 * grows whatever holds it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { float64 } from '../../../codecs/codec.ts';
import { text } from '../../../connectors/records/record-codec.ts';
import { topic } from '../../../connectors/topic.ts';
import { job } from '../../../graph/job.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import incidentsOf from '../../../jobs/incidents.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { scan } from '../../../operators/scan.ts';
import { to } from '../../../operators/to.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { ServerWatch, type WatchedServer } from '../../../runtime/server-watch.ts';
import { run } from '../../../runtime/task/runner.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { memoryState } from '../../../state/memory.ts';
import { memoryTables } from '../../../tables/memory.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { seconds } from '../../../time/duration.ts';
import { memoryTopics } from '../../../topics/memory.ts';
import { root } from '../../support/sources.ts';

const options = { ...taskDefaults, nonce: () => 'n' };

function world() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const ports = { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock };
  return { clock, ports, metrics: new Metrics(clock) };
}

/** The selectors in the table of alerts, such as `millrace_records_in_total{of="logs"}`. */
function alerted(): readonly string[] {
  const document = readFileSync(join(root, 'docs/operate.md'), 'utf8');
  const rules = [...document.matchAll(/^\| `([^`]*millrace_[^`]*)`.*\|$/gm)].map(([, rule]) => rule!);
  return rules.flatMap((rule) => rule.match(/millrace_\w+(\{[^}]*\})?/g) ?? []);
}

test('every series that an alert names is there from the start, at 0', async () => {
  const { ports, metrics } = world();
  for (const name of ['logs', 'changes']) await ports.topics.create({ name, partitions: 1 });
  const redis: WatchedServer = {
    name: 'redis',
    address: '',
    needed: true,
    ping: async () => {},
    close: async () => {},
  };
  const servers = new ServerWatch({ servers: [redis], clock: ports.clock, log: silent, metrics });
  const stop = new AbortController();
  const running = run(incidentsOf({ settings: incidentDefaults }), ports, {
    options,
    metrics,
    log: silent,
    signal: stop.signal,
  });
  await expect.poll(() => metrics.get('millrace_epochs_total', '')).toBeGreaterThan(0);
  const page = await metrics.registry.metrics();
  stop.abort();
  await running;
  await servers.close();
  expect(alerted().length).toBeGreaterThan(5);
  for (const selector of alerted()) {
    const values = page.split('\n').filter((line) => line.startsWith(selector.replace('}', '')) && / 0$/.test(line));
    expect(values, selector).not.toEqual([]);
  }
});

const idle = job('idle', (from) => {
  from('lines', topic('lines', { codec: text })).pipe(
    eventTime({ at: () => undefined, outOfOrder: seconds(1), idleAfter: seconds(1_000) }),
    to('out', topic('out')),
  );
});

test('a source that never gave a watermark lags from the start, also while its task is stuck', async () => {
  const { clock, ports, metrics } = world();
  await ports.topics.create({ name: 'lines', partitions: 1 });
  const value = Buffer.from('a line without a time');
  await ports.topics.append([{ topic: 'lines', partition: 0, key: null, value, timestamp: 0 }]);
  const task = await Task.open(idle, ports, { options, metrics });
  const lag = () => metrics.get('millrace_watermark_lag_seconds', 'lines');
  expect(await lag()).toBe(0);
  for (let n = 0; n < 150; n++) {
    await task.step();
    clock.advance(seconds(1));
  }
  expect(await lag()).toBe(150);
  // Nothing steps the task any more.
  clock.advance(seconds(60));
  expect(await lag()).toBe(210);
  expect(await metrics.get('millrace_watermark_ms', 'lines')).toBe(0);
  await task.close();
});

test('what an operator took and gave is counted once, however often it is shown', async () => {
  const { clock, ports, metrics } = world();
  await ports.topics.create({ name: 'lines', partitions: 1 });
  const counting = job('counting', (from) => {
    from('lines', topic('lines', { codec: text })).pipe(
      keyBy((line) => line),
      scan('count', { codec: float64 }, (sum = 0, line: string) => [sum + 1, sum === 0 ? line : undefined]),
      to('out', topic('out')),
    );
  });
  const task = await Task.open(counting, ports, { options, metrics });
  const counted = async () => [
    await metrics.get('millrace_operator_records_in_total', 'count'),
    await metrics.get('millrace_operator_records_out_total', 'count'),
  ];
  for (const [read, expected] of [
    [3, [3, 1]],
    [2, [5, 1]],
    [0, [5, 1]],
  ] as const) {
    const value = Buffer.from('a line');
    const records = Array.from({ length: read }, () => ({
      topic: 'lines',
      partition: 0,
      key: null,
      value,
      timestamp: 0,
    }));
    await ports.topics.append(records);
    for (let n = 0; n < 5; n++) {
      await task.step();
      clock.advance(seconds(1));
    }
    expect(await counted()).toEqual(expected);
  }
  await task.close();
});

test('after a watermark the lag is its distance from the clock, and 0 when all input has ended', async () => {
  const { clock, metrics } = world();
  const now = clock.now();
  const lag = () => metrics.get('millrace_watermark_lag_seconds', 'count-1/lines');
  metrics.since('millrace_watermark_lag_seconds', 'count-1/lines', now - 5_000);
  clock.advance(seconds(7));
  expect(await lag()).toBe(12);
  metrics.since('millrace_watermark_lag_seconds', 'count-1/lines', Number.POSITIVE_INFINITY);
  expect(await lag()).toBe(0);
  await metrics.forget('count-1');
  expect(await metrics.labels('millrace_watermark_lag_seconds')).toEqual(new Map());
});
