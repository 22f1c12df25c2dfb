/** A job whose table never answers stops all the same when it is told to, and says meanwhile what the table says. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MillraceError } from '../../../errors.ts';
import { job, type TableSpec, table, to, topic } from '../../../index.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { Runner } from '../../../runtime/task/runner.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { memoryState } from '../../../state/memory.ts';
import { memoryTables } from '../../../tables/memory.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { seconds } from '../../../time/duration.ts';
import { memoryTopics } from '../../../topics/memory.ts';

const sizes: TableSpec = {
  name: 'sizes',
  comment: '',
  columns: { n: { type: 'UInt8', comment: '' } },
  identity: ['n'],
};
const stored = job('stored', (from) => {
  from('sizes', topic<{ n: number }>('sizes')).pipe(to('rows', table(sizes, { row: (value) => value })));
});

/** Ports whose table never answers, and what moves their time. */
async function unanswered() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const topics = memoryTopics();
  await topics.create({ name: 'sizes', partitions: 1 });
  await topics.append([{ topic: 'sizes', partition: 0, key: null, value: Buffer.from('{"n":1}'), timestamp: 0 }]);
  const insert = async () => {
    throw new MillraceError('OUTCOME_UNKNOWN', { what: 'inserting (code 999: odd)' });
  };
  const pass = async (turns: number) => {
    for (let n = 0; n < turns; n++) {
      clock.advance(seconds(1));
      for (let turn = 0; turn < 5; turn++) await setImmediate();
    }
  };
  return { ports: { topics, state: memoryState(), tables: { ...memoryTables(), insert }, clock }, pass };
}

test.each([
  ['an outbox that is full', 0],
  ['an outbox that has room', 1 << 20],
])('a runner with %s is told to stop while an insert is tried again', async (_, outboxBytes) => {
  const { ports, pass } = await unanswered();
  const told: unknown[] = [];
  const log = { info() {}, error() {}, warn: (about: object, text: string) => void told.push({ ...about, text }) };
  const options = { ...taskDefaults, outboxBytes, nonce: () => 'n' };
  const parts = { job: stored, ports, metrics: new Metrics(), log, restarts: 0, assigned: false };
  const runner = new Runner({ ...parts, options });
  await pass(30);
  const reason = expect.stringContaining('code 999: odd');
  expect(told).toContainEqual({ task: 'all', origin: 'rows', retries: 1, reason, text: 'a delivery is tried again' });
  const done = runner.end('finish').then(() => 'stopped');
  await pass(15);
  expect(await Promise.race([done, setImmediate('waits')])).toBe('stopped');
});

test('a task that waits for its last rows to be stored waits no longer once it is told to stop', async () => {
  const { ports, pass } = await unanswered();
  const options = { ...taskDefaults, nonce: () => 'n' };
  const task = await Task.open(stored, ports, { options, metrics: new Metrics() });
  await task.step();
  const stop = new AbortController();
  const done = task.finish(stop.signal);
  await pass(60);
  expect(await Promise.race([done, setImmediate('waits')])).toBe('waits');
  stop.abort();
  await pass(15);
  expect(await Promise.race([done, setImmediate('waits')])).toBe(false);
});

test('a table that can never be made ends the job at once', async () => {
  const { ports } = await unanswered();
  let asked = 0;
  const ensure = async () => {
    asked++;
    throw new MillraceError('TABLE_REFUSED', { what: "make table 'sizes'", reason: 'of this reason' });
  };
  const options = { ...taskDefaults, nonce: () => 'n' };
  const running = { job: stored, metrics: new Metrics(), log: silent, restarts: 5, assigned: false, options };
  const runner = new Runner({ ...running, ports: { ...ports, tables: { ...ports.tables, ensure } } });
  await expect(runner.done).rejects.toThrow('TABLE_REFUSED');
  expect(asked).toBe(1);
});
