/**
 * Change events as they are sent to PagerDuty (Events API v2, `/v2/change/enqueue`): a summary, a source, details of any
 * kind. The service is the one that the details name, else the source. Without a time the change is of now.
 */
import { createHash } from 'node:crypto';
import { type Bag, bagOf, firstText, isBag, timeOfText } from '../values.ts';
import { kindIn, takeChange } from './change.ts';
import type { ChangeShape } from './shape.ts';

export const pagerDuty: ChangeShape = {
  name: 'PagerDuty change event',
  fits: (bag) => {
    const { payload } = bag;
    const isAlert = bag['event_action'] !== undefined || bagOf(payload)['severity'] !== undefined;
    return isBag(payload) && typeof payload['summary'] === 'string' && !isAlert;
  },
  read: (bag, intake) => {
    const payload = bagOf(bag['payload']);
    const details = bagOf(payload['custom_details']);
    const summary = firstText(payload['summary']) ?? '';
    const written = payload['timestamp'];
    const source = firstText(payload['source']);
    const said = JSON.stringify([summary, source, firstText(written), firstLink(bag)]);
    takeChange(
      {
        id: `pagerduty/${createHash('sha256').update(said).digest('hex').slice(0, 16)}`,
        time: written === undefined ? intake.now : timeOfText(written),
        written,
        kind: kindIn(firstText(details['kind'], details['type']) ?? '') ?? kindIn(summary) ?? 'deployment',
        service: firstText(details['service'], payload['component'], source),
        version: firstText(details['version'], details['build_number'], details['tag']),
        author: firstText(details['author'], details['user'], details['deployed_by']),
        commit: firstText(details['commit'], details['sha'], details['revision']),
        message: summary,
        environment: firstText(details['environment'], details['env']),
      },
      intake,
    );
  },
};

function firstLink(bag: Bag): string | undefined {
  const links = bag['links'];
  return Array.isArray(links) ? firstText(bagOf(links[0])['href']) : undefined;
}
