/** Holds what a detector told against what happened: what was found, how soon, and what was told without a reason. */
import { minutes, type Time } from '../../time/duration.ts';
import { type Happening, isFaint } from './faults.ts';
import type { ServiceLaw } from './law.ts';

/** Something a detector told. */
export interface Told {
  readonly at: Time;
  readonly service: string;
  /** When the detector says that it began. */
  readonly onset: Time;
  /** Whether it is the beginning of an incident. */
  readonly opens: boolean;
  /** Whether it calls someone, then or later. */
  isPage: boolean;
  /** What it says. */
  readonly said?: string;
}

/** A row of the table. */
export type Row = Readonly<Record<string, string | number>>;

/** What was told so long after a fault's end may still be of it. */
const slack = minutes(5);

/** Judges one detector. `told` is in order of time. */
export function judged(
  detector: string,
  told: readonly Told[],
  {
    happened,
    laws,
    days,
  }: { readonly happened: readonly Happening[]; readonly laws: ReadonlyMap<string, ServiceLaw>; readonly days: number },
): {
  readonly row: Row;
  readonly kind: (kind: Happening['kind']) => Row;
  readonly missed: readonly Happening[];
  readonly false: readonly Told[];
} {
  const faults = happened.filter(({ kind }) => kind !== 'busy' && kind !== 'chatty' && kind !== 'good deploy');
  const byService = new Map<string, Told[]>();
  for (const one of told) byService.set(one.service, [...(byService.get(one.service) ?? []), one]);
  const delayOf = (fault: Happening): number => {
    const times = fault.services.map((service) => {
      const first = byService
        .get(service)
        ?.find(({ at, onset }) => at > fault.start && at <= fault.end + slack && onset >= fault.start - minutes(1));
      return first === undefined ? Number.POSITIVE_INFINITY : first.at - fault.start;
    });
    return Math.min(...times);
  };
  const found = faults.map((fault) => ({ fault, delay: delayOf(fault) }));
  const missed = found.filter(({ delay }) => delay === Number.POSITIVE_INFINITY).map(({ fault }) => fault);
  const faint = missed.filter((fault) => isFaint(fault, laws)).length;
  const delays = found
    .map(({ delay }) => delay)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const inTime = delays.filter((delay) => delay < minutes(2)).length;
  const wrong = told.filter(({ opens, at, service }) => {
    const isExplained = ({ start, end, services, kind }: Happening) =>
      services.includes(service) && at > start && at <= (kind === 'shift' ? start + minutes(150) : end + slack);
    return opens && !faults.some(isExplained);
  });
  const share = (n: number, of: number): string => (n / of).toFixed(3);
  const perDay = (of: readonly Told[]): string => (of.length / days).toFixed(2);
  const quantile = (q: number, of = delays): string =>
    ((of[Math.min(of.length - 1, Math.floor(q * of.length))] ?? Number.NaN) / 1_000).toFixed(0);
  const kind = (kind: Happening['kind']): Row => {
    const all = found.filter(({ fault }) => fault.kind === kind);
    const ofKind = all
      .map(({ delay }) => delay)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const missedOnes = all.length - ofKind.length;
    return {
      kind,
      faults: all.length,
      missed: missedOnes,
      'p50 s': quantile(0.5, ofKind),
      'p90 s': quantile(0.9, ofKind),
    };
  };
  const row = {
    detector,
    faults: faults.length,
    missed: missed.length,
    'of them faint': faint,
    recall: share(faults.length - missed.length, faults.length),
    'without faint': share(faults.length - missed.length, faults.length - faint),
    'in two minutes': share(inTime, faults.length),
    'p50 s': quantile(0.5),
    'p99 s': quantile(0.99),
    'false pages a day': perDay(wrong.filter(({ isPage }) => isPage)),
    'false tickets a day': perDay(wrong.filter(({ isPage }) => !isPage)),
  };
  return { row, kind, missed, false: wrong };
}
