/**
 * A screen against the truth: each number of its head and table, whether it is rightly calm, each incident that it
 * calls open and what its sentence claims.
 */
import { minutes, seconds, type Time } from '../../time/duration.ts';
import { type Claim, claimsOf } from './claims.ts';
import {
  type Judged,
  judgeEnd,
  judgeErrors,
  judgeGap,
  judgeOnset,
  judgeSilence,
  judgeUsualErrors,
  judgeUsualLines,
  recoveryWithin,
} from './judge-numbers.ts';
import type { Fault } from './plan.ts';
import type { Sample } from './recording.ts';
import { readScreen, type Screen, type ServiceRow } from './screen.ts';
import { dueAt, illnesses, isKnown, lastLine, linesUntil, type Truth, usualErrors, wasIll, written } from './truth.ts';
import { clock, isWithin, type Verdict } from './verdict.ts';

/**
 * A process that was just started has read nothing yet; its numbers, but not its calm, are judged after this. The first
 * has the history to read.
 */
const startUp = [minutes(2), seconds(45)] as const;
const pane = seconds(10);
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

/** In its first hour every service is still being learned, and every one that has written counts. */
function judgeLearning(truth: Truth, { learning }: Screen, at: Time): Verdict[] {
  const heard = (until: Time) =>
    Object.keys(truth.counts).filter((service) => lastLine(truth, service, until) > truth.from).length;
  const services = [heard(at - seconds(45)), heard(at)] as const;
  const [some, all] = learning ?? [0, 0];
  return [
    {
      kind: 'services being learned',
      at,
      isTrue: some === all && isWithin(all, services, { share: 0, absolute: 0 }),
      said: learning === null ? 'nothing' : `${some} of ${all} services still being learned`,
      truth: `${services.join(' to ')} have written, for less than an hour`,
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
  const usual = [at - seconds(40), at].map((end) => usualErrors(truth, { service, from: end - minute, to: end }));
  const isTrue = expected >= Math.min(...usual) / 4 - 2 && expected <= Math.max(...usual) * 4 + 2;
  const law = `${usual.map((n) => n.toFixed(1)).join(' to ')} are usual`;
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

function judgeIncidents(truth: Truth, screen: Screen, at: Time): Verdict[] {
  return screen.incidents.flatMap((listed) => {
    const { text: said, summary, isSuppressed, reason } = listed;
    const { service, claims } = claimsOf(summary, at);
    if (!isKnown(truth, service)) {
      return [{ kind: 'open incident', at, isTrue: false, said, truth: `no service is called ${service}` }];
    }
    const patience = recoveryWithin + 2 * truth.settings.resolveAfter + seconds(30);
    const isIll = wasIll(truth, { service, from: at - patience, to: at });
    // A flood of ordinary lines need not be told; if it is, its numbers must be so.
    const isFlooded = truth.faults.some(
      (f) => f.kind === 'flood' && f.services.includes(service) && f.from <= at && at <= f.to + patience,
    );
    const verdicts: Verdict[] = isSuppressed ? [judgeReason(truth, { service, reason, at, said })] : [];
    if (!isSuppressed)
      verdicts.push({ kind: 'open incident', at, isTrue: isIll || isFlooded, said, truth: `${service} is well` });
    const isLongOver = isIll && !wasIll(truth, { service, from: at - recoveryWithin - pane, to: at });
    if (isLongOver) {
      const isTold = claims.some(({ kind }) => kind === 'well');
      const ends = illnesses(truth, service).map((f) => clock(f.to));
      verdicts.push({
        kind: 'recovery on the screen',
        at,
        isTrue: isTold,
        said,
        truth: `it ended at ${ends.join(', ')}`,
      });
    }
    const from = Math.min(at, screen.now ?? at) - minute;
    for (const claim of claims) verdicts.push(...judgeClaim(truth, { service, claim, from, at, said }));
    return verdicts;
  });
}

/** Whether a suppressed incident gives a true reason: an outage of the pipeline through which the service writes. */
function judgeReason(
  truth: Truth,
  { service, reason, at, said }: { service: string; reason: string | null; at: Time; said: string },
): Verdict {
  const patience = recoveryWithin + 2 * truth.settings.resolveAfter;
  const isTrue =
    (reason ?? '').startsWith('pipeline') &&
    illnesses(truth, service).some((f) => f.kind === 'pipeline' && f.from <= at && at <= f.to + patience);
  return { kind: 'reason of suppression', at, isTrue, said, truth: `the pipeline of ${service} is there` };
}

interface Claimed {
  readonly service: string;
  readonly claim: Claim;
  /** What is said to be so now must have been so at some moment since then: in the minute before the screen's time. */
  readonly from: Time;
  readonly at: Time;
  readonly said: string;
}

/** What a sentence claims, each claim under a name of its own. */
function judgeClaim(truth: Truth, { service, claim, from: earliest, at, said }: Claimed): Verdict[] {
  const verdict = (kind: string, judged: Judged): Verdict => ({ kind, at, said, ...judged });
  switch (claim.kind) {
    case 'silence':
      return [verdict('text: no line since', judgeSilence(truth, service, { since: claim.since, at }))];
    case 'gap':
      return [verdict('text: no line from, to', judgeGap(truth, service, claim))];
    case 'usual lines':
      return [verdict('text: lines usual', judgeUsualLines(truth, service, { ...claim, at }))];
    case 'errors': {
      const { errors, window, usual, when, at: peak } = claim;
      const first = illnesses(truth, service)[0]?.from ?? truth.from;
      const from = when === 'now' ? earliest - pane : (peak ?? first) - pane;
      const to = when === 'now' || peak === null ? at : peak + pane;
      const there = verdict(`text: errors ${when}`, judgeErrors(truth, { service, errors, window }, { from, to }));
      if (usual === null) return [there];
      return [there, verdict('text: errors usual', judgeUsualErrors(truth, { service, usual, window, end: to }))];
    }
    case 'since':
      return [verdict('text: since', judgeOnset(truth, service, claim.since))];
    case 'well':
      return [verdict('text: well since', judgeEnd(truth, service, claim.since))];
    case 'also':
      return claim.services.map((other) => {
        const isTrue = illnesses(truth, other).some(({ from }) => from <= at);
        return verdict('text: also', { isTrue, truth: `${other} was well` });
      });
    case 'unknown':
      return [verdict('text: understood', { isTrue: false, truth: `nothing is known of "${claim.text}"` })];
  }
}
