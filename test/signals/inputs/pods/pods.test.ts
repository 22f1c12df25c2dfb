import { describe, expect, test } from 'vitest';
import { logParser } from '../../../../logs/parser.ts';
import { Intake } from '../../../../signals/inputs/intake.ts';
import type { PodEvent } from '../../../../signals/inputs/pods/pod-event.ts';
import { podEventOf } from '../../../../signals/inputs/pods/pod-event-of.ts';
import { readPodEvents } from '../../../../signals/inputs/pods/read-pod-events.ts';
import { minutes } from '../../../../time/duration.ts';
import { now } from '../../../support/inputs/readers.ts';
import { backOff, killedPod } from '../../../support/inputs/webhooks.ts';

function taken(body: unknown): Intake<PodEvent> {
  const intake = new Intake<PodEvent>('events', now);
  readPodEvents(typeof body === 'string' ? body : JSON.stringify(body), intake);
  return intake;
}
const time = Date.UTC(2026, 0, 29, 8, 51, 24);
const pod = 'cart-75ff987878-kh56q';

const crash: PodEvent = {
  ...{ id: 'u-1', time, first_seen: time - minutes(10), count: 12, trouble: 'crash', reason: 'BackOff' },
  ...{ service: 'cart', instance: pod, container: 'server', namespace: 'shop', node: 'node-1' },
  message: 'Back-off restarting failed container',
};

describe('an event', () => {
  test('is that of a service, with how often it came', () => {
    expect(taken(backOff).records).toEqual([crash]);
  });

  test('comes in lists, in watches, from eventrouter and one a line', () => {
    const forms = [
      { kind: 'List', items: [backOff] },
      { type: 'MODIFIED', object: backOff },
      { verb: 'ADDED', event: backOff },
    ];
    for (const form of [...forms, [backOff]]) expect(taken(form).records).toEqual([crash]);
    expect(taken(`${JSON.stringify(backOff)}\n${JSON.stringify(backOff)}\n`).records).toEqual([crash, crash]);
  });

  test('of the newer form counts in its series', () => {
    const { involvedObject, message, count: _, firstTimestamp, lastTimestamp, ...rest } = backOff;
    const series = { count: 12, lastObservedTime: '2026-01-29T08:51:24.000000Z' };
    const newer = {
      ...rest,
      regarding: involvedObject,
      note: message,
      eventTime: '2026-01-29T08:41:24.000000Z',
      series,
    };
    expect(taken(newer).records).toEqual([crash]);
  });

  test('that repeats has the same id and a higher count', () => {
    const [one, two] = taken([
      { ...backOff, count: 1 },
      { ...backOff, count: 5 },
    ]).records;
    expect([one!.id, one!.count, two!.id, two!.count]).toEqual(['u-1', 1, 'u-1', 5]);
  });
});

test.each([
  ['OOMKilling', 'Warning', 'Memory cgroup out of memory', 'out-of-memory'],
  ['BackOff', 'Normal', 'Back-off pulling image "shop/cart:2"', 'image'],
  ['BackOff', 'Warning', 'Back-off restarting failed container', 'crash'],
  ['Failed', 'Warning', 'Failed to pull image "x": Error: ErrImagePull', 'image'],
  ['Killing', 'Normal', 'Container server failed liveness probe, will be restarted', 'unhealthy'],
  ['Unhealthy', 'Warning', 'Readiness probe failed: 503', 'unhealthy'],
  ['Evicted', 'Warning', 'The node was low on resource: memory.', 'evicted'],
  ['FailedScheduling', 'Warning', '0/3 nodes are available: 3 Insufficient cpu.', 'unschedulable'],
  ['NodeHasDiskPressure', 'Normal', '', 'node-pressure'],
  ['NodeHasInsufficientMemory', 'Normal', '', 'node-pressure'],
  ['EvictionThresholdMet', 'Warning', 'Attempting to reclaim memory', 'node-pressure'],
  ['NodeNotReady', 'Normal', '', 'node-down'],
  ['FailedMount', 'Warning', 'MountVolume.SetUp failed', 'volume'],
  ['SomethingNew', 'Warning', 'of which nothing is known', 'other'],
])('%s (%s, %s) is trouble of the kind %s', (reason, type, message, trouble) => {
  expect(taken({ ...backOff, reason, type, message }).records[0]?.trouble).toBe(trouble);
});

test.each([
  'Scheduled',
  'Pulled',
  'Started',
  'NodeHasNoDiskPressure',
  'NodeHasSufficientMemory',
  'NodeReady',
  'Killing',
])('%s is no trouble, and passed over', (reason) => {
  const event = { ...backOff, reason, type: 'Normal', message: 'Stopping container server' };
  expect(taken(event)).toMatchObject({ records: [], passed: 1, refused: [] });
});

test.each([
  ['Pod', 'kafka-0', 'kafka', 'kafka-0'],
  ['Pod', 'agent-x7k2p', 'agent', 'agent-x7k2p'],
  ['Pod', 'backup-28391520-x7z2p', 'backup', 'backup-28391520-x7z2p'],
  ['Pod', 'lonely', 'lonely', 'lonely'],
  ['ReplicaSet', 'cart-75ff987878', 'cart', null],
  ['Job', 'backup-28391520', 'backup', null],
  ['Deployment', 'cart', 'cart', null],
  ['Node', 'node-1', 'node-1', null],
])('the service of the %s %s is %s', (kind, name, service, instance) => {
  const event = { ...backOff, involvedObject: { kind, name, namespace: 'shop' } };
  expect(taken(event).records).toMatchObject([{ service, instance }]);
});

describe('a pod', () => {
  test('whose container was killed for its memory tells so', () => {
    expect(taken(killedPod).records).toMatchObject([
      {
        trouble: 'out-of-memory',
        reason: 'OOMKilled',
        service: 'cart',
        container: 'server',
        count: 3,
        time,
        node: 'node-1',
      },
    ]);
  });

  test('that runs is passed over', () => {
    const status = { containerStatuses: [{ name: 'server', restartCount: 0, state: { running: {} }, lastState: {} }] };
    expect(taken({ ...killedPod, status })).toMatchObject({ records: [], passed: 1, refused: [] });
  });
});

describe('the table of kubectl', () => {
  test.each([
    [
      `5m12s   Warning   BackOff   pod/${pod}   Back-off restarting failed container`,
      { time: now - 312_000, count: 1 },
    ],
    [
      `2m (x5 over 10m)   Warning   BackOff   pod/${pod}   Back-off`,
      { time: now - minutes(2), first_seen: now - minutes(10), count: 5 },
    ],
    [
      `shop   2h3m   Warning   Unhealthy   pod/${pod}   Readiness probe failed`,
      { namespace: 'shop', time: now - minutes(123) },
    ],
    [
      `3s   Warning   BackOff   pod/${pod}   spec.containers{server}   kubelet, node-1   Back-off   10m   7   ${pod}.17a0b1c2d3`,
      { container: 'server', count: 7, first_seen: now - minutes(10) },
    ],
    ['<unknown>   Warning   FailedScheduling   pod/cart-0   0/3 nodes', { trouble: 'unschedulable', time: now }],
  ])('%s', (line, record) => {
    expect(taken(`LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n${line}\n`)).toMatchObject({
      records: [{ service: 'cart', ...record }],
      refused: [],
    });
  });

  test('refuses lines that are none, one by one', () => {
    const { records, refused } = taken(`No resources found\n1m Warning BackOff pod/${pod} x\n`);
    expect(records).toHaveLength(1);
    expect(refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG', count: 1 }]);
  });
});

test.each([
  ['a time of 1970', { lastTimestamp: '1970-01-01T00:00:00Z' }, 'INPUT_TIME_WRONG'],
  ['no time', { lastTimestamp: null, firstTimestamp: null }, 'INPUT_TIME_WRONG'],
  ['nothing that it is about', { involvedObject: {} }, 'INPUT_FIELD_WRONG'],
  ['no reason', { reason: 7 }, 'INPUT_UNKNOWN'],
])('an event with %s is refused', (_, changed, code) => {
  expect(taken({ ...backOff, ...changed })).toMatchObject({ records: [], refused: [{ code, count: 1 }] });
});

describe('among log lines', () => {
  const parse = (line: string) => podEventOf(logParser({}).parse(line, 'kubelet', now));

  test.each([
    ['an Event', JSON.stringify(backOff), crash],
    [
      'an Event of a watch',
      JSON.stringify({ type: 'ADDED', object: backOff }),
      { service: 'cart', count: 12, trouble: 'crash' },
    ],
    [
      'a record of OpenTelemetry',
      JSON.stringify({
        ...{ timestamp: '2026-01-29T08:51:24Z', body: 'Readiness probe failed' },
        attributes: { 'k8s.event.reason': 'Unhealthy', 'k8s.event.count': 5, 'k8s.namespace.name': 'shop' },
        resource: { 'k8s.object.kind': 'Pod', 'k8s.object.name': pod },
      }),
      { service: 'cart', instance: pod, count: 5, trouble: 'unhealthy', namespace: 'shop', time },
    ],
    [
      'a line of the controller',
      `I0129 08:51:24.000000       1 event.go:294] "Event occurred" object="shop/${pod}" kind="Pod" type="Warning" reason="BackOff" message="Back-off restarting failed container"`,
      { service: 'cart', namespace: 'shop', trouble: 'crash', time },
    ],
    [
      'an older line of the controller',
      `I0129 08:51:24.000000       1 event.go:221] Event(v1.ObjectReference{Kind:"Pod", Namespace:"shop", Name:"${pod}", FieldPath:"spec.containers{server}"}): type: 'Warning' reason: 'BackOff' Back-off restarting failed container`,
      { service: 'cart', container: 'server', trouble: 'crash', message: 'Back-off restarting failed container' },
    ],
  ])('%s is found', (_, line, event) => {
    expect(parse(line)).toMatchObject(event);
  });

  test.each([
    '2026-01-29T08:51:24Z WARN cart: order 7 failed, reason: no stock',
    '{"timestamp":"2026-01-29T08:51:24Z","reason":"BackOff","message":"client backs off"}',
    `2026-01-29T08:51:24Z Event occurred in the yard`,
    JSON.stringify({ ...backOff, type: 'Normal', reason: 'Pulled', message: 'pulled' }),
  ])('%s is none', (line) => {
    expect(parse(line)).toBeNull();
  });
});
