/**
 * A line of what `kubectl get events` prints: perhaps a namespace, an age, `Normal` or `Warning`, a reason, what it is
 * about (`pod/cart-0`), a message. An age counts back from when the text was read. With `-o wide` the container stands
 * behind the object, and how old the first one is, how many there were and the event's name at the end.
 */
import { days, hours, minutes, seconds, type Time } from '../../../time/duration.ts';
import type { KubeEvent } from './kube-event.ts';
import { containerIn } from './kube-event.ts';

/** Whether a line is the head of such a table. */
export const isTableHead = (line: string): boolean => line.includes('LAST SEEN') && line.includes('REASON');

/** The event in a line; null if it is none. */
export function tableEvent(line: string, now: Time): KubeEvent | null {
  const words = line.slice(0, longestLine).trim().split(/\s+/);
  const at = words.findIndex((word) => word === 'Normal' || word === 'Warning');
  // Before it stand at most a namespace, an age and how often: `2m (x5 over 10m)`.
  if (at < 1 || at > 5) return null;
  const ages = words.slice(0, at).map((word) => ageOf(word.replace(/[()]/g, '')));
  const last = ages.find((age) => age !== null);
  const [type, reason, about] = [words[at]!, words[at + 1], words[at + 2]];
  const slash = about?.indexOf('/') ?? -1;
  if (last === undefined || last === null || reason === undefined || about === undefined || slash <= 0) return null;
  const rest = words.slice(at + 3);
  const container = rest[0]?.startsWith('spec.') === true ? containerIn(rest[0]) : undefined;
  const wide = wideEnd(rest);
  const times = words.slice(0, at).find((word) => word.startsWith('(x'));
  const first = wide?.first ?? (times === undefined ? last : (ages.findLast((age) => age !== null) ?? last));
  const message = rest.slice(container === undefined ? 0 : 1, wide === null ? rest.length : -3).join(' ');
  return {
    id: undefined,
    type,
    reason,
    message,
    namespace: at > 1 && ages[0] === null ? words[0] : undefined,
    object: { kind: about.slice(0, slash), name: about.slice(slash + 1) },
    container,
    node: undefined,
    count: wide?.count ?? countOf(times?.slice(2) ?? '1'),
    first: now - first,
    last: now - last,
    written: words[0],
  };
}

const longestLine = 8_192;

/** What `-o wide` puts at the end: an age, a number and the event's name. */
function wideEnd(words: readonly string[]): { readonly first: number; readonly count: number } | null {
  const [age, count, name] = words.slice(-3);
  if (words.length < 4 || !/^\d{1,9}$/.test(count!) || !/\.[0-9a-f]{6,20}$/.test(name!)) return null;
  const first = ageOf(age!);
  return first === null ? null : { first, count: countOf(count!) };
}

const countOf = (text: string): number => Math.max(1, Number(text) || 1);

const units: Readonly<Record<string, (n: number) => number>> = { d: days, h: hours, m: minutes, s: seconds };

/**
 * An age in milliseconds, 0 for one that kubectl does not know; null if it is none.
 *
 * @example
 * ageOf('5m12s') // => 312000
 */
export function ageOf(text: string): number | null {
  if (text === '<unknown>' || text === '<invalid>') return 0;
  if (!/^(?:\d{1,6}[ydhms]){1,4}$/.test(text)) return null;
  let age = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([ydhms])/g)) {
    age += unit === 'y' ? days(365 * Number(count)) : units[unit!]!(Number(count));
  }
  return age;
}
