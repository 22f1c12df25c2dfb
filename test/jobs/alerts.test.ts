/** The incident job with alerts of other systems: evidence, a burst that opens an incident, or a note with a reason. */
import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { incidentJob } from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import type { Alert } from '../../signals/inputs/alerts/alert.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { minutes, seconds, type Time } from '../../time/duration.ts';
import { jsonLine, morning } from '../support/raw-lines.ts';

const job = () =>
  incidentJob({
    ...{
      logs: script<RawLine>([]),
      changes: script<Change>([]),
      alerts: script<Alert>([]),
      metrics: script<Metric>([]),
    },
    settings: incidentDefaults,
  });

const onset = morning + minutes(12);

const alertOf = (service: string, at: Time, more: Partial<Alert> = {}): Alert => {
  const name = more.name ?? 'HighErrorRate';
  return {
    ...{ id: `${service}/${name}@${at}`, fingerprint: `${service}/${name}`, time: at, service, instance: null, name },
    ...{ source: 'alertmanager', severity: 'critical', state: 'firing', resolved_at: null, labels: {} },
    ...more,
  };
};

const overAt = (alert: Alert, resolved: Time): Alert => ({ ...alert, state: 'resolved', resolved_at: resolved });

/** A line a second of a service; from `fails` on for two minutes they are errors. */
function linesOf(service: string, { until, fails = Number.POSITIVE_INFINITY }: { until: Time; fails?: Time }) {
  const all: RawLine[] = [];
  for (let n = 0; morning + n * 1_000 < until; n++) {
    const at = morning + n * 1_000;
    const isError = at >= fails && at < fails + minutes(2);
    all.push(jsonLine(service, n, isError ? 'error' : 'info', isError ? 'no stock' : 'done'));
  }
  return all;
}

async function told(sources: {
  readonly logs?: readonly unknown[];
  readonly alerts: readonly unknown[];
  readonly metrics?: readonly unknown[];
}) {
  const { logs = [], alerts, metrics = [] } = sources;
  const { topics, tables, deadLetters } = await play(job(), {
    logs: [...logs, END],
    changes: [END],
    metrics: [...metrics, END],
    alerts: [...alerts, END],
  });
  const events = ((topics['incidents'] ?? []) as readonly CloudEvent[]).map(({ data }) => data);
  return { events, decisions: tables['decisions'] ?? [], deadLetters };
}

const kinds = (events: readonly { readonly event: string }[]) =>
  events.map(({ event }) => event).filter((event) => event !== 'updated');

const burst = (count: number, at = onset) =>
  Array.from({ length: count }, (_, n) => alertOf(`service-${n}`, at + seconds(5 * n)));

describe('of services that nothing else is read of', () => {
  test('ten within a minute open one incident with the onset of the first, which is resolved when they are over', async () => {
    const alerts = burst(10);
    const quiet = alertOf('later', onset + minutes(30));
    const { events } = await told({
      alerts: [...alerts, ...alerts.map((alert) => overAt(alert, onset + minutes(6))), quiet],
    });
    expect(kinds(events)).toEqual(['opened', 'resolved']);
    const [opened] = events;
    expect(new Set(events.at(-1)!.services)).toEqual(new Set(alerts.map(({ service }) => service)));
    expect(opened!.started_at).toBe(new Date(onset).toISOString());
    expect(opened!.symptoms[0]).toMatchObject({ kind: 'alerts', observed: 1 });
    expect(Date.parse(opened!.detected_at) - onset).toBeLessThanOrEqual(minutes(1));
    expect(events.flatMap(({ alerts: ids }) => ids).toSorted()).toEqual(alerts.map(({ id }) => id).toSorted());
    expect(opened!.root_causes[0]!.reasons[0]).toMatch(/^alert HighErrorRate since 08:12:/);
    expect(events.at(-1)!.resolved_at).toBe(new Date(onset + minutes(6)).toISOString());
  });

  test('three are notes, however many were over long ago, and whatever a sender calls a notice', async () => {
    const past = Array.from({ length: 30 }, (_, n) => {
      const began = morning + minutes(n % 10);
      return overAt(alertOf(`past-${n}`, began), began + 1_000);
    });
    const mild = burst(9).map((alert) => ({ ...alert, severity: 'info', fingerprint: `mild ${alert.fingerprint}` }));
    const { events, decisions } = await told({ alerts: [...past, ...burst(3), ...mild] });
    expect(events.filter(({ started_at: at }) => Date.parse(at) >= onset)).toEqual([]);
    const note = { verdict: 'note', rule: 'few', kind: 'alerts', reason: expect.stringMatching(/no burst$/) };
    expect(decisions).toContainEqual(expect.objectContaining({ ...note, service: 'service-0' }));
  });

  test('one that comes and goes is one, and an environment that always alerts has no burst', async () => {
    const flapping = Array.from({ length: 12 }, (_, n) => alertOf('cart', onset + 4_000 * n)).flatMap((alert) => [
      alert,
      overAt(alert, alert.time + 2_000),
    ]);
    expect((await told({ alerts: flapping })).events).toEqual([]);
    const noise = Array.from({ length: 60 * 4 }, (_, n) => alertOf(`noise-${n}`, morning + n * seconds(15)));
    const brief = noise.flatMap((alert) => [alert, overAt(alert, alert.time + seconds(10))]);
    expect((await told({ alerts: [...brief, ...burst(3, morning + minutes(61))] })).events).toEqual([]);
  });

  test('the same comes of it when a webhook repeats the group five times, and when the job is killed meanwhile', async () => {
    const all = [...burst(10), ...burst(10).map((alert) => overAt(alert, onset + minutes(6)))];
    const plain = await told({ alerts: all });
    const repeated = Array.from({ length: 5 }, () => burst(10)).flat();
    expect((await told({ alerts: [...burst(10), ...repeated, ...all.slice(10)] })).events).toEqual(plain.events);
    expect(await told({ alerts: [...all.slice(0, 4), CRASH, ...all.slice(4, 12), CRASH, ...all.slice(12)] })).toEqual(
      plain,
    );
  });

  test('an end of nothing that fires opens nothing and is told', async () => {
    const ends = burst(10).map((alert) => ({ ...overAt(alert, alert.time), time: alert.time }));
    const { events, decisions, deadLetters } = await told({ alerts: ends });
    expect([events, decisions]).toEqual([[], []]);
    expect(deadLetters.map(({ reason }) => reason)).toEqual(Array(10).fill('alert-ends-nothing'));
  });

  test('the same alert twenty minutes after the end is another incident', async () => {
    const again = onset + minutes(26);
    const once = (at: Time) => [...burst(6, at), ...burst(6, at).map((alert) => overAt(alert, at + minutes(6)))];
    const { events } = await told({ alerts: [...once(onset), ...once(again), alertOf('later', again + minutes(30))] });
    expect(kinds(events)).toEqual(['opened', 'resolved', 'opened', 'resolved']);
  });
});

describe('of services that are read', () => {
  const until = onset + minutes(20);

  test('they are notes where lines show nothing', async () => {
    const logs = burst(8).flatMap(({ service }) => linesOf(service, { until: morning + minutes(15) }));
    const sorted = logs.toSorted((a, b) => a.time - b.time);
    const { events, decisions } = await told({ logs: sorted, alerts: burst(8) });
    expect(events).toEqual([]);
    expect(decisions).toContainEqual(
      expect.objectContaining({
        ...{ service: 'service-0', kind: 'alerts', verdict: 'note', rule: 'shown-otherwise' },
        ...{ reason: 'lines of it are read and show no anomaly', observed: 1 },
        told: [expect.stringMatching(/^alert HighErrorRate since/)],
      }),
    );
  });

  test('they are notes where metrics show nothing', async () => {
    const metrics = burst(8).flatMap(({ service }) =>
      Array.from({ length: 15 }, (_, n): Metric => {
        const of = { service, instance: service, name: 'cpu_usage_percent', labels: {}, kind: 'gauge' as const };
        return {
          ...of,
          time: morning + minutes(n),
          value: 5,
          start: null,
          unit: '',
          histogram: null,
          member: null,
          ended: false,
        };
      }),
    );
    const { events, decisions } = await told({
      metrics: metrics.toSorted((a, b) => a.time - b.time),
      alerts: burst(8),
    });
    expect(events).toEqual([]);
    expect(decisions).toContainEqual(expect.objectContaining({ reason: 'metrics of it are read and show no anomaly' }));
  });

  test('they are evidence of an incident of their service, which lasts no longer for them', async () => {
    const logs = linesOf('cart', { until, fails: onset });
    const alert = alertOf('cart', onset + seconds(20), { labels: { summary: 'above 5 %' } });
    const plain = await told({ logs, alerts: [] });
    const { events, decisions } = await told({ logs, alerts: [alert, overAt(alert, onset + minutes(2))] });
    const ends = ({ events: all }: typeof plain) =>
      all.filter(({ event }) => event !== 'updated').map((e) => e.updated_at);
    expect(ends({ events, decisions, deadLetters: [] })).toEqual(ends(plain));
    expect(events.flatMap(({ alerts }) => alerts)).toEqual([alert.id]);
    expect(events.flatMap(({ root_causes: causes }) => causes[0]!.reasons)).toContain(
      'alert HighErrorRate since 08:12:20: above 5 %',
    );
    const ofKind = (wanted: string) => decisions.filter(({ kind }) => kind === wanted);
    expect(ofKind('alerts')).toMatchObject([{ service: 'cart', verdict: 'evidence', rule: 'evidence' }]);
    // What lines show stands there too; that it was held back until it had lasted is no longer so.
    const { incident_id } = events[0]!;
    expect(ofKind('errors').map(({ verdict, rule, incident_id: id }) => [verdict, rule, id])).toEqual([
      ['incident', 'threshold', incident_id],
    ]);
  });
});

test('a million fingerprints have room for five thousand: the oldest make room, and are told', async () => {
  const flood = Array.from({ length: 5_600 }, (_, n) => alertOf(`service-${n}`, morning + n));
  const { deadLetters } = await told({ alerts: flood });
  expect(deadLetters.filter(({ reason }) => reason === 'evicted').length).toBeGreaterThan(0);
  expect(deadLetters.length).toBeLessThan(20);
});
