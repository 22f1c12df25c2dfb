/**
 * Events as they are sent to PagerDuty (Events API v2, `/v2/enqueue`). An acknowledgement is a person's, and passed
 * over. One that resolves may carry no more than its key, which then is all that is known of it.
 */
import { bagOf, firstText, timeOfText } from '../values.ts';
import { takeAlert } from './alert.ts';
import type { AlertShape } from './shape.ts';

export const pagerDutyEvent: AlertShape = {
  name: 'PagerDuty event',
  fits: (bag) => typeof bag['event_action'] === 'string',
  read: (bag, intake) => {
    const action = bag['event_action'];
    if (action === 'acknowledge') {
      intake.passed++;
      return;
    }
    if (action !== 'trigger' && action !== 'resolve') {
      return intake.wrong('event_action', action, 'trigger, acknowledge or resolve');
    }
    const payload = bagOf(bag['payload']);
    const key = firstText(bag['dedup_key']);
    const written = payload['timestamp'];
    const isOver = action === 'resolve';
    const began = written === undefined || isOver ? intake.now : timeOfText(written);
    takeAlert(
      {
        name: firstText(payload['class'], payload['summary'], key),
        ...{ began, written, over: isOver ? intake.now : null, source: 'other', severity: payload['severity'] },
        labels: [bagOf(payload['custom_details']), { group: payload['group'], summary: payload['summary'] }],
        fingerprint: key,
        service: firstText(bagOf(payload['custom_details'])['service'], payload['component'], payload['source']),
      },
      intake,
    );
  },
};
