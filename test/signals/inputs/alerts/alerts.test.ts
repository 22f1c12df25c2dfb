import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../../signals/inputs/alerts/alert.ts';
import { readAlerts } from '../../../../signals/inputs/alerts/read-alerts.ts';
import { Intake } from '../../../../signals/inputs/intake.ts';
import { now } from '../../../support/inputs/readers.ts';
import {
  alarm,
  alertmanagerAlert,
  genericAlert,
  ownAlert,
  pagerDutyTrigger,
} from '../../../support/inputs/webhooks.ts';

function taken(body: unknown): Intake<Alert> {
  const intake = new Intake<Alert>('alerts', now);
  readAlerts(typeof body === 'string' ? body : JSON.stringify(body), intake);
  return intake;
}
const group = (...alerts: readonly unknown[]) => taken({ version: '4', status: 'firing', alerts });
const time = Date.UTC(2026, 0, 29, 8, 51, 24, 967);

describe('Alertmanager', () => {
  test('tells what fires', () => {
    expect(group(alertmanagerAlert).records).toEqual([
      {
        id: `c0ffee@${time}`,
        fingerprint: 'c0ffee',
        time,
        service: 'cart',
        instance: 'cart-75ff987878-kh56q',
        name: 'HighErrorRate',
        source: 'alertmanager',
        severity: 'critical',
        state: 'firing',
        resolved_at: null,
        labels: {
          ...{ alertname: 'HighErrorRate', detail: 'above 5 %', pod: 'cart-75ff987878-kh56q' },
          ...{ service: 'cart', severity: 'critical', summary: 'Errors of cart' },
        },
      },
    ]);
  });

  test('repeats a group: identity is the fingerprint and when it began', () => {
    const later = { ...alertmanagerAlert, startsAt: '2026-01-29T08:59:00Z' };
    const ids = group(alertmanagerAlert, alertmanagerAlert, later).records.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  test('makes a fingerprint of name and labels, and not of notes, where none is sent', () => {
    const bare = { ...alertmanagerAlert, fingerprint: undefined };
    const noted = { ...bare, annotations: { summary: 'now 7 %' } };
    const other = { ...bare, labels: { ...(alertmanagerAlert['labels'] as object), service: 'shop' } };
    const [a, b, c] = group(bare, noted, other).records.map(({ fingerprint }) => fingerprint);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  test('ends an alert by its status, or by an end that has come', () => {
    const endsAt = '2026-01-29T08:53:00Z';
    expect(group({ ...alertmanagerAlert, status: 'resolved', endsAt }).records).toMatchObject([
      { state: 'resolved', resolved_at: Date.UTC(2026, 0, 29, 8, 53) },
    ]);
    // Prometheus sends a time to come with what fires.
    const { status: _, ...posted } = alertmanagerAlert;
    expect(
      taken([
        { ...posted, endsAt },
        { ...posted, endsAt: '2026-01-29T09:04:00Z' },
      ]).records.map(({ state }) => state),
    ).toEqual(['resolved', 'firing']);
    const listed = {
      ...alertmanagerAlert,
      status: { state: 'active', silencedBy: [] },
      endsAt: '2026-01-29T09:04:00Z',
    };
    expect(taken([listed]).records[0]?.state).toBe('firing');
  });

  test('that says neither whose it is nor on which host is refused; its end, and one of a namespace, is not', () => {
    const labels = { alertname: 'Watchdog', severity: 'none' };
    expect(group({ ...alertmanagerAlert, labels }).refused).toMatchObject([
      { code: 'INPUT_FIELD_WRONG', reason: expect.stringContaining('service is missing') },
    ]);
    const ended = { status: 'resolved', endsAt: '2026-01-29T08:53:00Z' };
    expect(group({ ...alertmanagerAlert, labels, ...ended }).records).toMatchObject([{ service: 'unknown' }]);
    const quota = { alertname: 'KubeQuotaExceeded', namespace: 'shop' };
    expect(group({ ...alertmanagerAlert, labels: quota }).records).toMatchObject([{ service: 'shop' }]);
  });

  test('of a recording needs times of its own', () => {
    const intake = new Intake<Alert>('alerts', Number.POSITIVE_INFINITY);
    readAlerts(JSON.stringify([{ check_name: 'disk', status: 'CRITICAL', host: 'db-1' }, ownAlert]), intake);
    expect(intake.records).toHaveLength(1);
    expect(intake.refused).toMatchObject([{ code: 'INPUT_TIME_WRONG', reason: expect.stringContaining('missing') }]);
  });

  test('of a host names that host', () => {
    const labels = { alertname: 'DiskFull', instance: '10.0.0.7:9100' };
    expect(group({ ...alertmanagerAlert, labels }).records[0]).toMatchObject({
      service: '10.0.0.7',
      instance: '10.0.0.7:9100',
    });
  });

  test.each([
    ['no name', { labels: {} }, 'INPUT_FIELD_WRONG'],
    ['labels that are none', { labels: 'x' }, 'INPUT_FIELD_WRONG'],
    ['no start', { startsAt: undefined }, 'INPUT_TIME_WRONG'],
    ['a start of 1970', { startsAt: '1970-01-01T00:00:00Z' }, 'INPUT_TIME_WRONG'],
    ['an end before the start', { status: 'resolved', endsAt: '2026-01-29T08:00:00Z' }, 'INPUT_FIELD_WRONG'],
  ])('with %s is refused, and the others of the group are not', (_, changed, code) => {
    const { records, refused } = group({ ...alertmanagerAlert, ...changed }, alertmanagerAlert);
    expect(records).toHaveLength(1);
    expect(refused).toMatchObject([{ code, count: 1 }]);
  });

  test('with megabytes of labels is cut, and that is counted', () => {
    const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 'x'.repeat(5_000)]));
    const { records, cut } = group({ ...alertmanagerAlert, labels: { alertname: 'x', ...labels } });
    expect(cut).toBe(1);
    expect(JSON.stringify(records).length).toBeLessThan(40_000);
  });
});

describe('Grafana', () => {
  test('sends the shape of Alertmanager', () => {
    const body = { receiver: 'x', status: 'firing', orgId: 1, state: 'alerting', alerts: [alertmanagerAlert] };
    expect(taken(body).records).toMatchObject([{ name: 'HighErrorRate', source: 'other', state: 'firing' }]);
  });

  test('sent another one before, without a time', () => {
    const old = { ruleName: 'Slow cart', ruleId: 7, state: 'alerting', message: 'p99', tags: { service: 'cart' } };
    expect(taken(old).records).toMatchObject([{ name: 'Slow cart', service: 'cart', state: 'firing', time: now }]);
    expect(taken({ ...old, state: 'ok' }).records).toMatchObject([{ state: 'resolved', resolved_at: now }]);
    expect(taken({ ...old, state: 'no_data' })).toMatchObject({ records: [], passed: 1, refused: [] });
  });
});

describe('CloudWatch', () => {
  const sns = (message: unknown, more: object = {}) =>
    taken({
      Type: 'Notification',
      TopicArn: 'arn:x',
      Message: typeof message === 'string' ? message : JSON.stringify(message),
      ...more,
    });

  test('over SNS', () => {
    expect(sns(alarm).records).toMatchObject([
      {
        ...{
          name: 'cart-latency',
          time,
          fingerprint: 'arn:aws:cloudwatch:x:alarm:7',
          source: 'metric',
          state: 'firing',
        },
        ...{ service: 'cart', labels: { metric: 'Latency', LoadBalancer: 'cart', summary: 'above 2 s' } },
      },
    ]);
  });

  test('over EventBridge', () => {
    const event = {
      ...{ 'detail-type': 'CloudWatch Alarm State Change', time: '2026-01-29T08:51:24Z', resources: ['arn:7'] },
      detail: {
        ...{ alarmName: 'cart-latency', previousState: { value: 'OK' } },
        state: { value: 'ALARM', timestamp: '2026-01-29T08:51:24.967+0000', reason: 'r' },
        configuration: {
          metrics: [{ metricStat: { metric: { name: 'Errors', dimensions: { FunctionName: 'cart' } } } }],
        },
      },
    };
    expect(taken(event).records).toMatchObject([{ name: 'cart-latency', fingerprint: 'arn:7', service: 'cart', time }]);
  });

  test('OK after ALARM ends that alarm; OK after missing data, and missing data, say nothing', () => {
    expect(sns({ ...alarm, NewStateValue: 'OK', OldStateValue: 'ALARM' }).records).toMatchObject([
      { state: 'resolved', resolved_at: time, fingerprint: 'arn:aws:cloudwatch:x:alarm:7' },
    ]);
    for (const states of [
      ['OK', 'INSUFFICIENT_DATA'],
      ['INSUFFICIENT_DATA', 'ALARM'],
    ]) {
      const [NewStateValue, OldStateValue] = states;
      expect(sns({ ...alarm, NewStateValue, OldStateValue })).toMatchObject({ records: [], passed: 1, refused: [] });
    }
  });

  test('what SNS asks is passed over, and what is no JSON is refused', () => {
    expect(sns('hello', { Type: 'SubscriptionConfirmation' })).toMatchObject({ passed: 1, refused: [] });
    expect(sns('hello').refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG' }]);
  });
});

describe('PagerDuty', () => {
  test('triggers and resolves under one key', () => {
    expect(taken(pagerDutyTrigger).records).toMatchObject([
      { fingerprint: 'cart/latency', service: 'cart', severity: 'error', state: 'firing', time },
    ]);
    expect(taken({ event_action: 'resolve', dedup_key: 'cart/latency' }).records).toMatchObject([
      { fingerprint: 'cart/latency', state: 'resolved', resolved_at: now },
    ]);
    expect(taken({ event_action: 'acknowledge', dedup_key: 'x' })).toMatchObject({ records: [], passed: 1 });
    expect(taken({ event_action: 'party' }).refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG' }]);
  });
});

describe('others', () => {
  test('are read by what their keys mean', () => {
    expect(taken(genericAlert).records).toMatchObject([
      {
        name: 'Checkout errors',
        state: 'firing',
        severity: 'p2',
        time,
        labels: { service: 'checkout', env: 'production' },
      },
    ]);
    expect(taken({ ...genericAlert, alert_transition: 'Recovered' }).records).toMatchObject([{ state: 'resolved' }]);
    expect(taken({ check_name: 'disk', status: 'CRITICAL', host: 'db-1' }).records).toMatchObject([
      { name: 'disk', service: 'db-1', state: 'firing', time: now },
    ]);
  });

  test('of our own keep their id', () => {
    expect(taken(ownAlert).records).toMatchObject([
      { id: 'a17', service: 'cart', name: 'call_slow', source: 'trace', severity: '', labels: { caller: 'web' } },
    ]);
    expect(taken({ ...ownAlert, resolved_at: '2026-01-29T08:55:00Z' }).records).toMatchObject([
      { state: 'resolved', resolved_at: Date.UTC(2026, 0, 29, 8, 55) },
    ]);
  });

  test('of no shape are refused', () => {
    for (const body of [{ hello: 'world' }, { name: 'x' }]) {
      expect(taken(body).refused).toMatchObject([{ code: 'INPUT_UNKNOWN', count: 1 }]);
    }
  });
});
