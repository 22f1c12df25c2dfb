/** Files with ever new names of containers and services: what is kept of them is bounded, and what a line costs. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { CRASH, END, PAUSE, type Played, play } from '../../testing/index.ts';
import { seconds } from '../../time/duration.ts';
import { morning } from '../support/raw-lines.ts';

const incidents = incidentsOf({ settings: incidentDefaults });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const stamp = (ms: number) => new Date(ms).toISOString();
/** Everything is committed, and the process dies. */
const restart = [PAUSE(seconds(3)), CRASH];
const play1 = (...logs: readonly unknown[]) => play(incidents, { logs, changes: [END] });

/** How ever new names come in: in front of a line, around it, in it, and of the source itself. */
const forms: Readonly<Record<string, (n: number, text: string, time: number) => RawLine>> = {
  compose: (n, text, time) => ({ line: `pay${n}-1  | ${text}`, source: '/var/log/all.log', time }),
  kubectl: (n, text, time) => ({
    line: `[pod/pay${n}-75ff987878-kh56q/server] ${text}`,
    source: '/var/log/all.log',
    time,
  }),
  stern: (n, text, time) => ({ line: `pay${n}-75ff987878-kh56q server ${text}`, source: '/var/log/all.log', time }),
  'labels of pods': (n, text, time) => ({
    line: JSON.stringify({ log: text, stream: 'stdout', kubernetes: { pod_name: 'p-1', labels: { app: `pay${n}` } } }),
    ...{ source: `p-${n}`, origin: 'all', time },
  }),
  records: (n, text, time) => ({
    line: JSON.stringify({ time, level: 'error', service: `pay${n}`, msg: text }),
    ...{ source: '/var/log/all.log', time },
  }),
  sources: (n, text, time) => ({ line: text, source: `pay${n}/pod-1`, origin: 'all', time }),
  'a service for the file': (n, text, time) => ({
    line: `pay${n}-1  | ${text}`,
    ...{ source: 'all//var/log/x.log', origin: '/var/log/x.log', time },
  }),
};

const lines = (form: keyof typeof forms, from: number, to: number) =>
  times(to - from, (i) => {
    const [n, time] = [from + i, morning + (from + i) * 20];
    return forms[form]!(n, `${stamp(time)} ERROR payment ${n} declined`, time);
  });

const servicesOf = ({ tables }: Played) => new Set(tables['service_windows']!.map(({ service }) => String(service)));
const linesOf = ({ tables }: Played, service: string) =>
  tables['service_windows']!.filter((row) => row['service'] === service).reduce(
    (n, row) => n + Number(row['lines']),
    0,
  );
const lettersOf = ({ deadLetters }: Played, reason: string) =>
  deadLetters.filter((letter) => letter['reason'] === reason).map((letter) => JSON.parse(String(letter['sample'])));

test.each(Object.keys(forms))('%s: five hundred are services, the others count for what carries them', async (form) => {
  const played = await play1(...lines(form, 0, 700), END);
  expect(servicesOf(played).size).toBe(501);
  expect(linesOf(played, 'all')).toBe(200);
  expect(lettersOf(played, 'names-full')).toMatchObject([{ named: 'pay500', service: 'all', most: 500, lines: 1 }]);
});

test('a container whose word is turned away with it counts for the file', async () => {
  const line = (n: number) => {
    const time = morning + n * 20;
    return { line: `pay${n}-1  | ${stamp(time)} ERROR [order-${n},,] no`, source: '/var/log/all.log', time };
  };
  const played = await play1(...times(600, line), END);
  expect(servicesOf(played).size).toBe(501);
  expect(linesOf(played, 'all')).toBe(100);
});

test('names that come back make room for others, also behind a restart', async () => {
  const [first, again] = [lines('compose', 0, 500), lines('compose', 0, 600)];
  const later = again.map(({ line, source }, n) => {
    const time = morning + seconds(70) + n;
    return { line: line.replace(/\d{4}-\S+/, stamp(time)), source, time };
  });
  // Their panes are over.
  const passed = lines('compose', 2_000, 2_001).map((line) => ({
    ...line,
    line: line.line.replace('pay2000', 'pay0'),
  }));
  const played = await play1(...first, ...passed, ...restart, ...later, END);
  expect(servicesOf(played).size).toBe(600);
  expect(lettersOf(played, 'names-full')).toEqual([]);
});

test('two thousand containers are held; those heard of longest ago end their events, which is told', async () => {
  const trace = (n: number, text: string) => ({ line: `pay${n}-1  | ${text}`, source: '/var/log/all.log', time: 0 });
  const begun = times(2_001, (n) => trace(n, `${stamp(morning + n)} ERROR [main] shop.Pay - no card`));
  const goesOn = [0, 124, 125, 2_000].map((n) => trace(n, '\tat shop.Pay.take(Pay.java:7)'));
  for (const logs of [
    [...begun, ...goesOn, END],
    [...begun.slice(0, 1_990), ...restart, ...begun.slice(1_990), ...restart, ...goesOn, END],
  ]) {
    const played = await play1(...logs);
    const lines = played.tables['service_windows']!.reduce((sum, row) => sum + Number(row['lines']), 0);
    expect(lines).toBe(2_003);
    expect(lettersOf(played, 'sources-full')).toEqual([{ origin: '/var/log/all.log', events: 125, most: 2_000 }]);
  }
});

test('what a line costs does not depend on how many names there are', async () => {
  const cost = async (names: number) => {
    const from = process.cpuUsage();
    const logs = times(8_000, (n) => forms['compose']!(n % names, `${stamp(morning + n)} INFO ok`, morning + n));
    await play1(...logs, END);
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  await cost(500);
  expect(await cost(8_000)).toBeLessThan(4 * (await cost(500)));
});
