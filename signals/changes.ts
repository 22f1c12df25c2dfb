/**
 * What people and pipelines did to services: deployments, changes of configuration and flags, commits, announced
 * maintenance. An incident sees them as of its own time, never as of now. A record of our own is read by `changeIn`, so
 * that a change that names no service, or no time that can be read, is refused with the reason and never taken for a
 * change of nothing; what other systems report, `inputs/changes/` reads.
 */
import { createHash } from 'node:crypto';
import { cutText } from '../codecs/utf8.ts';
import { boundedName } from '../logs/lines/source-name.ts';
import { type Duration, days, hours, seconds, type Time } from '../time/duration.ts';
import { instantOf } from '../time/instant.ts';
import type { Entries } from './entries.ts';
import { nameType, rowTable, timeText, timeType } from './row-table.ts';

const changeKinds = ['deployment', 'config', 'flag', 'commit', 'maintenance'] as const;

/** A change as it arrives. Times are ISO 8601 with a zone; `message` and `diff` are untrusted text. */
export interface Change {
  readonly timestamp: string;
  readonly kind: (typeof changeKinds)[number];
  /** `*` for all services; a commit has none. */
  readonly service?: string | null;
  readonly id?: string | null;
  readonly version?: string | null;
  readonly author?: string | null;
  /** End of a maintenance. */
  readonly until?: string | null;
  /** Of a deployment: the id of the commit that it carries. */
  readonly commit?: string | null;
  readonly message?: string | null;
  readonly files?: readonly string[] | null;
  readonly diff?: string | null;
}

/** A change as it is kept. */
export interface KnownChange {
  readonly at: Time;
  readonly until: Time;
  readonly kind: Exclude<Change['kind'], 'commit'>;
  readonly service: string;
  readonly version: string;
  readonly author: string;
}

/** Known changes of services by identity. */
export type Changes = Entries<string, KnownChange>;

const keepFor = hours(24);
/** Length of a maintenance whose end was not announced. */
const usualMaintenance = hours(1);
/** A maintenance that is announced for longer is taken for a mistake: it would hold back every incident until then. */
const longestMaintenance = days(31);
/** What is kept of a change for incidents is short, whatever is announced. */
const mostShown = 200;
/** A diff may be as large as a topic's record; a row is to be looked at. */
const mostDiff = 20_000;
/** An onset is known to a few panes: a change may come a little after it and be its cause. */
const slack = seconds(30);

/**
 * When a change took effect; NaN if its timestamp can't be read.
 *
 * @example
 * changeTime({ timestamp: '1970-01-01T00:00:05Z' }) // => 5000
 */
export function changeTime(change: Pick<Change, 'timestamp'>): Time {
  // A source of JSON may hold anything.
  const timestamp: unknown = (change as Partial<Change> | null | undefined)?.timestamp;
  return typeof timestamp === 'string' ? instantOf(timestamp) : Number.NaN;
}

const texts = ['service', 'id', 'version', 'author', 'until', 'commit', 'message', 'diff'] as const;

/**
 * Identity of a change: its id, or else its time, kind and service with a hash of all that it says. The same one
 * announced twice is one; two versions deployed in one second are two. A field that is null or empty counts as absent.
 *
 * @example
 * changeId({ timestamp: '1970-01-01T00:00:05Z', kind: 'flag', service: 'cart', id: 'f7' }) // => 'f7'
 */
export function changeId(change: Change): string {
  if (change.id) return change.id;
  const { timestamp, kind, service, files } = change;
  const said = JSON.stringify([...texts.map((name) => change[name] || ''), files ?? []]);
  const hash = createHash('sha256').update(said).digest('hex').slice(0, 16);
  return `${timestamp}/${kind}/${service || ''}/${hash}`;
}

/**
 * The change in a record of our own, decoded. Fields that it does not know are left out. Throws TypeError, with what is
 * wrong, for a record that is no change: its kind is unknown, its time can't be read, it names no service though it is
 * no commit, it ends before it begins, or it is a maintenance of more than 31 days. Blanks around a service are no part
 * of it.
 *
 * @example
 * changeIn({ timestamp: '2026-01-29T10:00:00Z', kind: 'flag', service: 'cart', by: 'ada' })
 * // => { timestamp: '2026-01-29T10:00:00Z', kind: 'flag', service: 'cart' }
 */
export function changeIn(found: unknown): Change {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new TypeError(`a change is an object, not ${shown(found)}`);
  }
  const fields = found as Readonly<Record<string, unknown>>;
  const timestamp = timeIn(fields, 'timestamp');
  const kind = changeKinds.find((known) => known === fields['kind']);
  if (kind === undefined) throw new TypeError(`kind is ${shown(fields['kind'])}, not one of ${changeKinds.join(', ')}`);
  const change: { -readonly [K in keyof Change]: Change[K] } = { timestamp, kind };
  for (const name of texts) {
    const value = fields[name];
    if (isMissing(value)) continue;
    if (typeof value !== 'string') throw new TypeError(`${name} is ${shown(value)}, not a text`);
    change[name] = value;
  }
  const { files } = fields;
  if (!isMissing(files)) {
    if (!isTexts(files)) throw new TypeError(`files is ${shown(files)}, not a list of texts`);
    change.files = files;
  }
  if (change.service) change.service = change.service.trim();
  if (!change.service && kind !== 'commit') {
    throw new TypeError(`a change of kind ${kind} names its service, or * for all`);
  }
  if (change.until !== undefined) checkLength(change, instantOf(timeIn(fields, 'until')));
  return change;
}

function checkLength({ timestamp, kind, until }: Change, end: Time): void {
  const length: Duration = end - instantOf(timestamp);
  if (length <= 0) throw new TypeError(`until is ${until}, not after ${timestamp}`);
  if (kind === 'maintenance' && length > longestMaintenance) {
    const most = longestMaintenance / days(1);
    throw new TypeError(`until is ${until}, and a maintenance of more than ${most} days is announced in parts`);
  }
}

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null;
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const shown = (value: unknown): string => (value === undefined ? 'missing' : cutText(JSON.stringify(value), 80));

function timeIn(fields: Readonly<Record<string, unknown>>, name: 'timestamp' | 'until'): string {
  const value = fields[name];
  if (typeof value === 'string' && !Number.isNaN(instantOf(value))) return value;
  throw new TypeError(`${name} is ${shown(value)}, not a time as 2026-01-29T08:00:00Z`);
}

/** Keeps a change of services. A commit is none before it is deployed. */
export function noteChange(changes: Changes, change: Change): void {
  const { kind, service, version, author } = change;
  if (kind === 'commit' || !service) return;
  const named = { service: boundedName(service), version: shortText(version), author: shortText(author) };
  const at = changeTime(change);
  const until = kind === 'maintenance' ? (announcedEnd(change) ?? at + usualMaintenance) : at;
  changes.set(boundedName(changeId(change)), { at, until, kind, ...named });
}

const shortText = (text: string | null | undefined): string => cutText(text ?? '', mostShown).toWellFormed();

/** The end that was announced with a change, or undefined. */
function announcedEnd({ until }: Change): Time | undefined {
  const end = until ? instantOf(until) : Number.NaN;
  return Number.isNaN(end) ? undefined : end;
}

/** Forgets changes that were over a day before `now`. */
export function forgetChanges(changes: Changes, now: Time): void {
  for (const [id, { until }] of changes.entries()) if (until + keepFor < now) changes.delete(id);
}

/** Deployments, configurations and flags of a service at most `within` before `onset`, the latest first. */
export function changesBefore(
  changes: Changes,
  { service, onset, within }: { readonly service: string; readonly onset: Time; readonly within: Duration },
): KnownChange[] {
  const found: KnownChange[] = [];
  for (const [, change] of changes.entries()) {
    if (change.kind === 'maintenance' || !concerns(change, service)) continue;
    if (change.at <= onset + slack && change.at >= onset - within) found.push(change);
  }
  return found.sort((a, b) => b.at - a.at);
}

/** Whether a change is to a service. */
export const concerns = (change: Pick<KnownChange, 'service'>, service: string): boolean =>
  change.service === '*' || change.service === service;

/** What was done to services. */
export const changesTable = rowTable<Change>({
  name: 'changes',
  comment: 'One row per deployment, change of configuration or flag, commit, or maintenance',
  columns: {
    change_id: { type: 'String', comment: 'Its id, or else time, kind and service', value: changeId },
    timestamp: { type: timeType, comment: 'When it took effect', value: (change) => timeText(changeTime(change)) },
    kind: { type: nameType, comment: 'deployment, config, flag, commit or maintenance', value: ({ kind }) => kind },
    service: {
      type: nameType,
      comment: 'The service; * for all, empty for a commit',
      value: ({ service }) => service ?? '',
    },
    version: { type: 'String', comment: 'What was deployed', value: ({ version }) => version ?? '' },
    author: { type: 'String', comment: 'By whom', value: ({ author }) => author ?? '' },
    until: {
      type: `Nullable(${timeType})`,
      comment: 'End of a maintenance',
      value: (change) => {
        const end = announcedEnd(change);
        return end === undefined ? null : timeText(end);
      },
    },
    commit: { type: 'String', comment: 'The commit that a deployment carries', value: ({ commit }) => commit ?? '' },
    message: { type: 'String', comment: 'What its author says of it', value: ({ message }) => message ?? '' },
    files: { type: 'Array(String)', comment: 'Files that a commit changes', value: ({ files }) => files ?? [] },
    diff: {
      type: 'String',
      comment: 'How it changes them, cut after 20,000 characters',
      value: ({ diff }) => cutText(diff ?? '', mostDiff),
    },
  },
  identity: ['change_id'],
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
