/** The incident job with declared objectives: a budget that burns opens an incident, and missing requests open none. */
import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { incidentJob } from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import type { Span } from '../../signals/inputs/spans/span.ts';
import type { Objective } from '../../signals/objectives/objective.ts';
import { CRASH, END, PAUSE, play } from '../../testing/index.ts';
import { hours, minutes, type Time } from '../../time/duration.ts';

const start = Date.UTC(2026, 2, 4, 7);
const objective: Objective = { service: 'shop', operation: 'POST /pay', percent: 99.9, days: 28 };

const jobOf = (objectives: readonly Objective[]) =>
  incidentJob({
    ...{ logs: script<RawLine>([]), changes: script<Change>([]), spans: script<Span>([]) },
    settings: { ...incidentDefaults, objectives },
  });

let ids = 0;
const spanOf = (time: Time, span: Partial<Span> = {}): Span => ({
  ...{ trace_id: (++ids).toString(16).padStart(32, '0'), span_id: ids.toString(16).padStart(16, '0') },
  ...{ parent_span_id: null, service: 'shop', instance: null, name: 'pay', operation: 'POST /pay', kind: 'server' },
  ...{ time, start: time - 20, end: time, status: 'ok', peer: null, attributes: {} },
  ...span,
});

interface Traffic {
  readonly from?: Time;
  readonly until: Time;
  readonly every: number;
  /** Whether the nth request fails. */
  readonly fails: (time: Time, n: number) => boolean;
}

const spansOf = ({ from = start, until, every, fails }: Traffic): Span[] => {
  const all: Span[] = [];
  for (let time = from, n = 0; time < until; time += every, n++)
    all.push(spanOf(time, { status: fails(time, n) ? 'error' : 'ok' }));
  return all;
};

interface Row {
  readonly kind: string;
  readonly verdict: string;
  readonly rule: string;
  readonly [column: string]: unknown;
}

async function played(
  input: { readonly spans?: readonly unknown[]; readonly logs?: readonly unknown[] },
  objectives = [objective],
) {
  const { spans = [], logs = [] } = input;
  const { topics, tables, deadLetters } = await play(jobOf(objectives), {
    ...{ changes: [END], logs: [...logs, END], spans: [...spans, END] },
  });
  const events: readonly IncidentEvent[] = ((topics['incidents'] ?? []) as readonly CloudEvent[]).map((e) => e.data);
  const rows = ((tables['decisions'] ?? []) as readonly Row[]).filter(({ kind }) => kind === 'objective');
  return { events, rows, deadLetters, opened: events.filter(({ event }) => event === 'opened') };
}

const failingFrom = (onset: Time) => (time: Time, n: number) => time >= onset && n % 20 < 3;

/** An access line of the service. */
const lineOf = (time: Time, status: number, path = '/pay'): RawLine => {
  const said = { time: new Date(time).toISOString(), service: 'shop', msg: 'served', level: 'info', duration_ms: 12 };
  const request = { req: { method: 'POST', url: `${path}?n=1` }, res: { statusCode: status } };
  return { line: JSON.stringify({ ...said, ...request }), source: 'shop.log', time };
};

describe('an objective of 99.9 percent', () => {
  test('of 1,000 requests an hour 150 fail: a page within five minutes, which tells rate and budget', async () => {
    const onset = start + hours(1);
    const spans = spansOf({ until: onset + minutes(12), every: 3_600, fails: failingFrom(onset) });
    const { events, rows } = await played({ spans });
    const page = events.find(({ urgency }) => urgency === 'page')!;
    expect(Date.parse(page.updated_at) - onset).toBeLessThanOrEqual(minutes(5));
    expect(page.symptoms[0]).toMatchObject({ service: 'shop', kind: 'objective' });
    expect(page.summary).toMatch(
      /8 of 9\d requests of POST \/pay failed in 5 minutes, a burn rate of \d\d where 99.9 % is the objective; /,
    );
    expect(page.summary).toMatch(/the budget of 28 days \(1 hour known\) is used up 7\.\d times/);
    // One row, as it was decided last.
    expect(rows).toMatchObject([
      { service: 'shop', verdict: 'incident', rule: 'burn-hour', log10_p: expect.any(Number) },
    ]);
    expect(rows[0]!['incident_id']).toBe(page.incident_id);
    expect(rows[0]!['told']).toEqual([expect.stringContaining('a burn rate of')]);
  });

  test('one of ten requests an hour that fails pages no one', async () => {
    const spans = spansOf({ until: start + hours(6), every: minutes(6), fails: (_, n) => n === 25 });
    const { events, rows } = await played({ spans });
    expect(events).toEqual([]);
    expect(rows).toEqual([]);
  });

  test('lines with a status are requests where no spans come; it ends when they are served again', async () => {
    const [onset, end] = [start + minutes(10), start + minutes(16)];
    const logs: RawLine[] = [];
    for (let time = start, n = 0; time < start + minutes(30); time += 2_000, n++)
      logs.push(lineOf(time, time >= onset && time < end && n % 4 === 0 ? 502 : 200));
    const { events, rows } = await played({ logs });
    expect(rows[0]).toMatchObject({ kind: 'objective', verdict: 'incident' });
    expect(events.at(-1)).toMatchObject({ event: 'resolved', services: ['shop'] });
    // Lines of another operation are none of its requests.
    const others = logs.map((raw) => ({ ...raw, line: raw.line.replace('/pay', '/cart') }));
    expect((await played({ logs: others })).rows).toMatchObject([{ verdict: 'note', rule: 'no-data' }]);
  });

  test('the same comes of it when the job is killed meanwhile', async () => {
    const onset = start + minutes(20);
    const spans = spansOf({ until: onset + minutes(12), every: 3_600, fails: failingFrom(onset) });
    const expected = await played({ spans });
    const cut = (at: number) => [...spans.slice(0, at), PAUSE(2_000), CRASH, ...spans.slice(at)];
    const again = await played({ spans: cut(400) });
    expect(again.events).toEqual(expected.events);
    expect(again.rows).toEqual(expected.rows);
  });
});

describe('an objective over nothing', () => {
  test('has no data: a note and a warning, an unknown service told; no incident', async () => {
    const spans = spansOf({ until: start + minutes(15), every: 3_600, fails: () => false });
    const other: Objective = { service: 'shpo', percent: 99, within: 300, days: 28 };
    const { events, rows, deadLetters } = await played({ spans }, [objective, other]);
    expect(events).toEqual([]);
    expect(rows).toMatchObject([
      {
        ...{ service: 'shpo', verdict: 'note', rule: 'no-data', observed: 0, ratio: 0, incident_id: '' },
        reason: expect.stringMatching(/^no data: no request of shpo in 10 minutes; .*; nothing else is read/),
      },
    ]);
    expect(deadLetters.map(({ reason }) => reason)).toEqual(['objective-without-data']);
  });

  test('is told at the end of a short input, too; and nothing of one whose requests come late in it', async () => {
    const spans = [spanOf(start, { operation: 'GET /' }), spanOf(start + minutes(2), { operation: 'GET /' })];
    expect((await played({ spans })).rows).toMatchObject([{ rule: 'no-data' }]);
    expect((await played({ spans: [...spans, spanOf(start + minutes(3))] })).rows).toEqual([]);
  });
});

test('without an objective nothing of it is in the plan, and what was stored of it is dropped', async () => {
  const spans = spansOf({ until: start + minutes(10), every: 3_600, fails: failingFrom(start) });
  expect((await played({ spans }, [])).rows).toEqual([]);
  const uids = jobOf([]).nodes.map(({ uid }) => uid);
  expect(uids).not.toContain('objective-watch');
  expect(jobOf([]).drop).toContain('objective-watch');
  expect(jobOf([objective]).nodes.map(({ uid }) => uid)).toContain('objective-watch');
});
