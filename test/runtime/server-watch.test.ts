/** When a server counts as away, what is said of it, and what tasks do meanwhile. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Logger } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { ServerWatch, type WatchedServer } from '../../runtime/server-watch.ts';
import { Runner } from '../../runtime/task/runner.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { seconds } from '../../time/duration.ts';
import { memoryTopics } from '../../topics/memory.ts';
import sample from '../support/sample-job.ts';

type Mood = 'well' | 'dead' | 'hanging';

/** A watch over servers whose mood a test changes. */
function watched(...needed: readonly boolean[]) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const lines: string[] = [];
  const write = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`);
  const log: Logger = { info: write('info'), warn: write('warn'), error: write('error') };
  const metrics = new Metrics(clock);
  const moods: Mood[] = needed.map(() => 'well');
  const servers = needed.map((isNeeded, i): WatchedServer => {
    const ping = async () => {
      if (moods[i] === 'hanging') await new Promise(() => {});
      if (moods[i] === 'dead') throw new Error('connect ECONNREFUSED');
    };
    return {
      name: i === 0 ? 'redis' : 'clickhouse',
      address: `s${i}:1`,
      needed: isNeeded,
      ping,
      close: async () => {},
    };
  });
  let changes = 0;
  const answered: string[] = [];
  const onFirstAnswer = ({ address }: WatchedServer) => void answered.push(address);
  const watch = new ServerWatch({ servers, clock, log, metrics, onChange: () => changes++, onFirstAnswer });
  const pass = async (count: number) => {
    for (let n = 0; n < count; n++) {
      clock.advance(seconds(1));
      for (let turn = 0; turn < 5; turn++) await setImmediate();
    }
  };
  return { clock, lines, log, metrics, moods, watch, pass, answered, changes: () => changes };
}

test('the first answer of each server is told apart, whenever it comes, because an earlier process may have missed it', async () => {
  const { watch, moods, pass, answered } = watched(true, true);
  moods[0] = 'dead';
  await pass(30);
  expect(answered).toEqual(['s1:1']);
  moods[0] = 'well';
  await pass(30);
  moods[1] = 'dead';
  await pass(30);
  moods[1] = 'well';
  await pass(30);
  expect(answered).toEqual(['s1:1', 's0:1']);
  await watch.close();
});

test.each(['dead', 'hanging'] as const)(
  'a server that is %s is told within 20 s, once, and once when it is back',
  async (mood) => {
    const { watch, lines, metrics, moods, pass, changes } = watched(true);
    await pass(30);
    expect([watch.away, lines]).toEqual([[], []]);
    moods[0] = mood;
    await pass(20);
    expect(watch.away).toEqual(['redis at s0:1']);
    expect(await metrics.get('millrace_server_away', 'redis')).toBe(1);
    await pass(100);
    expect(lines).toEqual(['error redis at s0:1 does not answer; tasks stand still until it is back']);
    moods[0] = 'well';
    await pass(10);
    expect(watch.away).toEqual([]);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^info redis at s0:1 answers again, after 1[2-3]\d s$/)]);
    expect(await metrics.get('millrace_server_away', 'redis')).toBe(0);
    expect(changes()).toBe(2);
    await watch.close();
  },
);

test('a pause of a few seconds, and one question in vain after the process itself stood still, are no absence', async () => {
  const { watch, lines, moods, pass, clock } = watched(true);
  moods[0] = 'dead';
  await pass(8);
  moods[0] = 'well';
  await pass(10);
  moods[0] = 'hanging';
  await pass(4);
  clock.advance(seconds(600));
  moods[0] = 'well';
  await pass(10);
  expect([watch.away, lines]).toEqual([[], []]);
  await watch.close();
});

test('tables that are away are told, and hold up nothing', async () => {
  const { watch, lines, moods, pass, changes } = watched(true, false);
  moods[1] = 'dead';
  await pass(20);
  expect([watch.away, changes()]).toEqual([[], 0]);
  expect(lines).toEqual(['error clickhouse at s1:1 does not answer; rows wait until it is back']);
  await watch.close();
});

test('tasks that fail while a server is away say nothing, are not given up, and go on when the server is back', async () => {
  const { clock, lines, log, metrics, moods, watch, pass } = watched(true);
  const topics = memoryTopics();
  await topics.create({ name: 'logs', partitions: 1 });
  const state = memoryState();
  const away = () => new MillraceError('STATE_UNAVAILABLE', { address: 's0:1', reason: 'no answer' });
  const open = async (...args: Parameters<typeof state.open>) => {
    if (moods[0] === 'well') return state.open(...args);
    // As a store that repeats its calls for a while.
    await clock.sleep(seconds(20));
    throw away();
  };
  // Meanwhile the group has given the tasks to others, who fence them.
  let fences = 4;
  const openAgain: typeof open = async (job, task, known) => {
    const opened = await open(job, task, known);
    if (fences-- > 0) throw new MillraceError('STATE_FENCED', { task, mine: 1, theirs: 2 });
    return opened;
  };
  const ports: Ports = { topics, state: { ...state, open: openAgain }, tables: memoryTables(), clock };
  moods[0] = 'dead';
  const options = { ...taskDefaults, nonce: () => 'n' };
  const runners = [1, 2, 3, 4].map((n) => {
    const parts = { job: sample, ports, metrics, log, restarts: 0, assigned: true, servers: watch };
    return new Runner({ ...parts, options: { ...options, task: `task-${n}` } });
  });
  await pass(120);
  expect(lines).toEqual(['error redis at s0:1 does not answer; tasks stand still until it is back']);
  expect(await metrics.get('millrace_restarts_total', '')).toBe(0);
  moods[0] = 'well';
  await pass(30);
  expect(runners.map(({ isReading }) => isReading)).toEqual([true, true, true, true]);
  expect(lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  await Promise.all(runners.map((runner) => runner.end('drop')));
  await watch.close();
});
