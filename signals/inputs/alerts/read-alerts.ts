/** Reads what is sent as alerts, by its shape. An element is an alert; unknown shapes are refused. */
import type { Intake } from '../intake.ts';
import { type Bag, forEachValue, isBag } from '../values.ts';
import type { Alert } from './alert.ts';
import { alertmanager, alertmanagerAlert } from './alertmanager.ts';
import { cloudWatch, isSns, snsMessage } from './cloudwatch.ts';
import { generic } from './generic.ts';
import { pagerDutyEvent } from './pagerduty.ts';
import type { AlertShape } from './shape.ts';

/** Shapes by which alerts are known; the first that fits reads. */
const shapes: readonly AlertShape[] = [alertmanager, alertmanagerAlert, cloudWatch, pagerDutyEvent, generic];

/** Reads a body: a webhook, a record, a list of them, or one a line. */
export function readAlerts(body: Uint8Array | string, intake: Intake<Alert>): void {
  forEachValue(body, intake, (value) => {
    for (const each of Array.isArray(value) ? value : [value]) readOne(each, intake);
  });
}

function readOne(value: unknown, intake: Intake<Alert>): void {
  if (!isBag(value)) return intake.wrong('alert', value, 'an object');
  const bag = isSns(value) ? carried(value, intake) : value;
  if (bag === null) return;
  const shape = shapes.find(({ fits }) => fits(bag));
  if (shape === undefined) intake.refuse('INPUT_UNKNOWN', 'it is an alert of no shape that is known');
  else shape.read(bag, intake);
}

/** What SNS carries; null where that is counted already. SNS asks to confirm a subscription by a message of its own. */
function carried(value: Bag, intake: Intake<Alert>): Bag | null {
  if (value['Type'] !== 'Notification') {
    intake.passed++;
    return null;
  }
  const message = snsMessage(value);
  if (isBag(message)) return message;
  intake.wrong('Message', value['Message'], 'JSON');
  return null;
}
