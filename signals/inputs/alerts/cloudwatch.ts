/**
 * Alarms of CloudWatch, as SNS delivers them (a notification whose message is JSON in text) and as EventBridge does. A
 * new alarm goes from INSUFFICIENT_DATA to OK: that raises and ends nothing, and neither does missing data. What SNS
 * asks for itself is passed over.
 */
import type { Intake } from '../intake.ts';
import { type Bag, bagOf, firstText, timeOfText } from '../values.ts';
import { type Alert, takeAlert } from './alert.ts';
import type { AlertShape } from './shape.ts';

/** What both ways of delivery say. */
interface Alarm {
  readonly name: unknown;
  readonly state: unknown;
  readonly before: unknown;
  readonly at: unknown;
  readonly arn: string | undefined;
  readonly reason: unknown;
  readonly labels: Bag;
}

/** An envelope of SNS around anything. */
export const isSns = (bag: Bag): boolean => typeof bag['Type'] === 'string' && typeof bag['TopicArn'] === 'string';

/** What a notification carries; null if it is no JSON. */
export function snsMessage(bag: Bag): unknown {
  try {
    return JSON.parse(String(bag['Message']));
  } catch {
    return null;
  }
}

export const cloudWatch: AlertShape = {
  name: 'CloudWatch',
  fits: (bag) => bag['AlarmName'] !== undefined || bag['detail-type'] === 'CloudWatch Alarm State Change',
  read: (bag, intake) => readAlarm(bag['AlarmName'] === undefined ? eventAlarm(bag) : snsAlarm(bag), intake),
};

function snsAlarm(bag: Bag): Alarm {
  const trigger = bagOf(bag['Trigger']);
  const dimensions: Record<string, unknown> = {};
  for (const each of Array.isArray(trigger['Dimensions']) ? trigger['Dimensions'].slice(0, 64) : []) {
    const name = firstText(bagOf(each)['name'], bagOf(each)['Name']);
    if (name !== undefined && name !== '__proto__') dimensions[name] = bagOf(each)['value'] ?? bagOf(each)['Value'];
  }
  const about = { metric: trigger['MetricName'], namespace: trigger['Namespace'], region: bag['Region'] };
  return {
    ...{
      name: bag['AlarmName'],
      state: bag['NewStateValue'],
      before: bag['OldStateValue'],
      at: bag['StateChangeTime'],
    },
    ...{ arn: firstText(bag['AlarmArn']), reason: bag['NewStateReason'], labels: { ...dimensions, ...about } },
  };
}

function eventAlarm(bag: Bag): Alarm {
  const detail = bagOf(bag['detail']);
  const state = bagOf(detail['state']);
  const metrics = bagOf(detail['configuration'])['metrics'];
  const metric = bagOf(bagOf(bagOf(Array.isArray(metrics) ? metrics[0] : undefined)['metricStat'])['metric']);
  const about = { metric: metric['name'], namespace: metric['namespace'], region: bag['region'] };
  return {
    ...{ name: detail['alarmName'], state: state['value'], before: bagOf(detail['previousState'])['value'] },
    ...{
      at: state['timestamp'] ?? bag['time'],
      arn: firstText(Array.isArray(bag['resources']) ? bag['resources'][0] : ''),
    },
    ...{ reason: state['reason'], labels: { ...bagOf(metric['dimensions']), ...about } },
  };
}

function readAlarm(alarm: Alarm, intake: Intake<Alert>): void {
  const { state, before, at, arn, reason } = alarm;
  if (typeof state !== 'string') return intake.wrong('state', state, 'ALARM, OK or INSUFFICIENT_DATA');
  const isOver = state === 'OK' && (before === 'ALARM' || before === undefined);
  if (state !== 'ALARM' && !isOver) {
    intake.passed++;
    return;
  }
  const time = timeOfText(at);
  takeAlert(
    {
      ...{
        name: alarm.name,
        began: time,
        written: at,
        over: isOver ? time : null,
        source: 'metric',
        severity: undefined,
      },
      labels: [alarm.labels, { summary: reason }],
      fingerprint: arn,
    },
    intake,
  );
}
