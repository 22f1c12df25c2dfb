/** Lines from before the first that tells a time: in a file of the past they are of the past. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { morning } from '../support/raw-lines.ts';

/** Read a day after the lines say that they were written. */
const now = morning + 86_400_000;
const raw = (line: string) => ({ line, source: '/var/log/cart.log', time: now });
const timed = (second: number) => raw(`${new Date(morning + second * 1_000).toISOString()} INFO line ${second}`);

/** Panes with lines: their start, from the morning on, and how many. */
async function panesOf(...logs: readonly unknown[]) {
  const played = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
  expect(played.deadLetters).toEqual([]);
  return played.tables['service_windows']!.map((row) => [
    (Date.parse(`${String(row['window_start']).replace(' ', 'T').replace('Z', '')}Z`) - morning) / 1_000,
    row['lines'],
  ]);
}

test('a banner happened with the first line that has a time', async () => {
  expect(await panesOf(raw(' :: Spring Boot ::'), raw('starting'), timed(25), timed(26), END)).toEqual([[20, 4]]);
});

test('after a restart, what goes on belongs to the event before it, and what does not has its time', async () => {
  expect(await panesOf(timed(0), timed(5), CRASH, raw('\tat com.shop.Cart'), raw('note'), timed(31), END)).toEqual([
    [0, 3],
    [30, 1],
  ]);
});

test('without any time they happened when they were taken in', async () => {
  expect(await panesOf(raw('plain'), raw('other'), END)).toEqual([[86_400, 2]]);
});

test('nor does one that comes when it is sure that no time will lend them its own', async () => {
  const at = (second: number) => ({ ...raw('plain'), time: now + second * 1_000 });
  expect(await panesOf(at(0), at(25), at(70), END)).toEqual([
    [86_400, 1],
    [86_420, 1],
    [86_470, 1],
  ]);
});
