/** What events of Kubernetes claim in a pane: restarts decide when there are many, all other troubles only tell. */
import {
  type KnownPods,
  restarts as kind,
  lastRestart,
  manyRestarts,
  restartsIn,
  troublesAt,
  troubleText,
} from '../signals/pods/restarts.ts';
import type { Time } from '../time/duration.ts';
import type { Claim } from './claim.ts';

/** The claim of a service's pods at `end`; undefined where nothing is to be told. */
export function podClaim(service: string, pods: KnownPods, end: Time): Claim | undefined {
  const troubles = troublesAt(pods, end);
  if (troubles.length === 0) return undefined;
  const times = restartsIn(pods, end);
  const found = { times, onset: troubles.reduce((least, { since }) => Math.min(least, since), end) };
  const decides = times >= manyRestarts;
  return {
    kind: 'restarts',
    service,
    found: kind.find(found),
    scored: kind.scored(found),
    told: troubles.slice(0, mostTold).map((trouble) => troubleText(trouble, end)),
    ids: [],
    last: lastRestart(pods, end),
    lasts: times > 0,
    ruling: decides
      ? { decides, rule: 'crash-loop', reason: `${times} restarts in ten minutes` }
      : {
          decides,
          rule: 'event',
          reason: `events of pods open nothing by themselves, except ${manyRestarts} restarts in ten minutes`,
        },
  };
}

const mostTold = 3;
