/**
 * What of the findings in units of work counts. A service is anomalous when it decides at two ticks in a row, or once
 * by far, and until it has been calm for four. Meanwhile it and whatever is suspected beside it learn nothing of what
 * began shortly before the anomaly or later; after a limited time what it does is taken for its new normal.
 */
import { paneMs } from '../signals/panes.ts';
import { newSignal, type Signal } from '../signals/signal.ts';
import { edgeText, slow, steps, stepText } from '../signals/units/kinds.ts';
import { type Frozen, tickMs, type UnitFinding } from '../signals/units/watch.ts';
import { type Duration, seconds, type Time } from '../time/duration.ts';
import { type Scorer, scoreOf } from './score.ts';

/** A service that is anomalous by units of work. */
export interface UnitAnomaly {
  readonly service: string;
  readonly onset: Time;
  /** When it was decided. */
  readonly since: Time;
  /** Ticks in a row at which it showed little. */
  calm: number;
  /** When the last unit that showed it began. */
  last: Time;
  /** What was last found of it. */
  finding: UnitFinding;
}

/** What is decided of an environment's services by units of work; plain JSON. */
export interface UnitVerdicts {
  /** Services that decided at the last tick. */
  decided: readonly string[];
  ill: readonly UnitAnomaly[];
  /** Services that learn nothing of units that began at `from` or later. */
  frozen: readonly { readonly service: string; readonly from: Time }[];
  /** Services that are well again, which is still to be told. */
  recovered: readonly Recovered[];
}

interface Recovered {
  readonly service: string;
  /** When the last unit that showed its anomaly began. */
  readonly since: Time;
  readonly accepted: boolean;
}

export const newVerdicts = (): UnitVerdicts => ({ decided: [], ill: [], frozen: [], recovered: [] });

export const frozenNow = ({ frozen }: UnitVerdicts): Frozen =>
  new Map(frozen.map(({ service, from }) => [service, from]));

/** Takes in the findings of the tick at `now`; returns the services whose anomaly is from now on their normal. */
export function judgeUnits(
  verdicts: UnitVerdicts,
  findings: readonly UnitFinding[],
  { now, freezeAtMost }: { readonly now: Time; readonly freezeAtMost: Duration },
): readonly string[] {
  const found = new Map(findings.map((finding) => [finding.service, finding]));
  const known = new Set(verdicts.ill.map(({ service }) => service));
  const before = new Set(verdicts.decided);
  const fresh = findings.filter(
    ({ service, score }) => !known.has(service) && (score >= byFar || (score >= decides && before.has(service))),
  );
  verdicts.decided = findings.filter(({ score }) => score >= decides).map(({ service }) => service);
  const started = fresh.map((finding): UnitAnomaly => {
    return { service: finding.service, onset: finding.onset, since: now, calm: 0, last: finding.last, finding };
  });
  const over: Recovered[] = [];
  const ill = [...verdicts.ill, ...started].filter((each) => {
    const finding = found.get(each.service);
    if (finding !== undefined && finding.score >= staysIll)
      Object.assign(each, { calm: 0, finding, last: Math.max(each.last, finding.last) });
    else each.calm++;
    const accepted = now - each.since >= freezeAtMost;
    if (each.calm < calmTicks && !accepted) return true;
    over.push({ service: each.service, accepted, since: accepted ? now : each.last });
    return false;
  });
  verdicts.ill = ill;
  const again = new Set(ill.map(({ service }) => service));
  verdicts.recovered = [...verdicts.recovered, ...over].filter(({ service }) => !again.has(service));
  freeze(verdicts, findings);
  return over.filter(({ accepted }) => accepted).map(({ service }) => service);
}

function freeze(verdicts: UnitVerdicts, findings: readonly UnitFinding[]): void {
  const { ill, frozen } = verdicts;
  if (ill.length === 0) {
    verdicts.frozen = [];
    return;
  }
  const from = frozen[0]?.from ?? Math.min(...ill.map(({ onset }) => onset)) - beforeOnset;
  const known = new Set(frozen.map(({ service }) => service));
  const suspects = findings.filter(({ service, score }) => score >= isSuspect && !known.has(service));
  verdicts.frozen = [...frozen, ...suspects.map(({ service }) => ({ service, from }))];
}

/** Whether another tick is to come, though no unit may. */
export const isWatching = ({ ill, recovered, decided }: UnitVerdicts): boolean =>
  ill.length + recovered.length + decided.length > 0;

/**
 * The signals of the pane that ends at `end`: one per service that is anomalous, was until now, or is judged by its
 * units.
 */
export function unitSignals(
  verdicts: UnitVerdicts,
  { end, judged }: { readonly end: Time; readonly judged: ReadonlySet<string> },
  scorer: Scorer,
): readonly Signal[] {
  const { ill, recovered } = verdicts;
  const told = new Set([...ill, ...recovered].map(({ service }) => service));
  const others = [...judged].filter((service) => !told.has(service));
  verdicts.recovered = [];
  return [
    ...ill.map((each) => anomalous(each, end, scorer)),
    ...recovered.map(({ service, accepted, since }) => ({ ...well(service, end), accepted, wellSince: since })),
    ...others.map((service) => well(service, end)),
  ];
}

const well = (service: string, end: Time): Signal => ({ ...newSignal(service, end), units: { score: 0, told: [] } });

function anomalous({ service, onset, finding }: UnitAnomaly, end: Time, scorer: Scorer): Signal {
  const { steps: found, edge, score } = finding;
  const [step] = found;
  const all = [
    ...found.map((anomaly) => ({ score: anomaly.score, text: stepText(anomaly) })),
    ...(edge === null ? [] : [{ score: edge.score, text: edgeText(edge) }]),
  ].sort((a, b) => b.score - a.score);
  const told = all.slice(0, mostTold).map(({ text }) => text);
  const bySteps = step !== undefined && (edge === null || step.score >= edge.score);
  const [shown, scored] = bySteps ? [steps.find(step), steps.scored(step)] : [slow.find(edge!), slow.scored(edge!)];
  return {
    ...newSignal(service, end),
    ...shown,
    ...{ health: bySteps ? 'steps' : 'slow', onset, wellSince: null },
    score: scoreOf(scorer, service, scored),
    learning: bySteps && step.pastUnits < knownWell,
    units: { score, told },
  };
}

const decides = 1;
const byFar = 4;
const staysIll = 0.7;
const isSuspect = 0.5;
const calmTicks = 4;
const beforeOnset = seconds(5);
const mostTold = 3;
/** Units from which an operation is well known. */
const knownWell = 30;
/** Signals are told when a pane ends, which a tick falls on. */
export const endsPane = (now: Time): boolean => now % paneMs < tickMs;
