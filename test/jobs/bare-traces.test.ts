/** Traces without a header between the records of a service: they count for it. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { CRASH, END, PAUSE, type Played, play } from '../../testing/index.ts';
import { seconds } from '../../time/duration.ts';
import { morning } from '../support/raw-lines.ts';

const raw = (line: string) => ({ line, source: '/var/log/app.log', time: morning });
const record = (service: string, at: number) =>
  raw(JSON.stringify({ time: new Date(morning + at * 1_000), level: 'info', service, msg: `order ${at} done` }));
const trace = ['Traceback (most recent call last):', '  File "/app/cart.py", line 7', 'ValueError: none left'].map(raw);

/** Lines and errors of each service. */
function countsOf({ tables }: Played) {
  const counts: Record<string, number[]> = {};
  for (const { service, lines, errors } of tables['service_windows']!) {
    const [all, bad] = counts[String(service)] ?? [0, 0];
    counts[String(service)] = [all! + Number(lines), bad! + Number(errors)];
  }
  return counts;
}

const played = async (...logs: readonly unknown[]) =>
  countsOf(await play(incidentsOf({ settings: incidentDefaults }), { logs: [...logs, END], changes: [END] }));

test('a trace between the records of one service counts for it, also behind a restart', async () => {
  const before = [record('cart', 0), record('cart', 1), ...trace, record('cart', 20)];
  const after = [...trace, record('cart', 21)];
  expect(await played(...before, ...after)).toEqual({ cart: [6, 2] });
  expect(await played(...before, PAUSE(seconds(3)), CRASH, ...after)).toEqual({ cart: [6, 2] });
});

test('a trace between the records of several services counts for its file', async () => {
  const counts = await played(record('cart', 0), record('pay', 1), ...trace, record('cart', 2), record('pay', 3));
  expect(counts).toEqual({ app: [1, 1], cart: [2, 0], pay: [2, 0] });
});
