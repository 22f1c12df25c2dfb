/**
 * What happens in an hour of watching, and when: services with the laws of their traffic, faults whose beginning and
 * end are known, files that are rotated, a restart of the watcher. Times are shares of the run, so that a shorter run
 * has the same course; what detection needs in minutes is set shorter with it (`settingsOf`).
 */
import { type Duration, minutes, seconds } from '../../time/duration.ts';

/** How a service writes. */
export interface Law {
  readonly name: string;
  readonly file: string;
  /** Events a second, on average. */
  readonly rate: number;
  /** Share of its events that are errors while it is well; see `alsoInErrorLog`. */
  readonly errorShare: number;
}

/** nginx writes this share of its failed requests into its error log too, where they are events of their own. */
export const alsoInErrorLog = 0.5;

/** What is wrong with services from `from` to `to`, ms since the start; `to` is the end of the run if it stays. */
export interface Fault {
  readonly kind: 'errors' | 'disk' | 'silence' | 'pipeline' | 'flood';
  readonly services: readonly string[];
  readonly from: Duration;
  readonly to: Duration;
}

/** What is done to a file: renamed, with a new one in its place, or copied and emptied. */
export interface Rotation {
  readonly file: string;
  readonly how: 'rename' | 'copy';
  readonly at: Duration;
}

/** The course of a run. */
export interface Plan {
  /** How long the services have written before the watcher is started; the files hold that when it comes. */
  readonly history: Duration;
  /** How long it watches. All other times are counted from its start. */
  readonly length: Duration;
  readonly laws: readonly Law[];
  readonly faults: readonly Fault[];
  readonly rotations: readonly Rotation[];
  /** When the watcher is stopped, in the middle of an incident. It is started again at once. */
  readonly restartAt: Duration;
  /** The file that is renamed while it is down. */
  readonly renamedMeanwhile: string;
}

/** The files' names; `platform.log` holds several services, `web` writes two. */
export const files = [
  'checkout.log',
  'payments.log',
  'web.access.log',
  'web.error.log',
  'orders.log',
  'platform.log',
  'catalog.log',
  'session.log',
  'backup.log',
] as const;

const laws: readonly Law[] = [
  { name: 'checkout', file: 'checkout.log', rate: 20, errorShare: 0.004 },
  { name: 'payments', file: 'payments.log', rate: 12, errorShare: 0.003 },
  { name: 'web', file: 'web.access.log', rate: 50, errorShare: 0.002 },
  { name: 'orders', file: 'orders.log', rate: 8, errorShare: 0.005 },
  { name: 'cart', file: 'platform.log', rate: 10, errorShare: 0.003 },
  { name: 'stock', file: 'platform.log', rate: 5, errorShare: 0.004 },
  { name: 'mail', file: 'platform.log', rate: 2, errorShare: 0.01 },
  { name: 'pricing', file: 'platform.log', rate: 4, errorShare: 0 },
  { name: 'catalog', file: 'catalog.log', rate: 10, errorShare: 0.002 },
  { name: 'session', file: 'session.log', rate: 6, errorShare: 0.002 },
  { name: 'backup', file: 'backup.log', rate: 1 / 150, errorShare: 0 },
];

/** The hour of `length` after `history`; the numbers are minutes of a run of sixty. */
export function planOf(length: Duration, history: Duration): Plan {
  const at = (minute: number): Duration => Math.round((minute / 60) * length);
  const fault = (kind: Fault['kind'], services: readonly string[], [from, to]: readonly [number, number]): Fault => ({
    kind,
    services,
    from: at(from),
    to: at(to),
  });
  return {
    history,
    length,
    laws,
    faults: [
      fault('errors', ['checkout'], [15, 21]),
      fault('flood', ['web'], [22, 23]),
      fault('silence', ['session'], [27, 32]),
      fault('pipeline', ['cart', 'stock', 'mail', 'pricing'], [34, 38]),
      fault('disk', ['orders'], [40, 47]),
      fault('silence', ['payments'], [49, 60]),
    ],
    rotations: [
      { file: 'catalog.log', how: 'rename', at: at(13) },
      { file: 'session.log', how: 'copy', at: at(24) },
      { file: 'catalog.log', how: 'rename', at: at(52) },
    ],
    restartAt: at(45),
    renamedMeanwhile: 'catalog.log',
  };
}

/** What the watcher is told, and the judge with it. All durations in ms. */
export interface RunSettings {
  readonly silenceAtLeast: Duration;
  readonly silenceKnownFor: Duration;
  readonly onsetWithin: Duration;
  readonly resolveAfter: Duration;
  /** How long a fault may go untold: a promise of the product, not a setting. */
  readonly toldWithin: Duration;
}

/**
 * Settings for a run of `length`. An hour is too short for one default: a service's silence counts after it has been
 * known for two hours, here after a fifth of the run and all of the history. The others are the defaults, in a shorter
 * run shortened with it, or faults would be over before they could be told, and all would be one incident.
 */
export function settingsOf(length: Duration): RunSettings {
  const share = Math.min(1, length / minutes(60));
  const wholeSeconds = (duration: Duration, least: Duration) =>
    Math.max(least, Math.round((duration * share) / 1_000) * 1_000);
  return {
    silenceAtLeast: wholeSeconds(minutes(2), seconds(30)),
    silenceKnownFor: wholeSeconds(minutes(12), seconds(60)),
    onsetWithin: wholeSeconds(minutes(5), seconds(30)),
    resolveAfter: wholeSeconds(minutes(3), seconds(40)),
    toldWithin: wholeSeconds(minutes(2), seconds(60)),
  };
}

/** The settings as `millrace.yaml`. */
export function yamlOf(settings: RunSettings): string {
  const text = (duration: Duration) => `${duration / 1_000}s`;
  return [
    'silence:',
    `  at_least: ${text(settings.silenceAtLeast)}`,
    `  known_for: ${text(settings.silenceKnownFor)}`,
    'grouping:',
    `  onset_within: ${text(settings.onsetWithin)}`,
    `  resolve_after: ${text(settings.resolveAfter)}`,
    '',
  ].join('\n');
}
