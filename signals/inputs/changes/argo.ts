/**
 * An Application of Argo CD, as its API and its notifications give it, bare or as `app`. What counts is the operation
 * that synchronised it: an application that became healthy again, because pods were replaced, tells of the same
 * operation and so of no new change. One that has not ended is passed over.
 */
import { type Bag, bagOf, firstText, isBag, timeOfText } from '../values.ts';
import { shortRevision, takeChange } from './change.ts';
import type { ChangeShape } from './shape.ts';

const ended = new Set<unknown>(['Succeeded', 'Failed', 'Error']);

export const argo: ChangeShape = {
  name: 'Argo CD',
  fits: (bag) => applicationIn(bag) !== undefined,
  read: (bag, intake) => {
    const application = applicationIn(bag) ?? {};
    const [metadata, status] = [bagOf(application['metadata']), bagOf(application['status'])];
    const operation = bagOf(status['operationState']);
    const { phase } = operation;
    if (phase !== undefined && !ended.has(phase)) {
      intake.passed++;
      return;
    }
    const history = status['history'];
    const latest = Array.isArray(history) ? bagOf(history.at(-1)) : {};
    const revision = firstText(
      ...[bagOf(operation['syncResult'])['revision'], latest['revision'], bagOf(status['sync'])['revision']],
    );
    const written = firstText(operation['finishedAt'], latest['deployedAt']);
    const name = firstText(metadata['name']);
    const labels = bagOf(metadata['labels']);
    const initiator = bagOf(bagOf(operation['operation'])['initiatedBy']);
    const failed = phase === 'Failed' || phase === 'Error';
    takeChange(
      {
        id: `argocd/${firstText(metadata['namespace']) ?? ''}/${name ?? ''}/${revision ?? ''}@${written ?? ''}`,
        time: timeOfText(written),
        written,
        kind: 'deployment',
        service: firstText(labels['app.kubernetes.io/name'], labels['app'], name),
        version: revision && shortRevision(revision),
        commit: revision,
        author: firstText(initiator['username']) ?? (initiator['automated'] === true ? 'argocd' : undefined),
        message: failed ? `${String(phase)}: ${firstText(operation['message']) ?? ''}` : undefined,
        environment: firstText(labels['environment'], labels['env']),
      },
      intake,
    );
  },
};

function applicationIn(bag: Bag): Bag | undefined {
  return [bag, bag['app'], bag['application'], bag['object']].filter(isBag).find((each) => {
    const status = bagOf(each['status']);
    return isBag(each['metadata']) && (isBag(status['sync']) || isBag(status['operationState']));
  });
}
