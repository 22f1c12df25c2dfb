/**
 * A change as another system reports it: the record of `signals/changes.ts` with its time as a number, an id, and the
 * environment where the sender names one. What is announced twice, or delivered again, has the same id.
 */
import { cutText } from '../../../codecs/utf8.ts';
import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Time } from '../../../time/duration.ts';
import type { Change } from '../../changes.ts';
import type { Intake } from '../intake.ts';

/** A change with what a reader adds. */
export interface ReportedChange extends Change {
  readonly id: string;
  readonly time: Time;
  /** As the sender calls it, such as `production`; null where it does not. */
  readonly environment: string | null;
}

/** A change as a reader found it. */
export interface ChangeDraft {
  readonly id: string;
  readonly time: Time;
  /** The time as it was written, for a reason. */
  readonly written: unknown;
  readonly kind: Change['kind'];
  readonly service: string | undefined;
  readonly version?: string | undefined;
  readonly author?: string | undefined;
  readonly commit?: string | undefined;
  readonly message?: string | undefined;
  readonly environment?: string | undefined;
  readonly until?: string | undefined;
}

/** Takes in a change, or refuses it for what it lacks. */
export function takeChange(draft: ChangeDraft, intake: Intake<ReportedChange>): void {
  const { id, time, written, kind, service } = draft;
  if (!intake.timely(time, 'time', written)) return;
  if (service === undefined && kind !== 'commit') {
    return intake.wrong('service', undefined, 'named by a change; * stands for all');
  }
  intake.records.push({
    id: boundedName(id),
    time,
    timestamp: new Date(Math.floor(time)).toISOString(),
    kind,
    service: service === undefined ? null : boundedName(service.trim()),
    version: short(draft.version),
    author: short(draft.author),
    until: draft.until ?? null,
    commit: short(draft.commit),
    message: draft.message === undefined ? null : cutText(draft.message, longestMessage).toWellFormed(),
    environment: short(draft.environment),
  });
}

const short = (text: string | undefined): string | null =>
  text === undefined ? null : cutText(text, longestText).toWellFormed();
const longestText = 200;
const longestMessage = 2_000;

/** Words by which a change tells its kind, the more telling first. */
const words: readonly (readonly [Change['kind'], RegExp])[] = [
  ['maintenance', /maintenance|downtime/],
  ['flag', /flag|toggle|feature|experiment/],
  ['config', /config|setting|secret|parameter/],
  ['deployment', /deploy|releas|roll(?:ed)?.?(?:out|back)|publish|promot|upgrad/],
  ['commit', /commit|push|merge/],
];

/**
 * The kind of change that a text speaks of; undefined if it speaks of none.
 *
 * @example
 * kindIn('dev.cdevents.service.deployed.0.1.1') // => 'deployment'
 */
export function kindIn(text: string): Change['kind'] | undefined {
  const small = text.slice(0, longestText).toLowerCase();
  return words.find(([, pattern]) => pattern.test(small))?.[0];
}

/**
 * A commit's id, short as people write it; another text as it is.
 *
 * @example
 * shortRevision('9f3c2d1a0b4e5f60718293a4b5c6d7e8f9a0b1c2') // => '9f3c2d1'
 */
export const shortRevision = (revision: string): string =>
  /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(revision) ? revision.slice(0, 7) : revision;
