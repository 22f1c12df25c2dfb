/**
 * A Pod object, as `kubectl get pods -o json` and watches give it: a container that was killed for its memory stands in
 * its status, where no Event tells of it, and so does one that waits because it crashes or has no image.
 */
import { type Bag, bagOf, firstText, isBag, numberOf, timeOfText } from '../values.ts';
import type { KubeEvent } from './kube-event.ts';

/** The Pod in a value, which may be of a watch; null if it is none. */
export function podIn(bag: Bag): Bag | null {
  for (const each of [bag, bag['object']]) {
    if (isBag(each) && each['kind'] === 'Pod' && isBag(each['metadata']) && isBag(each['status'])) return each;
  }
  return null;
}

/** The worst that a Pod's status tells, as an event; one that is no trouble if all is well. */
export function podStatusEvent(pod: Bag): KubeEvent {
  const [metadata, status] = [bagOf(pod['metadata']), bagOf(pod['status'])];
  const statuses = status['containerStatuses'];
  let worst: Told | null = null;
  for (const each of Array.isArray(statuses) ? statuses.slice(0, mostContainers) : []) {
    const told = isBag(each) ? toldOf(each) : null;
    if (told !== null && (worst === null || told.reason === 'OOMKilled')) worst = told;
  }
  const evicted = firstText(status['reason']) === 'Evicted';
  const at = worst?.at ?? firstText(status['startTime']);
  return {
    id: `${firstText(metadata['uid']) ?? firstText(metadata['name']) ?? ''}/${worst?.reason ?? 'status'}`,
    type: 'Normal',
    reason: worst?.reason ?? (evicted ? 'Evicted' : 'Running'),
    message: worst?.message ?? firstText(status['message']) ?? '',
    namespace: firstText(metadata['namespace']),
    object: { kind: 'Pod', name: firstText(metadata['name']) ?? '' },
    container: worst?.container,
    node: firstText(bagOf(pod['spec'])['nodeName']),
    count: worst?.count ?? 1,
    first: timeOfText(at),
    last: timeOfText(at),
    written: at,
  };
}

const mostContainers = 100;

interface Told {
  readonly reason: string;
  readonly message: string;
  readonly at: string | undefined;
  readonly container: string | undefined;
  readonly count: number;
}

function toldOf(container: Bag): Told | null {
  const [state, last] = [bagOf(container['state']), bagOf(container['lastState'])];
  const ended = isBag(state['terminated']) ? state['terminated'] : bagOf(last['terminated']);
  const waiting = bagOf(state['waiting']);
  const wasKilled = ended['reason'] === 'OOMKilled';
  const reason = wasKilled ? 'OOMKilled' : firstText(waiting['reason'], ended['reason']);
  if (reason === undefined || reason === 'Completed' || reason === 'ContainerCreating') return null;
  const restarts = numberOf(container['restartCount']);
  return {
    reason,
    message: firstText(ended['message'], waiting['message']) ?? '',
    at: firstText(ended['finishedAt'], ended['startedAt']),
    container: firstText(container['name']),
    count: restarts >= 1 && Number.isSafeInteger(restarts) ? restarts : 1,
  };
}
