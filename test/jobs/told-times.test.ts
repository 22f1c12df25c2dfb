/** Lines that tell no time, behind a restart: they have the time of the line before it, as in one run. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { CRASH, END, PAUSE, play } from '../../testing/index.ts';
import { hours, seconds } from '../../time/duration.ts';
import { morning } from '../support/raw-lines.ts';

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
/** Everything is committed, and the process dies. */
const restart = [PAUSE(seconds(3)), CRASH];
const timed = (at: number, rest: string) => `${new Date(morning + seconds(at)).toISOString()} ${rest}`;

/** Per pane the service, its lines and its errors, of lines that are read a day after they were written. */
async function panesOf(script: readonly unknown[]) {
  const logs = script.map((part) =>
    typeof part === 'string' ? { line: part, source: '/var/log/shop.log', time: morning + hours(24) } : part,
  );
  const { tables, deadLetters } = await play(incidentsOf({ settings: incidentDefaults }), {
    logs: [...logs, END],
    changes: [END],
  });
  expect(deadLetters).toEqual([]);
  return tables['service_windows']!.map((row) => [row['service'], row['window_start'], row['lines'], row['errors']]);
}

test('many plain lines behind the last one with a time', async () => {
  const before = [timed(1, 'INFO ready'), timed(12, 'INFO order 1 taken'), 'order 2 done'];
  const after = times(250, (n) => `order ${n} done`);
  const panes = await panesOf([...before, ...after]);
  expect(panes).toHaveLength(2);
  expect(await panesOf([...before, ...restart, ...after])).toEqual(panes);
  expect(await panesOf([...before.slice(0, 2), ...restart, 'order 2 done', ...after])).toEqual(panes);
});

test('the rest of a trace that the restart has cut', async () => {
  const trace = [
    timed(12, 'ERROR order 1 lost'),
    'java.lang.IllegalStateException: none left',
    '\tat shop.Cart.add(Cart.java:12)',
    '\tat shop.Cart.take(Cart.java:7)',
    'Caused by: java.io.IOException: closed',
    '\t... 12 more',
  ];
  const lines = [timed(1, 'INFO ready'), ...trace, timed(13, 'INFO order 2 taken')];
  const panes = await panesOf(lines);
  expect(panes.map(([, , ...counts]) => counts)).toEqual([
    [1, 0],
    [2, 1],
  ]);
  for (let at = 2; at < lines.length; at++)
    expect(await panesOf([...lines.slice(0, at), ...restart, ...lines.slice(at)])).toEqual(panes);
});
