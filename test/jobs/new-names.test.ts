/** Services that words of a line name: a source that brings too many new ones brings values. */
import { describe, expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { countAway, NameAdmission, newNames, type SourceNames, wordBounds } from '../../logs/lines/new-names.ts';
import { CRASH, END, PAUSE, type Played, play } from '../../testing/index.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { morning } from '../support/raw-lines.ts';

const incidents = incidentsOf({ settings: incidentDefaults });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const stamp = (ms: number) => new Date(ms).toISOString();

/** A line that has an order where Spring writes the name of its application. */
const ordered = (n: number, at: number, source = '/var/log/pay.log') => {
  const line = `${stamp(morning + at)} ERROR [order-${n},,] payment declined`;
  return { line, source, time: morning + at };
};

const servicesOf = ({ tables }: Played) => new Set(tables['service_windows']!.map(({ service }) => String(service)));
const linesOf = ({ tables }: Played, service: string) =>
  tables['service_windows']!.filter((row) => row['service'] === service).reduce(
    (n, row) => n + Number(row['lines']),
    0,
  );
const play1 = (...logs: readonly unknown[]) => play(incidents, { logs, changes: [END] });

describe('new names of a source', () => {
  test('are twenty; what comes behind them counts for the source, and is told once', async () => {
    const played = await play1(...times(515, (n) => ordered(n, n * 100)), END);
    expect(servicesOf(played).size).toBe(21);
    expect(linesOf(played, 'pay')).toBe(495);
    expect(played.deadLetters).toHaveLength(1);
    expect(played.deadLetters[0]).toMatchObject({ origin: 'lines', reason: 'names-full' });
    expect(JSON.parse(String(played.deadLetters[0]!['sample']))).toMatchObject({
      source: '/var/log/pay.log',
      named: 'order-20',
      service: 'pay',
      most: 20,
    });
  });

  test('make room for others when they come back in another minute; each source has its own', async () => {
    const other = times(25, (n) => ordered(100 + n, 30_000 + n, '/var/log/ship.log'));
    const played = await play1(...times(25, (n) => ordered(n, 30_000 + n)), ...other, END);
    expect(servicesOf(played).size).toBe(42);
    const later = await play1(...times(25, (n) => ordered(n, n)), ...times(25, (n) => ordered(n, 60_000 + n)), END);
    expect(servicesOf(later).size).toBe(26);
    expect(linesOf(later, 'pay')).toBe(5);
  });

  test('are the same after a restart: what was admitted is, and what was counted counts', async () => {
    const [before, after] = [times(15, (n) => ordered(n, n)), times(30, (n) => ordered(n, seconds(20) + n))];
    const played = await play1(...before, ordered(0, seconds(15)), PAUSE(seconds(3)), CRASH, ...after, END);
    expect(servicesOf(played)).toEqual(servicesOf(await play1(...before, ordered(0, seconds(15)), ...after, END)));
    expect(linesOf(played, 'pay')).toBe(10);
  });

  test('do not matter where a record, a shipper or a source names the service', async () => {
    const record = (n: number) => JSON.stringify({ time: morning + n, level: 'info', service: `shop-${n}`, msg: 'ok' });
    const records = times(40, (n) => ({ line: record(n), source: 'logs-0', time: morning + n }));
    const prefixed = times(40, (n) => ({
      line: `[pod/web${n}-75ff987878-kh56q/server] ${stamp(morning + n)} INFO ok`,
      ...{ source: 'kubectl', time: morning + n },
    }));
    const played = await play1(...records, ...prefixed, END);
    expect(servicesOf(played).size).toBe(80);
    expect(played.deadLetters).toEqual([]);
  });
});

describe('what is known of names', () => {
  const words = new NameAdmission(wordBounds);
  const admits = (names: SourceNames, name: string, time: number) => words.admits(names, name, time);
  const bring = (names: SourceNames, minute: number, count: number) =>
    times(count, (n) => admits(names, `order-${minute}-${n}`, minutes(minute))).filter(Boolean).length;

  test('one that came back is admitted however many are new, and is not forgotten while it is heard of', () => {
    const names = newNames();
    for (let minute = 0; minute < 600; minute++) {
      expect(admits(names, 'cart', minutes(minute))).toBe(true);
      bring(names, minute, 30);
      for (let n = 0; n < 4; n++) bring(names, minute - 1, 30);
    }
    expect(names.young.length + names.old.length).toBeLessThanOrEqual(512);
    expect(names.trial.length).toBeLessThanOrEqual(20);
  });

  test('of those that do not come back twenty are admitted in an hour, however slowly they come', () => {
    const names = newNames();
    const admitted = times(180, (minute) => bring(names, minute, 5)).reduce((sum, n) => sum + n);
    expect(admitted).toBe(60);
  });

  test('one that came back long ago and was not heard of since is new again', () => {
    const few = new NameAdmission({ onTrial: 1, kept: 2 });
    const names = newNames();
    const admitted = (minute: number, name: string) => few.admits(names, name, minutes(minute));
    ['a', 'b', 'c', 'd', 'e'].forEach((name, n) => {
      expect([admitted(2 * n, name), admitted(2 * n + 1, name)]).toEqual([true, true]);
    });
    expect([names.old, names.young]).toEqual([['c', 'd'], ['e']]);
    expect(admitted(10, 'new')).toBe(true);
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => admitted(10, name))).toEqual([false, false, true, true, true]);
  });

  test('it is told at once, then once an hour', () => {
    const names = newNames();
    expect([0, 58, 59, 60, 61].map((minute) => countAway(names, minutes(minute)))).toEqual([1, 0, 0, 3, 0]);
  });
});
