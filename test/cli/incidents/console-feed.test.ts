import { describe, expect, test } from 'vitest';
import { ConsoleFeed } from '../../../cli/incidents/console-feed.ts';
import { ConsoleState } from '../../../cli/incidents/console-state.ts';
import { makeIncidentJob } from '../../../cli/incidents/run.ts';
import { script } from '../../../connectors/script.ts';
import { lastMinute } from '../../../console/rates.ts';
import type { IncidentEvent } from '../../../incidents/incident.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import type { RawLine } from '../../../logs/lines/raw-line.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import type { Change } from '../../../signals/changes.ts';
import { memoryTables } from '../../../tables/memory.ts';
import type { ChunkInfo, Tables } from '../../../tables/tables.ts';

const metrics = new Metrics();
const state = new ConsoleState();
const job = await makeIncidentJob({
  logs: script<RawLine>([]),
  changes: script<Change>([]),
  settings: incidentDefaults,
});
const feed = new ConsoleFeed({ state, job, metrics, config: { settings: incidentDefaults, teams: {} } });

describe('tables that the feed watches', () => {
  test('get every insert as it was made, also one that may have been sent before', async () => {
    const inserts: ChunkInfo[] = [];
    const tables: Tables = { ...memoryTables(), insert: async (_, __, chunk) => void inserts.push(chunk) };
    const chunk = { rows: 0, token: 't', again: true };
    await feed.watching(tables).insert('service_windows', new Uint8Array(), chunk);
    expect(inserts).toEqual([chunk]);
  });

  test('answer as they would unwatched, also where their methods stand in a class', async () => {
    class Stored implements Tables {
      readonly #answers = [{ one: 1 }];
      readonly asked: unknown[] = [];
      async ensure(spec: unknown): Promise<void> {
        this.asked.push(spec);
      }
      async insert(): Promise<void> {}
      async rows(table: string) {
        this.asked.push(table);
        return this.#answers;
      }
      async query(sql: string, values?: Readonly<Record<string, unknown>>) {
        this.asked.push([sql, values]);
        return this.#answers;
      }
      async close(): Promise<void> {
        this.asked.push('close');
      }
    }
    const stored = new Stored();
    const watched = feed.watching(stored);
    expect(await watched.rows('t')).toEqual([{ one: 1 }]);
    expect(await watched.query('SELECT {n:Int8}', { n: 1 })).toEqual([{ one: 1 }]);
    await watched.ensure({ name: 't', comment: '', columns: {}, identity: [] });
    await watched.close();
    expect(stored.asked).toEqual([
      't',
      ['SELECT {n:Int8}', { n: 1 }],
      { name: 't', comment: '', columns: {}, identity: [] },
      'close',
    ]);
  });
});

describe('what is shown', () => {
  test('of earlier runs: the minute of each service before any line is read', () => {
    const { feed, state } = fed();
    const start = Date.UTC(2026, 0, 29, 8);
    const row = { service: 's', lines: 5, errors: 2, usual_errors: 1 };
    const panes = [0, 10, 20].map((at) => ({ ...row, window_start: new Date(start + at * 1_000).toISOString() }));
    feed.restore({ incidents: [], panes });
    const { services, countedTo, now } = state.snapshot;
    expect(lastMinute(services[0]!.series, countedTo)).toEqual({ total: 15, errors: 6, expected: 3 });
    expect(now).toBe(start + 20_000);
  });

  const pane = (start: number, more: Record<string, unknown> = {}) =>
    Buffer.from(
      `${JSON.stringify({ service: 's', window_start: new Date(start).toISOString(), lines: 5, errors: 0, ...more })}\n`,
    );
  const fed = () => {
    const metrics = new Metrics();
    const state = new ConsoleState();
    const feed = new ConsoleFeed({ state, job, metrics, config: { settings: incidentDefaults, teams: {} } });
    const tables = feed.watching({ ...memoryTables(), insert: async () => {} });
    const show = (ndjson: Uint8Array) => tables.insert('service_windows', ndjson, { rows: 1, token: 't' });
    return { metrics, state, feed, show };
  };

  test('is counted as far as later panes came, and as far as event time was ten seconds ago', async () => {
    const { metrics, state, feed, show } = fed();
    const counted = async (wall: number, watermark: number) => {
      metrics.set('millrace_watermark_ms', 'logs', watermark);
      await feed.sample({ now: watermark, wall });
      return state.snapshot.countedTo;
    };
    await show(pane(600_000));
    expect(await counted(0, 612_999)).toBe(600_000);
    // Other services of the same pane, and the next panes, may be on their way.
    expect(await counted(9_000, 634_999)).toBe(600_000);
    expect(await counted(10_000, 634_999)).toBe(610_000);
    expect(await counted(19_000, 642_999)).toBe(630_000);
    await show(pane(650_000));
    expect(await counted(20_000, 642_999)).toBe(650_000);
  });

  test('tells when a line was read last, and what was set aside so far', async () => {
    const { metrics, state, feed } = fed();
    await feed.sample({ now: 0, wall: 1_000 });
    expect(state.snapshot.reading).toEqual({ at: 1_000, since: 1_000, lastLineAt: null, dead: 0, late: 0 });
    metrics.add('millrace_records_in_total', 'logs', 3);
    metrics.add('millrace_records_dead_total', 'panes', 2);
    metrics.add('millrace_records_late_total', 'panes', 1);
    await feed.sample({ now: 0, wall: 2_000 });
    await feed.sample({ now: 0, wall: 3_000 });
    expect(state.snapshot.reading).toEqual({ at: 3_000, since: 1_000, lastLineAt: 2_000, dead: 2, late: 1 });
  });

  test('lags as far as event time is behind the clock, not behind itself', async () => {
    const { metrics, state, feed } = fed();
    metrics.set('millrace_watermark_ms', 'logs', 5_000);
    metrics.set('millrace_watermark_lag_seconds', 'logs', 95);
    await feed.sample({ now: 5_000, wall: 100_000 });
    expect(state.snapshot.graph.map(({ lagS }) => lagS)).toEqual(state.snapshot.graph.map(() => 95));
  });

  test('has no team or weight of what every object has by nature, however a service is called', async () => {
    const { state, feed, show } = fed();
    await show(pane(0, { service: 'constructor' }));
    await feed.sample({ now: 0, wall: 0 });
    const [service] = state.snapshot.services;
    expect(service).toMatchObject({ name: 'constructor', criticality: 1 });
    expect(service).not.toHaveProperty('team');
  });
});

describe('an incident', () => {
  const symptom = {
    service: 'cart',
    kind: 'errors',
    onset: '2026-01-29T08:00:00.000Z',
    window_seconds: 60,
    observed: 1,
    expected: 0.5,
    samples: [],
    new_templates: [],
    missing_templates: [],
    surging_templates: [],
  };
  const event = (symptoms: readonly unknown[]) =>
    ({
      event: 'updated',
      incident_id: 'i',
      started_at: symptom.onset,
      detected_at: symptom.onset,
      updated_at: '2026-01-29T08:20:00.000Z',
      resolved_at: null,
      services: ['cart'],
      root_causes: [],
      changes: [],
      symptoms,
    }) as unknown as IncidentEvent;
  const shown = (symptoms: readonly unknown[], more: Partial<IncidentEvent> = {}) => {
    const state = new ConsoleState();
    const feed = new ConsoleFeed({ state, job, metrics, config: { settings: incidentDefaults, teams: {} } });
    feed.restore({ incidents: [{ ...event(symptoms), ...more }], panes: [] });
    return state.snapshot;
  };

  test('names the changes before it with their kinds, so that a flag is not taken for a deployment', () => {
    const change = { timestamp: symptom.onset, service: 'cart', version: '2', author: 'ada' };
    const changes = ['deployment', 'config', 'flag'].map((kind) => ({ ...change, kind }));
    const at = Date.parse(symptom.onset);
    expect(shown([symptom], { changes }).incidents[0]!.deploys).toEqual(
      ['deployment', 'config', 'flag'].map((kind) => ({ service: 'cart', kind, version: '2', author: 'ada', at })),
    );
  });
  const now = { service: 'cart', signal: 'error lines', expected: 0.5, observed: 1, windowMs: 60_000 };

  test('shows how its services are now, how they were at the peak, and since when they are well', () => {
    const peak = { at: '2026-01-29T08:05:00.000Z', kind: 'silent', window_seconds: 300, observed: 0, expected: 80 };
    const told = { ...symptom, well_since: '2026-01-29T08:18:00.000Z', peak, text: 'well since 08:18:00' };
    expect(shown([told]).incidents[0]!.evidence).toEqual([
      {
        ...now,
        onset: Date.parse(symptom.onset),
        wellSince: Date.UTC(2026, 0, 29, 8, 18),
        peak: { at: Date.UTC(2026, 0, 29, 8, 5), signal: 'lines', expected: 80, observed: 0, windowMs: 300_000 },
        text: 'well since 08:18:00',
      },
    ]);
  });

  test('that an earlier version stored is shown as far as it tells, at the time of its last event', () => {
    const { incidents, now: at } = shown([symptom]);
    expect(incidents[0]!.evidence).toEqual([{ ...now, onset: Date.parse(symptom.onset) }]);
    expect(at).toBe(Date.UTC(2026, 0, 29, 8, 20));
  });
});
