/** Changes and alerts as other systems send them; the names and values are made up. */
import type { Alert } from '../../../signals/inputs/alerts/alert.ts';
import { readAlerts } from '../../../signals/inputs/alerts/read-alerts.ts';
import type { ReportedChange } from '../../../signals/inputs/changes/change.ts';
import { readChanges } from '../../../signals/inputs/changes/read-changes.ts';
import type { PodEvent } from '../../../signals/inputs/pods/pod-event.ts';
import { readPodEvents } from '../../../signals/inputs/pods/read-pod-events.ts';
import type { Element, InputReader } from './readers.ts';

const list = (elements: readonly unknown[]): string => JSON.stringify(elements);

/** GitHub's webhook of a deployment that has ended. */
export const deploymentStatus: Element = {
  action: 'created',
  deployment_status: { id: 11, state: 'success', created_at: '2026-01-29T08:51:24Z', environment: 'production' },
  deployment: { id: 7, sha: '9f3c2d1a0b4e5f60718293a4b5c6d7e8f9a0b1c2', ref: 'v2.4.1', creator: { login: 'ada' } },
  repository: { name: 'cart', full_name: 'shop/cart' },
};
/** What Argo CD says of an application that was synchronised. */
export const argoApplication: Element = {
  app: {
    metadata: { name: 'cart', namespace: 'argocd', labels: { env: 'production' } },
    status: {
      sync: { status: 'Synced', revision: '9f3c2d1a0b4e5f60718293a4b5c6d7e8f9a0b1c2' },
      operationState: {
        ...{ phase: 'Succeeded', finishedAt: '2026-01-29T08:51:24Z' },
        ...{ syncResult: { revision: '9f3c2d1a0b4e5f60718293a4b5c6d7e8f9a0b1c2' } },
        operation: { initiatedBy: { username: 'ada' } },
      },
    },
  },
};
/** A replica set that grows from nothing. */
export const rollout: Element = {
  ...{ kind: 'Event', apiVersion: 'v1', type: 'Normal', reason: 'ScalingReplicaSet' },
  message: 'Scaled up replica set cart-75ff987878 from 0 to 1',
  involvedObject: { kind: 'Deployment', name: 'cart', namespace: 'shop' },
  ...{ firstTimestamp: '2026-01-29T08:51:24Z', lastTimestamp: '2026-01-29T08:51:24Z', count: 1 },
};
export const changeEvent: Element = {
  routing_key: 'x',
  payload: {
    ...{ summary: 'Deployed cart 2.4.1', source: 'ci', timestamp: '2026-01-29T08:51:24.000+0000' },
    custom_details: { service: 'cart', version: '2.4.1', author: 'ada' },
  },
};
export const cloudEvent: Element = {
  ...{ specversion: '1.0', id: '7', source: '/ci/cart', type: 'dev.cdevents.service.deployed.0.2.0' },
  time: '2026-01-29T08:51:24Z',
  data: {
    subject: {
      id: 'cart',
      type: 'service',
      content: { environment: { id: 'production' }, artifactId: 'pkg:oci/cart@2' },
    },
  },
};
export const flagUpdate: Element = {
  event_type: 'FLAG_UPDATED',
  data: {
    ...{ changed_by: 'ada', timestamp: '2026-01-29T08:51:24.967Z' },
    previous_state: { enabled: false, environment: { name: 'production' }, feature: { name: 'fast_cart' } },
    new_state: { enabled: true, environment: { name: 'production' }, feature: { name: 'fast_cart' } },
  },
};
export const ownChange: Element = {
  ...{ id: 'd7', timestamp: '2026-01-29T08:51:24Z', kind: 'deployment', service: 'cart', version: '2.4.1' },
};

export const changeReaders: readonly InputReader<ReportedChange>[] = [
  ...Object.entries({ deploymentStatus, argoApplication, rollout, changeEvent, cloudEvent, flagUpdate, ownChange }),
].map(([name, element]) => ({
  name: `changes: ${name}`,
  read: readChanges,
  elements: [element, { ...ownChange, id: 'd8' }, { ...ownChange, id: 'd9', kind: 'config' }],
  wrap: list,
}));

export const alertmanagerAlert: Element = {
  ...{ status: 'firing', startsAt: '2026-01-29T08:51:24.967Z', endsAt: '0001-01-01T00:00:00Z', fingerprint: 'c0ffee' },
  labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'cart', pod: 'cart-75ff987878-kh56q' },
  annotations: { summary: 'Errors of cart', description: 'above 5 %' },
};
export const alarm: Element = {
  ...{ AlarmName: 'cart-latency', NewStateValue: 'ALARM', OldStateValue: 'OK', NewStateReason: 'above 2 s' },
  ...{
    StateChangeTime: '2026-01-29T08:51:24.967+0000',
    Region: 'EU (Ireland)',
    AlarmArn: 'arn:aws:cloudwatch:x:alarm:7',
  },
  Trigger: {
    MetricName: 'Latency',
    Namespace: 'AWS/ApplicationELB',
    Dimensions: [{ name: 'LoadBalancer', value: 'cart' }],
  },
};
export const pagerDutyTrigger: Element = {
  ...{ event_action: 'trigger', dedup_key: 'cart/latency' },
  payload: { summary: 'cart is slow', source: 'cart', severity: 'error', timestamp: '2026-01-29T08:51:24.967+00:00' },
};
export const genericAlert: Element = {
  ...{
    title: 'Checkout errors',
    alert_transition: 'Triggered',
    priority: 'P2',
    hostname: 'web-1',
    date: 1769676684967,
  },
  tags: 'service:checkout,env:production',
};
export const ownAlert: Element = {
  ...{ id: 'a17', timestamp: '2026-01-29T08:51:24Z', service: 'cart', name: 'call_slow', source: 'trace' },
  labels: { caller: 'web' },
};

export const alertReaders: readonly InputReader<Alert>[] = [
  {
    name: 'alerts: Alertmanager',
    read: readAlerts,
    elements: [
      alertmanagerAlert,
      { ...alertmanagerAlert, fingerprint: 'decade', status: 'resolved', endsAt: '2026-01-29T08:53:00Z' },
    ],
    wrap: (alerts) => JSON.stringify({ version: '4', status: 'firing', receiver: 'x', alerts }),
  },
  ...Object.entries({ alarm, pagerDutyTrigger, genericAlert, ownAlert }).map(([name, element]) => ({
    name: `alerts: ${name}`,
    read: readAlerts,
    elements: [element, { ...ownAlert, id: 'a18' }],
    wrap: list,
  })),
];

/** A container that crashes again and again. */
export const backOff: Element = {
  ...{ kind: 'Event', apiVersion: 'v1', type: 'Warning', reason: 'BackOff', count: 12 },
  ...{ message: 'Back-off restarting failed container', source: { component: 'kubelet', host: 'node-1' } },
  metadata: { uid: 'u-1', namespace: 'shop', name: 'cart.17a' },
  ...{ firstTimestamp: '2026-01-29T08:41:24Z', lastTimestamp: '2026-01-29T08:51:24Z' },
  involvedObject: {
    ...{ kind: 'Pod', namespace: 'shop', name: 'cart-75ff987878-kh56q', fieldPath: 'spec.containers{server}' },
  },
};
/** A pod of which a container was killed for its memory. */
export const killedPod: Element = {
  kind: 'Pod',
  metadata: { name: 'cart-75ff987878-kh56q', namespace: 'shop', uid: 'p-1' },
  spec: { nodeName: 'node-1' },
  status: {
    containerStatuses: [
      {
        ...{ name: 'server', restartCount: 3, state: { running: {} } },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-29T08:51:24Z' } },
      },
    ],
  },
};

export const podReaders: readonly InputReader<PodEvent>[] = [
  {
    name: 'pods: events',
    read: readPodEvents,
    elements: [backOff, killedPod, { ...backOff, metadata: { uid: 'u-2' }, reason: 'Unhealthy' }],
    wrap: (items) => JSON.stringify({ kind: 'List', items }),
  },
  {
    name: 'pods: table',
    read: readPodEvents,
    elements: [
      '5m12s   Warning   BackOff   pod/cart-75ff987878-kh56q   Back-off restarting failed container',
      '2m (x5 over 10m)   Warning   Unhealthy   pod/cart-75ff987878-kh56q   Readiness probe failed: 503',
    ],
    wrap: (elements) => ['LAST SEEN   TYPE   REASON   OBJECT   MESSAGE', ...elements].join('\n'),
    many: true,
  },
];
