import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf, { incidentJob } from '../../jobs/incidents.ts';
import type { Change } from '../../signals/changes.ts';
import { CRASH, END, type Played, play } from '../../testing/index.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { jsonLine, morning, shop } from '../support/raw-lines.ts';

const incidents = incidentsOf({ settings: incidentDefaults });
const hour = 3_600;
/** Two hours of peace, and ten minutes in which payment fails; then peace again. */
const failing = (service: string, at: number) =>
  service === 'payment' && at >= 2 * hour && at < 2 * hour + 600 && at % 2 === 0;
const lines = shop(0, 2.5 * hour, failing);
const iso = (at: number) => new Date(morning + at * 1_000).toISOString();
const deployed: Change = {
  timestamp: iso(2 * hour - 60),
  kind: 'deployment',
  service: 'payment',
  version: '2.4.1',
  author: 'mira',
};

const events = (played: Played) => (played.topics['incidents'] as readonly CloudEvent[]).map((e) => e.data);
const run = (logs: readonly unknown[], changes: readonly unknown[] = [deployed]) =>
  play(incidents, { logs: [...logs, END], changes: [...changes, END] });

describe('the incident job', () => {
  test('opens one incident within two minutes, names the deployment before it, and resolves it', async () => {
    const played = await run(lines);
    const [opened, ...rest] = events(played);
    expect(opened).toMatchObject({
      event: 'opened',
      services: ['payment'],
      changes: [{ service: 'payment', version: '2.4.1', author: 'mira' }],
      root_causes: [{ service: 'payment' }],
    });
    expect(Date.parse(opened!.detected_at) - morning - 2 * hour * 1_000).toBeLessThanOrEqual(minutes(2));
    expect(Math.abs(Date.parse(opened!.started_at) - morning - 2 * hour * 1_000)).toBeLessThanOrEqual(seconds(20));
    expect(opened!.symptoms[0]!.samples[0]).toMatch(/^order \d+ failed$/);
    expect(rest.at(-1)).toMatchObject({ event: 'resolved', incident_id: opened!.incident_id });
    expect(new Set(events(played).map((e) => e.incident_id)).size).toBe(1);
  });

  test('leaves its tables as they were told', async () => {
    const { tables, deadLetters } = await run(lines);
    expect(tables['incidents']).toMatchObject([{ status: 'resolved', cause: 'payment', suppressed: false }]);
    expect(tables['changes']).toMatchObject([{ kind: 'deployment', service: 'payment', until: null }]);
    expect(tables['suppressions']).toEqual([]);
    const counted = tables['service_windows']!.reduce((sum, row) => sum + Number(row['lines']), 0);
    expect(counted).toBe(lines.length);
    const [first] = tables['incident_windows']!;
    expect(first).toMatchObject({ service: 'payment', kind: 'errors', suppressed_by: '' });
    expect(Number(first!['observed'])).toBeGreaterThan(4 * Number(first!['expected']));
    expect(deadLetters).toEqual([]);
  });

  test('killed again and again it says the same, each thing once', async () => {
    const cuts = [0.3, 0.795, 0.803, 0.81, 0.9].map((share) => Math.floor(share * lines.length));
    const killed = cuts.flatMap((cut, i) => [...lines.slice(cuts[i - 1] ?? 0, cut), CRASH]);
    const [straight, crashed] = [await run(lines), await run([...killed, ...lines.slice(cuts.at(-1))])];
    expect(crashed.lives).toBe(6);
    expect(crashed.topics['incidents']).toEqual(straight.topics['incidents']);
    const without = (rows: Played['tables'][string] = []) => rows.map(({ revision: _, ...row }) => row);
    for (const table of ['service_windows', 'incident_windows', 'incidents', 'changes', 'suppressions', 'templates']) {
      expect(without(crashed.tables[table])).toEqual(without(straight.tables[table]));
    }
  });

  test('a stack trace is one error, and no line is counted twice', async () => {
    const frames = Array.from({ length: 30 }, (_, i) => `\tat shop.Cart.step${i}(Cart.java:${i})`);
    const traced = Array.from({ length: 60 }, (_, i) => {
      const at = morning + i * 10_000;
      const first = `${new Date(at).toISOString()} ERROR [main] shop.Cart - order ${i} failed`;
      return [first, 'java.lang.IllegalStateException: none left', ...frames].map((line) => {
        return { line, source: 'cart/pod-1', time: at };
      });
    });
    const { tables } = await run(traced.flat(), []);
    const rows = tables['service_windows']!;
    expect(rows.reduce((sum, row) => sum + Number(row['lines']), 0)).toBe(60);
    expect(rows.reduce((sum, row) => sum + Number(row['errors']), 0)).toBe(60);
    expect(tables['templates']).toMatchObject([
      { service: 'cart', template: 'order <*> failed', level: 'ERROR', count: 60, alias_of: '' },
    ]);
  });

  test('shows with an incident which kinds of lines are new, missing and surging', async () => {
    const told = lines.map((line) => {
      const at = (line.time - morning) / 1_000;
      if (line.source !== 'payment/pod-1' || at < 2 * hour || at >= 2 * hour + 600) return line;
      return at % 2 === 0
        ? jsonLine('payment', at, 'error', 'the till is stuck')
        : jsonLine('payment', at, 'error', `order ${at} failed`);
    });
    const played = await run(told);
    const last = events(played).at(-1)!.symptoms[0]!;
    expect(last.new_templates).toMatchObject([{ template: 'the till is stuck', level: 'ERROR' }]);
    expect(last.missing_templates).toMatchObject([{ template: 'order <*> done', observed: 0 }]);
    expect(last.surging_templates).toMatchObject([{ template: 'order <*> failed' }]);
    expect(played.tables['incident_windows']!.at(-1)).toMatchObject({ new_templates: ['the till is stuck'] });
    const stuck = played.tables['templates']!.find((row) => row['template'] === 'the till is stuck');
    expect(stuck).toMatchObject({ service: 'payment', count: 300 });
  });

  test('holds an announced maintenance back, with its reason in events and table', async () => {
    const maintenance = { ...deployed, kind: 'maintenance', until: iso(2 * hour + 660) };
    const played = await run(lines, [maintenance]);
    expect(events(played)[0]).toMatchObject({ event: 'suppressed', suppressed: true });
    expect(events(played).filter((e) => e.event === 'opened')).toEqual([]);
    expect(played.tables['suppressions']).toMatchObject([{ service: 'payment', rule: 'maintenance' }]);
  });

  test('sees a service fall silent while the others speak', async () => {
    const silent = lines.filter(
      ({ source, time }) => !source.startsWith('cart') || time < morning + 2.1 * hour * 1_000,
    );
    const found = events(await run(silent)).find((e) => e.services[0] === 'cart');
    expect(found).toMatchObject({ event: 'opened', symptoms: [{ service: 'cart', kind: 'silent' }] });
    expect(Date.parse(found!.detected_at) - Date.parse(found!.started_at)).toBeLessThan(minutes(3));
  });

  test('at the end of its input does not take the end for silence', async () => {
    expect(events(await run(shop(0, 2.5 * hour)))).toEqual([]);
  });

  test('what can not be read becomes a dead letter and stops nothing', async () => {
    const broken = [{ line: 7 }, null, { ...jsonLine('cart', 1, 'info', 'x'), time: Number.NaN }];
    const played = await run([...broken, ...lines], ['yesterday', null, { kind: 'deployment' }, deployed]);
    expect(played.deadLetters.length).toBe(6);
    expect(events(played)[0]).toMatchObject({ event: 'opened', changes: [{ version: '2.4.1' }] });
  });

  test('judges, names and reads lines as its settings say', async () => {
    const formats = [
      { name: 'till', pattern: '%{TIMESTAMP} <%{LOGLEVEL}> till %{WORD:service.name}: %{GREEDYDATA:message}' },
    ];
    const settings = { ...incidentDefaults, environment: 'shop', timezone: '+02:00', formats };
    const line = { line: '2025-03-04 10:00:00 <ERROR> till north: no paper', source: 'tills/1', time: morning };
    const { tables } = await play(incidentsOf({ settings }), { logs: [line, END], changes: [END] });
    expect(tables['service_windows']).toMatchObject([{ environment: 'shop', service: 'north', errors: 1 }]);
    expect(Date.parse(String(tables['service_windows']![0]!['window_start']))).toBe(Date.UTC(2025, 2, 4, 8));
  });

  test('a formula that is not allowed is refused when the job is built', () => {
    const score = { ...incidentDefaults.score, formula: 'evaluate("1")' };
    const settings = { ...incidentDefaults, score };
    expect(() => incidentJob({ logs: script([]), changes: script([]), settings })).toThrow(/^FORMULA_REFUSED/);
  });
});
