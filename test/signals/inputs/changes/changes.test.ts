import { describe, expect, test } from 'vitest';
import type { ReportedChange } from '../../../../signals/inputs/changes/change.ts';
import { readChanges } from '../../../../signals/inputs/changes/read-changes.ts';
import { Intake } from '../../../../signals/inputs/intake.ts';
import { type Element, now } from '../../../support/inputs/readers.ts';
import {
  argoApplication,
  changeEvent,
  cloudEvent,
  deploymentStatus,
  flagUpdate,
  ownChange,
  rollout,
} from '../../../support/inputs/webhooks.ts';

function taken(body: unknown): Intake<ReportedChange> {
  const intake = new Intake<ReportedChange>('changes', now);
  readChanges(typeof body === 'string' ? body : JSON.stringify(body), intake);
  return intake;
}

/** An element with a value changed at a path. */
function changed(element: Element, path: string, value: unknown): Element {
  const [first, ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : changed((element[first!] ?? {}) as Element, rest.join('.'), value);
  return { ...element, [first!]: inner };
}
const passes = (body: unknown) => expect(taken(body)).toMatchObject({ records: [], refused: [], passed: 1 });

const time = Date.UTC(2026, 0, 29, 8, 51, 24);
const commit = '9f3c2d1a0b4e5f60718293a4b5c6d7e8f9a0b1c2';

test.each([
  [
    'GitHub',
    deploymentStatus,
    { kind: 'deployment', service: 'cart', version: 'v2.4.1', commit, author: 'ada', environment: 'production' },
  ],
  [
    'Argo CD',
    argoApplication,
    { kind: 'deployment', service: 'cart', version: '9f3c2d1', commit, author: 'ada', environment: 'production' },
  ],
  ['Kubernetes', rollout, { kind: 'deployment', service: 'cart', version: '75ff987878', environment: 'shop' }],
  [
    'PagerDuty',
    changeEvent,
    { kind: 'deployment', service: 'cart', version: '2.4.1', author: 'ada', message: 'Deployed cart 2.4.1' },
  ],
  ['a CloudEvent', cloudEvent, { id: '/ci/cart#7', kind: 'deployment', service: 'cart', environment: 'production' }],
  ['our own', ownChange, { id: 'd7', kind: 'deployment', service: 'cart', version: '2.4.1' }],
])('a change of %s', (_, element, record) => {
  expect(taken(element)).toMatchObject({
    records: [{ time, timestamp: expect.stringMatching(/^2026-01-29T08:51:24/), ...record }],
    refused: [],
  });
});

test('what is delivered twice has one id', () => {
  for (const element of [deploymentStatus, argoApplication, rollout, changeEvent, cloudEvent, flagUpdate]) {
    const [one, two] = taken([element, JSON.parse(JSON.stringify(element))]).records;
    expect(one!.id).toBe(two!.id);
  }
});

describe('GitHub', () => {
  test('passes over what has not ended, and environments that are thrown away', () => {
    for (const state of ['pending', 'queued', 'in_progress', 'inactive']) {
      passes(changed(deploymentStatus, 'deployment_status.state', state));
    }
    passes(changed(deploymentStatus, 'deployment.transient_environment', true));
  });

  test('tells of a deployment that failed', () => {
    const failed = changed(deploymentStatus, 'deployment_status.state', 'failure');
    expect(taken(failed).records).toMatchObject([{ message: 'failure' }]);
  });
});

describe('Argo CD', () => {
  test('tells of the operation, not of health: pods that were replaced are no change', () => {
    const again = changed(argoApplication, 'app.status.health', {
      status: 'Healthy',
      lastTransitionTime: '2026-01-29T08:58:00Z',
    });
    expect(taken(again).records[0]).toEqual(taken(argoApplication).records[0]);
  });

  test('passes over an operation that runs', () =>
    passes(changed(argoApplication, 'app.status.operationState.phase', 'Running')));

  test('without the time of an operation is refused', () => {
    const never = changed(argoApplication, 'app.status.operationState', {});
    expect(taken(never).refused).toMatchObject([{ code: 'INPUT_TIME_WRONG' }]);
  });
});

describe('Kubernetes', () => {
  const grown = (message: string) => taken({ ...rollout, message });

  test('rolls out where a replica set grows from nothing', () => {
    expect(grown('Scaled up replica set cart-5d4f8c7b9d to 3 from 0').records).toMatchObject([
      { version: '5d4f8c7b9d' },
    ]);
    for (const message of [
      'Scaled up replica set cart-5d4f8c7b9d to 5 from 3',
      'Scaled down replica set cart-5d4f8c7b9d to 0 from 3',
      'Scaled up something',
    ]) {
      expect(grown(message)).toMatchObject({ records: [], passed: 1 });
    }
  });

  test('without what it grew from, later growth is told as the same change', () => {
    const [first, later] = [rollout, { ...rollout, firstTimestamp: '2026-01-29T08:55:00Z' }].map(
      (event) => taken({ ...event, message: 'Scaled up replica set cart-5d4f8c7b9d to 3' }).records[0],
    );
    expect(later?.id).toBe(first?.id);
  });

  test('gives its events in lists, in watches, and in the newer form', () => {
    const { involvedObject, message, ...rest } = rollout;
    const newer = { ...rest, regarding: involvedObject, note: message };
    const all = taken({
      kind: 'List',
      items: [rollout, { type: 'ADDED', object: newer }, { verb: 'ADDED', event: rollout }],
    });
    expect(all.records.map(({ service }) => service)).toEqual(['cart', 'cart', 'cart']);
  });

  test('has other events, which are passed over', () => passes({ ...rollout, reason: 'BackOff' }));
});

describe('a flag', () => {
  const base = { kind: 'flag', service: '*' };
  test.each([
    ['Flagsmith', flagUpdate, { author: 'ada', message: 'fast_cart off->on', environment: 'production' }],
    [
      'LaunchDarkly',
      {
        ...{ _id: 'x1', date: time, kind: 'flag', name: 'Fast cart', titleVerb: 'turned on the flag' },
        ...{ member: { email: 'ada@shop' }, target: { resources: ['proj/shop:env/production:flag/fast-cart;x'] } },
        currentVersion: { key: 'fast-cart', tags: ['service:cart'] },
      },
      {
        id: 'flag/x1',
        service: 'cart',
        author: 'ada@shop',
        message: 'fast-cart turned on the flag',
        environment: 'production',
      },
    ],
    [
      'Unleash',
      {
        ...{ id: '5', type: 'feature-environment-enabled', createdBy: 'ada', createdAt: '2026-01-29T08:51:24Z' },
        ...{ featureName: 'fast-cart', environment: 'production' },
      },
      { author: 'ada', message: 'fast-cart feature-environment-enabled' },
    ],
    [
      'a script',
      { flagKey: 'fast-cart', enabled: false, service: 'cart', timestamp: time },
      { service: 'cart', message: 'fast-cart is off' },
    ],
  ])('of %s', (_, element, record) => {
    expect(taken(element)).toMatchObject({ records: [{ ...base, ...record }], refused: [] });
  });
});

describe('a CloudEvent', () => {
  test('that carries a change of a known shape is that change, also as text, and in base64', () => {
    const text = JSON.stringify(deploymentStatus);
    const forms = [{ data: deploymentStatus }, { data: text }, { data_base64: Buffer.from(text).toString('base64') }];
    const batch = forms.map((form) => ({ specversion: '1.0', id: '1', source: 's', type: 'com.github', ...form }));
    expect(taken(batch).records.map(({ version }) => version)).toEqual(['v2.4.1', 'v2.4.1', 'v2.4.1']);
  });

  test('of no change, or without its identity, is refused', () => {
    expect(taken({ ...cloudEvent, type: 'com.shop.order.paid' }).refused).toMatchObject([{ code: 'INPUT_UNKNOWN' }]);
    expect(taken({ ...cloudEvent, id: undefined }).refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG' }]);
  });
});

describe('PagerDuty', () => {
  test('without a time is of now, and without details of its source', () => {
    const bare = { payload: { summary: 'Config of gateway changed', source: 'gateway' } };
    expect(taken(bare).records).toMatchObject([{ kind: 'config', service: 'gateway', time: now }]);
  });

  test('and its alerts are no changes', () => {
    const alert = { event_action: 'trigger', payload: { summary: 's', source: 'x', severity: 'error' } };
    expect(taken(alert).refused).toMatchObject([{ code: 'INPUT_UNKNOWN' }]);
  });
});

test.each([
  ['no service', { ...ownChange, service: undefined }, 'INPUT_FIELD_WRONG'],
  ['an unknown kind', { ...ownChange, kind: 'party' }, 'INPUT_FIELD_WRONG'],
  ['a time of 1970', { ...ownChange, timestamp: '1970-01-01T00:00:01Z' }, 'INPUT_TIME_WRONG'],
  [
    'a time of 2100',
    changed(deploymentStatus, 'deployment_status.created_at', '2100-01-01T00:00:00Z'),
    'INPUT_TIME_WRONG',
  ],
  ['no time', changed(deploymentStatus, 'deployment_status.created_at', null), 'INPUT_TIME_WRONG'],
  ['a shape of nothing', { hello: 'world' }, 'INPUT_UNKNOWN'],
  ['no object', 'null', 'INPUT_FIELD_WRONG'],
])('%s is refused', (_, body, code) => {
  expect(taken(body)).toMatchObject({ records: [], refused: [{ code, count: 1 }] });
});
