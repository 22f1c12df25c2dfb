/**
 * Rollouts of Kubernetes, told by the events `ScalingReplicaSet` of a Deployment: a replica set that grows from nothing
 * is new, or an old one again. Growth from more is scaling, and passed over, as is every other event. Where an event
 * does not say what it grew from, as before Kubernetes 1.28, the first growth of a replica set is its rollout: later
 * ones have the same id.
 */
import { isKubeEvent, kubeEventIn } from '../pods/kube-event.ts';
import { takeChange } from './change.ts';
import type { ChangeShape } from './shape.ts';

export const kubernetes: ChangeShape = {
  name: 'Kubernetes rollout',
  fits: isKubeEvent,
  read: (bag, intake) => {
    const event = kubeEventIn(bag);
    const grown = event?.reason === 'ScalingReplicaSet' ? growthIn(event.message) : null;
    if (event === null || grown === null || (grown.from !== null && grown.from !== 0)) {
      intake.passed++;
      return;
    }
    const { object, namespace = '', first, written } = event;
    const { replicaSet, from } = grown;
    const set = `kubernetes/${namespace}/${object.name}/${replicaSet}`;
    const version = replicaSet.startsWith(`${object.name}-`) ? replicaSet.slice(object.name.length + 1) : replicaSet;
    takeChange(
      {
        ...{ id: from === null ? set : `${set}@${first}`, time: first, written, kind: 'deployment', version },
        service: object.name === '' ? undefined : object.name,
        message: event.message,
        environment: event.namespace,
      },
      intake,
    );
  },
};

/** A replica set that grew, and what from; null where the text does not say. */
interface Growth {
  readonly replicaSet: string;
  readonly from: number | null;
}

/**
 * What a message says of a replica set that grew; null if it says something else.
 *
 * @example
 * growthIn('Scaled up replica set cart-75ff987878 from 0 to 1') // => { replicaSet: 'cart-75ff987878', from: 0 }
 * growthIn('Scaled up replica set cart-75ff987878 to 3') // => { replicaSet: 'cart-75ff987878', from: null }
 * growthIn('Scaled down replica set cart-75ff987878 to 0 from 1') // => null
 */
export function growthIn(message: string): Growth | null {
  const found = /^Scaled up replica set ([a-z0-9.-]{1,253})((?: (?:from|to) \d{1,9}){1,2})$/.exec(message);
  if (found === null) return null;
  const from = / from (\d+)/.exec(found[2]!)?.[1];
  return { replicaSet: found[1]!, from: from === undefined ? null : Number(from) };
}
