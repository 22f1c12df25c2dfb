/**
 * An Event of Kubernetes as it stands in JSON: of `core/v1` (`involvedObject`, `message`, `count`) or `events.k8s.io/v1`
 * (`regarding`, `note`, `series`), bare, from a watch (`{"type", "object"}`), or from eventrouter (`{"verb", "event"}`).
 */
import type { Time } from '../../../time/duration.ts';
import { type Bag, bagOf, firstText, isBag, numberOf, timeOfText } from '../values.ts';

/** An Event, as far as it says something. */
export interface KubeEvent {
  readonly id: string | undefined;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly namespace: string | undefined;
  /** What the event is about. */
  readonly object: { readonly kind: string; readonly name: string };
  readonly container: string | undefined;
  readonly node: string | undefined;
  /** How often it came so far. */
  readonly count: number;
  /** NaN where they can't be read. */
  readonly first: Time;
  readonly last: Time;
  /** The times as they were written, for a reason. */
  readonly written: unknown;
}

/** Whether a value is an Event, or what one comes in. */
export const isKubeEvent = (bag: Bag): boolean => eventBag(bag) !== null;

/** The Event in a value; null if it is none. */
export function kubeEventIn(bag: Bag): KubeEvent | null {
  const event = eventBag(bag);
  if (event === null) return null;
  const metadata = bagOf(event['metadata']);
  const object = bagOf(event['involvedObject'] ?? event['regarding']);
  const series = bagOf(event['series']);
  const source = bagOf(event['source'] ?? event['deprecatedSource']);
  const lastText = firstText(
    ...[series['lastObservedTime'], event['lastTimestamp'], event['deprecatedLastTimestamp'], event['eventTime']],
    ...[event['firstTimestamp'], metadata['creationTimestamp']],
  );
  const firstSeen = firstText(event['firstTimestamp'], event['deprecatedFirstTimestamp'], event['eventTime'], lastText);
  const count = numberOf(series['count'] ?? event['count'] ?? event['deprecatedCount'] ?? 1);
  const path = firstText(object['fieldPath']);
  return {
    id: firstText(metadata['uid']),
    type: firstText(event['type']) ?? 'Normal',
    reason: firstText(event['reason']) ?? '',
    message: firstText(event['message'], event['note']) ?? '',
    namespace: firstText(object['namespace'], metadata['namespace']),
    object: { kind: firstText(object['kind']) ?? '', name: firstText(object['name']) ?? '' },
    container: path === undefined ? undefined : containerIn(path),
    node: firstText(source['host'], event['reportingInstance']),
    count: count >= 1 ? Math.min(Math.floor(count), mostCount) : 1,
    first: timeOfText(firstSeen),
    last: timeOfText(lastText),
    written: lastText,
  };
}

const mostCount = 1e9;

function eventBag(bag: Bag): Bag | null {
  for (const each of [bag, bag['object'], bag['event']]) {
    if (!isBag(each) || typeof each['reason'] !== 'string') continue;
    if (isBag(each['involvedObject']) || isBag(each['regarding'])) return each;
  }
  return null;
}

/**
 * The container that a field path names.
 *
 * @example
 * containerIn('spec.containers{server}') // => 'server'
 */
export function containerIn(path: string): string | undefined {
  const open = path.indexOf('{');
  return open > 0 && path.endsWith('}') && path.length < 300 ? path.slice(open + 1, -1) : undefined;
}
