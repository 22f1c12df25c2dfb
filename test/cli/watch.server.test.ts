import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { millrace, objects, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { firstShown, linesShown } from '../support/shown.ts';

const begin = Date.UTC(2026, 0, 29, 8);

/** Lines of one service, a second each; those from `failing` on are errors. */
function lines(from: number, to: number, failing = Number.POSITIVE_INFINITY): string {
  return Array.from({ length: to - from }, (_, i) => {
    const text = from + i >= failing ? 'ERROR can not reach the bank' : 'INFO request served';
    return `${new Date(begin + (from + i) * 1_000).toISOString()} ${text}\n`;
  }).join('');
}

const read = (err: string): number => Number(/(\d+) lines read/.exec(err)![1]);
const unread = (err: string): number => Number(/unread: (\d+) lines?/.exec(err)?.[1] ?? 0);
const late = (err: string): number => Number(/(\d+) of them late/.exec(err)![1]);

describe('without --data', () => {
  test('sets of inputs are kept apart, so that none makes the other late, and each goes on where it stopped', async () => {
    const cwd = emptyDirectory();
    const env = { XDG_CACHE_HOME: emptyDirectory() };
    writeFileSync(join(cwd, 'jan.log'), lines(0, 100));
    writeFileSync(join(cwd, 'feb.log'), lines(90_000, 90_050));
    const watch = (...files: string[]) => millrace(['watch', ...files, '--no-follow'], { cwd, env });
    const first = await watch('jan.log');
    const other = await watch('feb.log');
    appendFileSync(join(cwd, 'jan.log'), lines(100, 130));
    const second = await watch('./jan.log');
    expect([first, other, second].map(({ err }) => [read(err), late(err)])).toEqual([
      [100, 0],
      [50, 0],
      [30, 0],
    ]);
    expect([first.err, second.err].map((err) => /going on where this was last watched/.test(err))).toEqual([
      false,
      true,
    ]);
    expect((await watch('mistyped.log')).code).toBe(2);
    const asked = await millrace(['query', '--json', 'SELECT sum(lines) AS n FROM service_windows'], { env });
    expect(objects(asked.out).map(({ n }) => Number(n))).toEqual([130]);
    expect(asked.err).toMatch(/tables in .*jan\.log-\w+, used last/);
  });

  test('a second stream is not taken for the rest of the first', async () => {
    const env = { XDG_CACHE_HOME: emptyDirectory() };
    for (const input of [lines(5_000, 5_080), lines(0, 70)]) {
      const { err } = await millrace(['watch', '-'], { env, input });
      expect([read(err), late(err)]).toEqual([input.split('\n').length - 1, 0]);
    }
  });
});

test('an incident that is open when a run stops is there from the first moment of the next one', async () => {
  const folder = emptyDirectory();
  const log = join(folder, 'payment.log');
  const args = ['watch', log, '--data', join(folder, 'data')];
  writeFileSync(log, lines(0, 2_000, 1_800));
  const first = start(args);
  await first.said('"event":"opened"');
  first.signal('SIGTERM');
  const [opened] = objects((await first.ended).out);
  appendFileSync(log, lines(2_000, 2_010, 0));
  const second = start([...args, '--console']);
  const { incidents } = await firstShown(second);
  expect(incidents.map(({ id, status }) => [id, status])).toEqual([[opened!['incident_id'], 'open']]);
  second.signal('SIGTERM');
  const events = objects((await second.ended).out).map(({ event }) => event);
  expect(events).not.toContain('opened');
});

describe('of every line it is said whether it was read', () => {
  test('when a signal stops it on its way through its files; the next run reads the rest', async () => {
    const folder = emptyDirectory();
    writeFileSync(join(folder, 'a.log'), lines(0, 15_000));
    // While the file may grow, its last line is not read before it ends.
    writeFileSync(join(folder, 'b.log'), lines(0, 15_000).trimEnd());
    const args = ['watch', join(folder, '*.log'), '--data', join(folder, 'data')];
    const first = start([...args, '--console']);
    await firstShown(first);
    first.signal('SIGTERM');
    const { code, err } = await first.ended;
    const counted = [...err.matchAll(/(\d+) lines? \(\d+ bytes\)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect([code, counted > 0, read(err) + counted]).toEqual([0, true, 30_000]);
    const second = await millrace([...args, '--no-follow']);
    expect([read(second.err), second.err.includes('nothing unread')]).toEqual([counted, true]);
  });

  test('when a signal comes before anything of a stream is read, also of lines on their way', async () => {
    const running = start(['watch', '-', '--console']);
    await firstShown(running);
    const sent = 1_000;
    running.write(lines(0, sent));
    running.signal('SIGINT');
    const { code, err } = await running.ended;
    expect([code, read(err) + unread(err)]).toEqual([0, sent]);
  });
});

test('pipes without a writer keep no file from being read, nor the command from ending', async () => {
  const folder = emptyDirectory();
  const pipes = Array.from({ length: 5 }, (_, i) => join(folder, `pipe-${i}`));
  execFileSync('mkfifo', pipes);
  writeFileSync(join(folder, 'a.log'), lines(0, 50));
  for (const more of [[], ['--no-follow']]) {
    const running = start(['watch', ...pipes, join(folder, 'a.log'), '--console', ...more]);
    await linesShown(running, 50);
    running.signal('SIGINT');
    const { code, err } = await running.ended;
    expect([code, read(err)]).toEqual([0, 50]);
  }
});

describe('--changes', () => {
  const at = (second: number): string => new Date(begin + second * 1_000).toISOString();
  const change = (second: number, version: string): string =>
    `${JSON.stringify({ timestamp: at(second), kind: 'deployment', service: 'payment', version, author: 'ada' })}\n`;
  const changesIn = async (data: string): Promise<unknown> => {
    const sql = 'SELECT version FROM changes FINAL ORDER BY version';
    return objects((await millrace(['query', sql, '--data', data, '--json'])).out).map(({ version }) => version);
  };

  test('are blamed for what follows them, and one that is none becomes a dead letter with its reason', async () => {
    const folder = emptyDirectory();
    const data = join(folder, 'data');
    writeFileSync(join(folder, 'payment.log'), lines(0, 2_000, 1_800));
    writeFileSync(join(folder, 'changes.ndjson.gz'), gzipSync(`${change(1_790, '2.1')}{"kind": "party"}\n`));
    const args = [join(folder, 'payment.log'), '--changes', join(folder, 'changes.ndjson.gz')];
    const { out, err } = await millrace(['watch', ...args, '--no-follow', '--data', data]);
    const opened = objects(out).find(({ event }) => event === 'opened')!;
    expect(opened['changes']).toMatchObject([{ service: 'payment', version: '2.1' }]);
    expect(err).toContain('2000 lines read, 0 set aside as dead letters');
    expect(err).toContain('2 changes read, 1 set aside as dead letters');
    const dead = await millrace(['query', 'SELECT detail FROM dead_letters', '--data', data, '--json']);
    expect(String(objects(dead.out)[0]!['detail'])).toContain('INPUT_UNKNOWN');
  });

  test('are followed as their file grows, for as long as there are lines', async () => {
    const folder = emptyDirectory();
    const data = join(folder, 'data');
    const file = join(folder, 'changes.ndjson');
    writeFileSync(file, change(10, '1'));
    const running = start(['watch', '-', '--changes', file, '--data', data, '--console']);
    running.write(lines(0, 50));
    await linesShown(running, 50);
    appendFileSync(file, change(20, '2'));
    running.write(lines(50, 60));
    running.close();
    expect((await running.ended).err).toContain('2 changes read, 0 set aside');
    expect(await changesIn(data)).toEqual(['1', '2']);
  });
});

describe('--metrics and --spans', () => {
  test('open incidents beside the lines, and what of them is read is told', async () => {
    const folder = emptyDirectory();
    writeFileSync(join(folder, 'cart.log'), lines(0, 1_900));
    const points = Array.from({ length: 30 }, (_, n) => {
      const timestamp = new Date(begin + n * 60_000).toISOString();
      return JSON.stringify({ timestamp, service: 'cart', name: 'cpu_usage_percent', value: n < 25 ? 3 : 97 });
    });
    writeFileSync(join(folder, 'metrics.ndjson'), `${points.join('\n')}\nno point\n`);
    const span = { trace_id: 'a1', span_id: 'b2', service: 'cart', name: 'GET /', start: begin, end: begin + 5 };
    writeFileSync(join(folder, 'spans.ndjson'), `${JSON.stringify(span)}\n`);
    const inputs = ['--metrics', join(folder, 'metrics.ndjson'), '--spans', join(folder, 'spans.ndjson')];
    const data = join(folder, 'data');
    const { out, err } = await millrace(['watch', join(folder, 'cart.log'), ...inputs, '--no-follow', '--data', data]);
    expect(objects(out)[0]).toMatchObject({ event: 'opened', services: ['cart'], symptoms: [{ kind: 'saturated' }] });
    expect(err).toContain('31 metrics read, 1 set aside as dead letters');
    expect(err).toContain('1 spans read, 0 set aside as dead letters');
    const dead = await millrace(['query', 'SELECT origin, detail FROM dead_letters', '--data', data, '--json']);
    expect(objects(dead.out)).toMatchObject([
      { origin: 'metrics', detail: expect.stringMatching(/^INPUT_UNREADABLE: metrics/) },
    ]);
  });

  test('may be left out the next time', async () => {
    const folder = emptyDirectory();
    const data = join(folder, 'data');
    const file = join(folder, 'cart.log');
    writeFileSync(file, lines(0, 100));
    const timestamp = new Date(begin).toISOString();
    const point = { timestamp, service: 'cart', name: 'cpu_usage_percent', value: 3 };
    writeFileSync(join(folder, 'metrics.ndjson'), `${JSON.stringify(point)}\n`);
    const watch = (...more: string[]) => millrace(['watch', file, ...more, '--no-follow', '--data', data]);
    expect((await watch('--metrics', join(folder, 'metrics.ndjson'))).code).toBe(0);
    const { code, err } = await watch();
    expect([code, read(err)]).toEqual([0, 0]);
  });
});
