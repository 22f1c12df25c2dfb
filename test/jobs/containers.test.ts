/** Containers that write into one file, line by line: the trace of each is one event, with the time of its file. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { morning } from '../support/raw-lines.ts';

/** Read a day after the lines say that they were written. */
const raw = (line: string) => ({ line, source: 'compose.log', time: morning + 86_400_000 });
const at = (second: number) => new Date(morning + second * 1_000).toISOString();

/** Traces of two services, the lines of which alternate. */
const traces = [
  `cart-1    | ${at(0)} ERROR [main] shop.Cart - no stock`,
  `payment-1 | ${at(1)} ERROR [main] shop.Pay - no card`,
  'cart-1    | java.lang.IllegalStateException: none left',
  'payment-1 | java.io.IOException: gone',
  'cart-1    | \tat shop.Cart.add(Cart.java:12)',
  'payment-1 | \tat shop.Pay.take(Pay.java:7)',
  'cart-1    | Caused by: java.io.IOException: closed',
  'payment-1 | \t... 12 more',
];

test.each([
  ['docker compose', (line: string) => line],
  [
    'stern',
    (line: string) =>
      line.replace('cart-1    |', 'cart-0 cart').replace('payment-1 |', 'payment-84bf9d7c6-x7kzv payment'),
  ],
])('%s', async (_, wrapped) => {
  const lines = traces.map((line) => raw(wrapped(line)));
  for (const logs of [
    [...lines, END],
    [...lines.slice(0, 3), CRASH, ...lines.slice(3), END],
  ]) {
    const { tables, deadLetters } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
    const panes = tables['service_windows']!.map(({ service, lines, errors }) => [service, lines, errors]).sort();
    expect(panes).toEqual([
      ['cart', 1, 1],
      ['payment', 1, 1],
    ]);
    expect(deadLetters).toEqual([]);
  }
});

test('a container that tells no time has that of the lines around it', async () => {
  const logs = [
    raw(`web-1  | ${at(25)} INFO ready`),
    raw('db-1   | listening'),
    raw(`web-1  | ${at(47)} INFO asked`),
    raw('db-1   | answered'),
    END,
  ];
  const { tables } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
  const panes = tables['service_windows']!.map(({ service, window_start: start }) => [
    service,
    String(start).slice(17, 19),
  ]);
  expect(panes.sort()).toEqual([
    ['db', '20'],
    ['db', '40'],
    ['web', '20'],
    ['web', '40'],
  ]);
});
