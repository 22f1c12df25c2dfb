/**
 * A screen against the truth: each number of its head and table, and whether it is rightly calm. Its incidents are
 * judged in `judge-incidents.ts`.
 */
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';
import { judgeIncidents } from './judge-incidents.ts';
import { recoveryWithin } from './judge-numbers.ts';
import type { Fault } from './plan.ts';
import type { Sample } from './recording.ts';
import { readScreen, type Screen, type ServiceRow } from './screen.ts';
import {
  dueAt,
  firstLine,
  illnesses,
  isKnown,
  lastLine,
  linesUntil,
  type Truth,
  usualErrors,
  written,
} from './truth.ts';
import { clock, isWithin, type Verdict } from './verdict.ts';

/**
 * A process that was just started has read nothing yet; its numbers, but not its calm, are judged after this. The first
 * has the history to read.
 */
const startUp = [minutes(2), seconds(45)] as const;
/** Panes that are not over, lines that are waited for, sources at their end: what is seen is this old at most. */
const minute = minutes(1);

/** What was before a screen. */
export interface Before {
  /** Lines that earlier processes had read. */
  readonly linesRead: number;
  /** When each fault was told, as far as it was. */
  readonly told: ReadonlyMap<Fault, Time>;
}

/** Judges everything that stands on the screen of a sample. */
export function judgeScreen(truth: Truth, sample: Sample, before: Before): Verdict[] {
  const { at } = sample;
  const screen = readScreen(sample.screen);
  const isNew = at < sample.startedAt + startUp[sample.process === 0 ? 0 : 1];
  if (screen === undefined) {
    const said = sample.screen.slice(0, 80).trim();
    return isNew ? [] : [{ kind: 'a screen', at, isTrue: false, said, truth: 'it shows no view' }];
  }
  const numbers = isNew ? [] : [...judgeHead(truth, screen, { at, before }), ...judgeTable(truth, screen, at)];
  return [...numbers, ...judgeCalm(truth, screen, { sample, before }), ...judgeIncidents(truth, screen, at)];
}

function judgeHead(truth: Truth, screen: Screen, { at, before }: { at: Time; before: Before }): Verdict[] {
  const inAll = [linesUntil(truth, at - seconds(15)), linesUntil(truth, at + seconds(1))] as const;
  const isInAll = (lines: number) => isWithin(lines, inAll, { share: 0, absolute: 1 });
  const bySecond = Array.from({ length: 12 }, (_, i) => {
    const to = at - seconds(i - 1);
    return linesUntil(truth, to) - linesUntil(truth, to - seconds(1));
  });
  const rates = [Math.min(...bySecond), Math.max(...bySecond)] as const;
  const now = screen.now ?? Number.NaN;
  const verdict = (kind: string, isTrue: boolean, [said, what]: readonly [string, string]): Verdict => ({
    kind,
    at,
    isTrue,
    said,
    truth: what,
  });
  return [
    verdict('lines in all', isInAll(screen.lines) || isInAll(screen.lines + before.linesRead), [
      `${screen.lines} lines`,
      `${inAll.join(' to ')} were written, of which an earlier process had read ${before.linesRead}`,
    ]),
    verdict('lines a second', isWithin(screen.perSecond, rates, { share: 0.6, absolute: 10 }), [
      `${screen.perSecond} lines/s`,
      `${rates.join(' to ')} were written a second`,
    ]),
    verdict('event time', now <= at + seconds(1) && at - now <= minute, [
      `event time ${clock(now)}`,
      `it is ${clock(at)}`,
    ]),
    verdict('lines set aside', screen.setAside.join() === '0,0', [
      `${screen.setAside.join(' and ')} set aside`,
      'no line is late or unreadable',
    ]),
    ...judgeQuiet(truth, screen, at),
    ...judgeLearning(truth, screen, at),
  ];
}

/** Whether nothing was written for as long as it says that nothing is read. */
function judgeQuiet(truth: Truth, { quiet }: Screen, at: Time): Verdict[] {
  if (quiet === null) return [];
  const span = seconds(Number(/(\d+) s/.exec(quiet)?.[1] ?? 60));
  const lines = linesUntil(truth, at - seconds(3)) - linesUntil(truth, at - span + seconds(3));
  return [{ kind: 'nothing is read', at, isTrue: lines === 0, said: quiet, truth: `${lines} lines were written` }];
}

/** Panes are learned two minutes late, and not while something is suspicious. */
const notLearned = minutes(5);

/** A service is learned after an hour of ordinary panes; those of a fault, and until its end is told, don't count. */
function judgeLearning(truth: Truth, { learning }: Screen, at: Time): Verdict[] {
  const services = Object.keys(truth.counts);
  const heard = (until: Time) => services.filter((service) => lastLine(truth, service, until) > truth.from).length;
  const isLearned = (service: string, patience: number) => {
    const since = firstLine(truth, service);
    const ill = illnesses(truth, service).reduce(
      (sum, { from, to }) => sum + (from < at ? Math.min(at, to) - from + patience : 0),
      0,
    );
    return at - since >= hours(1) + (patience > 0 ? ill + notLearned : 0);
  };
  const most = heard(at) - services.filter((service) => isLearned(service, recoveryWithin + notLearned)).length;
  const least = heard(at - seconds(45)) - services.filter((service) => isLearned(service, 0)).length;
  const [some, all] = learning ?? [0, null];
  return [
    {
      kind: 'services being learned',
      at,
      isTrue: some >= least && some <= most && (all === null || (all <= heard(at) && all >= heard(at - seconds(45)))),
      said: learning === null ? 'nothing' : `${some} of ${all} services still being learned`,
      truth: `${least} to ${most} of ${heard(at)} have been ordinary for less than an hour`,
    },
  ];
}

function judgeTable(truth: Truth, screen: Screen, at: Time): Verdict[] {
  const verdicts = screen.rows.flatMap((row) => judgeRow(truth, row, at));
  for (const service of Object.keys(truth.counts)) {
    const lines = written(truth, 'events', { service, from: at - minute, to: at - seconds(35) });
    if (lines === 0 || screen.hasMoreRows) continue;
    const isTrue = screen.rows.some((row) => row.service === service);
    verdicts.push({
      kind: 'who writes',
      at,
      isTrue,
      said: isTrue ? '' : `no ${service}`,
      truth: `${lines} lines of it`,
    });
  }
  return verdicts;
}

function judgeRow(truth: Truth, { service, lines, errors, expected, text }: ServiceRow, at: Time): Verdict[] {
  if (!isKnown(truth, service)) {
    return [{ kind: 'lines a minute', at, isTrue: false, said: text, truth: `no ${service} writes` }];
  }
  const range = (what: 'events' | 'errors') => {
    const found = Array.from({ length: 61 }, (_, i) => {
      const end = at - seconds(i);
      return written(truth, what, { service, from: end - minute, to: end });
    });
    return [Math.min(...found), Math.max(...found)] as const;
  };
  const judged = (kind: string, value: number, [least, most]: readonly [number, number]): Verdict => ({
    kind,
    at,
    isTrue: isWithin(value, [least, most], { share: 0.03, absolute: 2 }),
    said: text,
    truth: `${least} to ${most} within the minute`,
  });
  const events = range('events');
  const verdicts = [judged('lines a minute', lines, events), judged('errors a minute', errors, range('errors'))];
  if (expected === null) return verdicts;
  // The screen says what so many lines usually have: also of a flood's lines, which the law for usual ones leaves out.
  const usual = [at - seconds(40), at].flatMap((end) => {
    const span = { service, from: end - minute, to: end };
    return [usualErrors(truth, span), written(truth, 'events', span) * truth.errorShares[service]!];
  });
  const isTrue = expected >= Math.min(...usual) / 4 - 2 && expected <= Math.max(...usual) * 4 + 2;
  const law = `${Math.min(...usual).toFixed(1)} to ${Math.max(...usual).toFixed(1)} are usual`;
  return [...verdicts, { kind: 'expected a minute', at, isTrue, said: text, truth: law }];
}

/** Whether calm is right: no fault is there that was told, or is there for longer than it takes to tell it. */
function judgeCalm(
  truth: Truth,
  screen: Screen,
  { sample: { at, state }, before }: { sample: Sample; before: Before },
): Verdict[] {
  const listed = screen.incidents.length === Math.min(8, screen.open + screen.suppressed);
  const counted: Verdict = {
    kind: 'number of incidents',
    at,
    isTrue: listed,
    said: `${screen.open} open incidents, ${screen.suppressed} suppressed`,
    truth: `${screen.incidents.length} are listed`,
  };
  if (screen.open > 0) return [counted];
  const due = (f: Fault) => Math.min(dueAt(truth, f), (before.told.get(f) ?? Number.POSITIVE_INFINITY) + minute);
  const untold = truth.faults.filter((f) => f.kind !== 'flood' && due(f) <= at && at < f.to - seconds(5));
  const missed = untold.filter(({ kind, services }) => kind !== 'pipeline' || !isHeldBack(state, services));
  const faults = missed.map((f) => `${f.services.join(', ')}: ${f.kind} since ${clock(f.from)}`);
  return [
    { kind: 'calm', at, isTrue: missed.length === 0, said: 'no open incidents', truth: faults.join('; ') },
    counted,
  ];
}

/** Whether a suppressed incident says that the pipeline of these services is at fault. */
const isHeldBack = (state: Sample['state'], services: readonly string[]): boolean =>
  (state?.incidents ?? []).some(
    (i) => i.status === 'suppressed' && /pipeline/.test(i.reason ?? '') && i.services.some((s) => services.includes(s)),
  );
