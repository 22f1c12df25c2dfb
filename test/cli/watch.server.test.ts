import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { millrace, objects, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { firstShown } from '../support/shown.ts';

const begin = Date.UTC(2026, 0, 29, 8);

/** Lines of one service, a second each; those from `failing` on are errors. */
function lines(from: number, to: number, failing = Number.POSITIVE_INFINITY): string {
  return Array.from({ length: to - from }, (_, i) => {
    const text = from + i >= failing ? 'ERROR can not reach the bank' : 'INFO request served';
    return `${new Date(begin + (from + i) * 1_000).toISOString()} ${text}\n`;
  }).join('');
}

const read = (err: string): number => Number(/(\d+) lines read/.exec(err)![1]);
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
