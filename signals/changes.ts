/**
 * What people and pipelines did to services: deployments, changes of configuration, announced maintenance. An incident
 * sees them as of its own time, never as of now.
 */
import { type Duration, hours, seconds, type Time } from '../time/duration.ts';
import type { Entries } from './entries.ts';
import { nameType, rowTable, timeText, timeType } from './row-table.ts';

/** The topic in which changes arrive. */
export const changeTopic = {
  name: 'changes',
  comment: 'One record per deployment, change of configuration or maintenance',
} as const;

/** A change as it arrives. Times are ISO 8601. */
export interface Change {
  readonly timestamp: string;
  readonly kind: 'deployment' | 'config' | 'maintenance';
  /** `*` for all services. */
  readonly service: string;
  readonly version?: string | null;
  readonly author?: string | null;
  /** End of a maintenance. */
  readonly until?: string | null;
}

/** A change as it is kept. */
export interface KnownChange {
  readonly at: Time;
  readonly until: Time;
  readonly kind: Change['kind'];
  readonly service: string;
  readonly version: string;
  readonly author: string;
}

/** Known changes by identity. */
export type Changes = Entries<string, KnownChange>;

const keepFor = hours(24);
/** Length of a maintenance whose end was not announced. */
const usualMaintenance = hours(1);
/** An onset is known to a few panes: a change may come a little after it and be its cause. */
const slack = seconds(30);

/**
 * When a change took effect; NaN if its timestamp can't be read.
 *
 * @example
 * changeTime({ timestamp: '1970-01-01T00:00:05Z' }) // => 5000
 */
export const changeTime = (change: Pick<Change, 'timestamp'>): Time => Date.parse(change.timestamp);

/** Identity of a change: the same one announced twice is one. */
export const changeId = (change: Change): string => `${change.timestamp}/${change.kind}/${change.service}`;

/** Keeps a change. */
export function noteChange(changes: Changes, change: Change): void {
  const { kind, service, version, author } = change;
  const at = changeTime(change);
  const until = kind === 'maintenance' ? (announcedEnd(change) ?? at + usualMaintenance) : at;
  changes.set(changeId(change), { at, until, kind, service, version: version ?? '', author: author ?? '' });
}

/** The end that was announced with a change, or undefined. */
function announcedEnd({ until }: Change): Time | undefined {
  const end = until ? Date.parse(until) : Number.NaN;
  return Number.isNaN(end) ? undefined : end;
}

/** Forgets changes that were over a day before `now`. */
export function forgetChanges(changes: Changes, now: Time): void {
  for (const [id, { until }] of changes.entries()) if (until + keepFor < now) changes.delete(id);
}

/** Deployments and configurations of a service at most `within` before `onset`, the latest first. */
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
  comment: 'One row per deployment, change of configuration or maintenance',
  columns: {
    change_id: { type: 'String', comment: 'Time, kind and service', value: changeId },
    timestamp: { type: timeType, comment: 'When it took effect', value: (change) => timeText(changeTime(change)) },
    kind: { type: nameType, comment: 'deployment, config or maintenance', value: ({ kind }) => kind },
    service: { type: nameType, comment: 'The service; * for all', value: ({ service }) => service },
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
  },
  identity: ['change_id'],
});
