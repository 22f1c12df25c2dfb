/** The incident job with metrics: what of them decides becomes incidents. */
import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { metricKey, mostSeries, mostWaiting } from '../../jobs/incidents/metrics.ts';
import { incidentJob } from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { CRASH, END, PAUSE, play } from '../../testing/index.ts';
import { minutes, type Time } from '../../time/duration.ts';

const start = Date.UTC(2026, 2, 4, 7);
const onset = start + minutes(20);
const end = onset + minutes(4);
const over = end + minutes(20);

const job = () =>
  incidentJob({
    ...{ logs: script<RawLine>([]), changes: script<Change>([]), metrics: script<Metric>([]) },
    settings: incidentDefaults,
  });

const pointOf = (point: Partial<Metric>): Metric => ({
  ...{ time: start, service: 'cart', instance: 'cart-1', name: 'cpu_usage_percent', labels: {}, kind: 'gauge' },
  ...{ value: 5, start: null, unit: '', histogram: null, member: null, ended: false },
  ...point,
});

/** Three services a minute; of one of them a processor is used up, or it has ten times the traffic. */
function points(fault: { readonly cpu?: number; readonly requests?: number }): Metric[] {
  const all: Metric[] = [];
  for (let time = start, n = 0; time < over; time += minutes(1), n++) {
    for (const service of ['cart', 'stock', 'web']) {
      const { cpu, requests } = service === 'stock' && time >= onset && time < end ? fault : {};
      const of = { service, instance: `${service}-1`, time };
      all.push(pointOf({ ...of, value: cpu ?? 2 + ((n * 7) % 5) / 3 }));
      all.push(pointOf({ ...of, name: 'requests_per_second', value: requests ?? 100 + ((n * 13) % 11) }));
    }
  }
  return all;
}

async function incidentsOf(metrics: readonly unknown[]): Promise<readonly IncidentEvent[]> {
  const { topics } = await play(job(), { logs: [END], changes: [END], metrics: [...metrics, END] });
  return ((topics['incidents'] ?? []) as readonly CloudEvent[]).map(({ data }) => data);
}

describe('with metrics', () => {
  test('a processor that is used up opens an incident of its service, which is resolved when it is over', async () => {
    const events = await incidentsOf(points({ cpu: 95 }));
    expect(events.map(({ event }) => event).filter((event) => event !== 'updated')).toEqual(['opened', 'resolved']);
    const [opened] = events;
    expect(opened).toMatchObject({ services: ['stock'], symptoms: [{ kind: 'saturated', observed: 95 }] });
    expect(opened!.root_causes[0]!.reasons[0]).toMatch(
      /^cpu_usage_percent of stock-1 is 95 where [23]\.?\d* is usual, and up to \d/,
    );
    expect(Date.parse(opened!.detected_at) - onset).toBeLessThan(minutes(1));
    expect(onset - Date.parse(opened!.started_at)).toBe(minutes(1));
    expect(Date.parse(events.at(-1)!.resolved_at!)).toBe(end - minutes(1));
  });

  test('ten times the traffic opens none', async () => {
    expect(await incidentsOf(points({ requests: 1_000 }))).toEqual([]);
  });

  test('the same comes of it when points come in another order, and when the job is killed meanwhile', async () => {
    const all = points({ cpu: 95 });
    const expected = await incidentsOf(all);
    const swapped = all.flatMap((_, i) => (i % 6 === 0 ? all.slice(i, i + 6).toReversed() : []));
    expect(await incidentsOf(swapped)).toEqual(expected);
    expect(await incidentsOf([...all.slice(0, 123), CRASH, ...all.slice(123, 131), CRASH, ...all.slice(131)])).toEqual(
      expected,
    );
  });

  test('a service has room for so many series; points of others are counted, and the first are judged on', async () => {
    const flood = Array.from({ length: 3 * mostSeries }, (_, n) =>
      pointOf({ service: 'stock', labels: { user: `${n}` }, time: start + 60_001, value: 3 }),
    );
    const all = points({ cpu: 95 });
    const script = { logs: [END], changes: [END], metrics: [...all.slice(0, 12), ...flood, ...all.slice(12), END] };
    const { topics, deadLetters } = await play(job(), script);
    expect((topics['incidents'] as readonly CloudEvent[])[0]!.data).toMatchObject({ services: ['stock'] });
    expect(new Set(deadLetters.map(({ origin, reason }) => `${origin} ${reason}`))).toEqual(
      new Set(['metric-watch series-full']),
    );
    // Told when they have doubled: a few times.
    expect(deadLetters.length).toBeLessThan(14);
  });

  test('what waits in a pane is bounded; what is left out is told, and the next pane is judged', async () => {
    const flood = Array.from({ length: 2 * mostWaiting }, (_, n) =>
      pointOf({ service: 'stock', name: 'flood', time: start + 60_001 + (n & 63), value: 3 }),
    );
    const all = points({ cpu: 95 });
    const script = { logs: [END], changes: [END], metrics: [...all.slice(0, 12), ...flood, ...all.slice(12), END] };
    const { topics, deadLetters } = await play(job(), script);
    expect((topics['incidents'] as readonly CloudEvent[])[0]!.data).toMatchObject({ services: ['stock'] });
    expect(new Set(deadLetters.map(({ reason }) => reason))).toEqual(new Set(['points-full']));
    expect(deadLetters.length).toBeLessThan(16);
  });

  test('labels that are longer than a key may be tell series apart, and stop nothing', async () => {
    const labels = { stack: 'x'.repeat(400), query: '单'.repeat(130) };
    const long = points({ cpu: 95 }).map((point) => ({ ...point, labels: { ...labels, ...point.labels } }));
    const { topics, deadLetters } = await play(job(), { logs: [END], changes: [END], metrics: [...long, END] });
    expect((topics['incidents'] as readonly CloudEvent[])[0]!.data).toMatchObject({ services: ['stock'] });
    expect(deadLetters).toEqual([]);
  });

  test('a rhythm that was learned is known behind a restart', async () => {
    const days = Array.from({ length: 3 * 144 }, (_, n) => {
      const value = 30 + 20 * Math.sin((n / 144) * 2 * Math.PI) + (n % 3);
      return pointOf({ time: start + n * minutes(10), value: n < 428 ? value : 97 });
    });
    const expected = await incidentsOf(days);
    expect(expected[0]!.root_causes[0]!.reasons[0]).toMatch(/is 97 where 2\d is usual/);
    expect(await incidentsOf([...days.slice(0, 350), PAUSE(2_000), CRASH, ...days.slice(350)])).toEqual(expected);
  });

  test('services are spread over keys, and points of one have one', () => {
    const keys = new Set(Array.from({ length: 500 }, (_, n) => metricKey(pointOf({ service: `service-${n}` }))));
    expect(keys.size).toBe(32);
  });
});

test('a point of the far future moves no time and makes no signal', async () => {
  const far: Time = Date.UTC(2109, 0, 1);
  const all = points({ cpu: 95 });
  const { topics } = await play(job(), {
    ...{ logs: [END], changes: [END] },
    metrics: [pointOf({ time: far, value: 99 }), ...all, END],
  });
  expect((topics['incidents'] as readonly CloudEvent[])[0]!.data).toMatchObject({ services: ['stock'] });
});
