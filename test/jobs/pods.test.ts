/** Events of Kubernetes among the lines of the incident job: restarts that open an incident, and what only tells. */
import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { incidentJob } from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { minutes, seconds, type Time } from '../../time/duration.ts';
import { jsonLine, morning } from '../support/raw-lines.ts';

const job = () => incidentJob({ logs: script<RawLine>([]), changes: script<Change>([]), settings: incidentDefaults });

const textOf = (second: number) => new Date(morning + seconds(second)).toISOString();

const eventOf = (second: number, more: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Event', type: 'Warning', reason: 'BackOff', count: 1, metadata: { uid: `u${second}` } },
  ...{ message: 'Back-off restarting failed container', firstTimestamp: textOf(second), lastTimestamp: textOf(second) },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'cart-75ff987878-kh56q' },
  ...more,
});

const lineOf = (second: number, line: string): RawLine => {
  return { line, source: 'events/pod-1', time: morning + seconds(second) };
};
const jsonOf = (second: number, more: object = {}) => lineOf(second, JSON.stringify(eventOf(second, more)));

async function told(lines: readonly unknown[]) {
  const { topics, tables } = await play(job(), { logs: [...lines, END], changes: [END] });
  const events = ((topics['incidents'] ?? []) as readonly CloudEvent[]).map(({ data }) => data);
  return {
    events,
    kinds: events.map(({ event }) => event).filter((event) => event !== 'updated'),
    decisions: tables['decisions'] ?? [],
  };
}

/** A line a minute of another source, so that time goes on. */
const beside = (until: Time) =>
  Array.from({ length: Math.floor((until - morning) / minutes(1)) }, (_, n) => jsonLine('web', 60 * n, 'info', 'done'));
const sorted = (lines: readonly RawLine[]) => lines.toSorted((a, b) => a.time - b.time);

/** As back-off spaces them. */
const loop = [10, 30, 70, 150, 310, 610, 910, 1_210];

describe('restarts', () => {
  test('at growing distances are one incident, open until none came for ten minutes', async () => {
    const { events, kinds, decisions } = await told(
      sorted([...loop.map((at) => jsonOf(at)), ...beside(morning + minutes(45))]),
    );
    expect(kinds).toEqual(['opened', 'resolved']);
    expect(events[0]).toMatchObject({ services: ['cart'], started_at: textOf(10), symptoms: [{ kind: 'restarts' }] });
    expect(events[0]!.summary).toMatch(/^cart: BackOff of cart-75ff987878-kh56q, 5 times since 08:00:10: Back-off/);
    expect(Date.parse(events[0]!.detected_at)).toBe(morning + seconds(320));
    expect(events.at(-1)!.resolved_at).toBe(textOf(1_210));
    expect(decisions).toMatchObject([{ service: 'cart', kind: 'restarts', verdict: 'incident', rule: 'crash-loop' }]);
  });

  test.each<[string, (second: number) => RawLine]>([
    ['of a watch', (at) => lineOf(at, JSON.stringify({ type: 'MODIFIED', object: eventOf(at) }))],
    [
      'of a table',
      (at) =>
        lineOf(at, 'shop  1s   Warning   BackOff   pod/cart-75ff987878-kh56q   Back-off restarting failed container'),
    ],
    [
      'of klog',
      (at) =>
        lineOf(
          at,
          `I0304 ${textOf(at).slice(11, 19)}.000000  1 event.go:307] "Event occurred" object="shop/cart-75ff987878-kh56q" kind="Pod" type="Warning" reason="BackOff" message="Back-off restarting failed container"`,
        ),
    ],
  ])('%s open one', async (_name, line) => {
    const each = Array.from({ length: 10 }, (_, n) => line(30 * n));
    expect((await told(each)).events[0]).toMatchObject({ event: 'opened', services: ['cart'] });
  });

  test('that are one event with a count open one; four, or one, are a note', async () => {
    const counted = (count: number) => [
      jsonOf(10, { metadata: { uid: 'u' } }),
      jsonOf(20, { metadata: { uid: 'u' }, count }),
    ];
    expect((await told(counted(5))).kinds).toEqual(['opened']);
    const { kinds, decisions } = await told([...counted(4), ...counted(4)]);
    expect(kinds).toEqual([]);
    expect(decisions).toMatchObject([{ service: 'cart', verdict: 'note', rule: 'event', observed: 4 }]);
    expect((await told([jsonOf(10)])).decisions).toMatchObject([{ verdict: 'note', observed: 1 }]);
  });

  test('are over ten minutes later, though nothing else is read until the next event', async () => {
    const counted = [jsonOf(10, { metadata: { uid: 'u' } }), jsonOf(20, { metadata: { uid: 'u' }, count: 5 })];
    const { events, kinds } = await told([...counted, jsonOf(1_400, { firstTimestamp: textOf(10) })]);
    expect(kinds).toEqual(['opened', 'resolved']);
    expect(events.at(-1)).toMatchObject({ resolved_at: textOf(20), updated_at: textOf(620) });
  });

  test('are the same when the job is killed meanwhile', async () => {
    const lines = sorted([...loop.map((at) => jsonOf(at)), ...beside(morning + minutes(45))]);
    expect(await told([...lines.slice(0, 5), CRASH, ...lines.slice(5, 20), CRASH, ...lines.slice(20)])).toEqual(
      await told(lines),
    );
  });
});

test('what pods are in trouble for is told where an incident of their service is', async () => {
  const fails = (n: number) => n >= 700 && n < 800;
  const lines = Array.from({ length: 1_200 }, (_, n) =>
    jsonLine('cart', n, fails(n) ? 'error' : 'info', fails(n) ? 'no stock' : 'done'),
  );
  const killed = jsonOf(705, { reason: 'OOMKilling', message: '' });
  const { events, decisions } = await told(sorted([...lines, killed]));
  expect(events.flatMap(({ root_causes: causes }) => causes[0]!.reasons)).toContain(
    'OOMKilling of cart-75ff987878-kh56q at 08:11:45',
  );
  expect(events[0]!.symptoms[0]!.kind).toBe('errors');
  expect(decisions).toContainEqual(expect.objectContaining({ service: 'cart', kind: 'restarts', observed: 1 }));
});

test('times of 1970 or 2100 in an event move no time', async () => {
  const wrong = [
    jsonOf(10, { lastTimestamp: '2100-01-01T00:00:00Z' }),
    jsonOf(20, { lastTimestamp: '1970-01-01T00:00:00Z' }),
  ];
  const { decisions } = await told([...wrong, ...beside(morning + minutes(5))]);
  expect(decisions).toMatchObject([{ onset: textOf(10), observed: 2 }]);
});
