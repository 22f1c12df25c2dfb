/**
 * What of the points of metrics counts. A share that is used up decides alone, when its points have shown it for half
 * a minute; the first point behind a gap has shown nothing yet. It is over when it has shown little for as long, or
 * when no more points come. Any other metric that leaves its band decides nothing: what is far from usual is often no
 * fault. It is told of a service that is anomalous otherwise.
 */
import { metricText, saturated } from '../signals/metrics/kinds.ts';
import type { JudgedMetric } from '../signals/metrics/metric-series.ts';
import { newSignal, type Signal } from '../signals/signal.ts';
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import { type Scorer, scoreOf } from './score.ts';

/** A series that shows an anomaly, or has lately done so. */
export interface MetricAnomaly {
  /** When it began: the time of the last point that did not show it. */
  readonly onset: Time;
  /** How long its points have shown it. */
  shown: Duration;
  /** How long they have shown little, since they last showed it. */
  calm: Duration;
  /** Since when it counts; null while it does not. */
  since: Time | null;
  /** The last point that showed it, and the last there was. */
  point: JudgedMetric;
  last: Time;
}

/** What is decided of the series of some services; plain JSON. */
export interface MetricVerdicts {
  /** By the key of the series. */
  readonly anomalies: Record<string, MetricAnomaly>;
  /** Points of other metrics that were lately off their band, by the key of the series. */
  readonly notes: Record<string, JudgedMetric>;
  /** Services that are well again, which is still to be told. */
  recovered: readonly { readonly service: string; readonly since: Time; readonly accepted: boolean }[];
}

export const newMetricVerdicts = (): MetricVerdicts => ({ anomalies: {}, notes: {}, recovered: [] });

/** Whether there is anything to tell at the end of a pane. */
export const hasVerdicts = ({ anomalies, notes, recovered }: MetricVerdicts): boolean =>
  recovered.length > 0 || Object.keys(anomalies).length > 0 || Object.keys(notes).length > 0;

/** Takes in a point of the series under `key`. */
export function judgePoint(verdicts: MetricVerdicts, key: string, point: JudgedMetric): void {
  const { anomalies, notes } = verdicts;
  const known = anomalies[key];
  if (known !== undefined) return follow(known, point);
  const { score, time, before, step, raised } = point;
  if (score >= decides) {
    // Behind a gap a point tells of itself alone.
    const isNext = time - before <= longestStep * step;
    const shown = isNext ? step : 0;
    const since = shown >= leastShown ? time : null;
    anomalies[key] = { onset: isNext ? before : time - step, shown, calm: 0, since, point, last: time };
  } else if (raised && (notes[key] !== undefined || Object.keys(notes).length < mostNotes)) notes[key] = point;
}

function follow(known: MetricAnomaly, point: JudgedMetric): void {
  const { score, time } = point;
  const passed = time - known.last;
  known.last = time;
  if (score < (known.since === null ? decides : staysIll)) {
    known.calm += passed;
    return;
  }
  known.shown += passed;
  known.calm = 0;
  known.point = point;
  if (known.shown >= leastShown) known.since ??= time;
}

/** Ends what is over at `now`, and takes for usual what has lasted too long. */
function settle(verdicts: MetricVerdicts, now: Time, freezeAtMost: Duration): void {
  const { anomalies, notes } = verdicts;
  for (const [key, { last, calm, since, point }] of Object.entries(anomalies)) {
    const accepted = since !== null && now - since >= freezeAtMost;
    const isOver = calm >= leastShown || now - last >= absentAfter;
    if (!isOver && !accepted) continue;
    delete anomalies[key];
    if (since === null) continue;
    const { service } = point;
    verdicts.recovered = [...verdicts.recovered, { service, accepted, since: accepted ? now : point.time }];
  }
  for (const [key, { time }] of Object.entries(notes)) if (now - time >= toldFor) delete notes[key];
}

/**
 * The signals of the pane that ends at `end`, one a service: of those that are anomalous, were until now, of which
 * something is to be told, or points were `read`.
 */
export function metricSignals(
  verdicts: MetricVerdicts,
  {
    end,
    freezeAtMost,
    read = none,
  }: { readonly end: Time; readonly freezeAtMost: Duration; readonly read?: ReadonlySet<string> },
  scorer: Scorer,
): readonly Signal[] {
  settle(verdicts, end, freezeAtMost);
  const ill = Object.values(verdicts.anomalies).filter(({ since }) => since !== null);
  const notes = Object.values(verdicts.notes);
  const services = new Set([...ill.map(({ point }) => point), ...notes, ...verdicts.recovered].map((of) => of.service));
  for (const service of read) services.add(service);
  const signals = [...services].sort().map((service) => {
    const own = ill.filter(({ point }) => point.service === service).sort((a, b) => b.point.score - a.point.score);
    const told = [...own.map(({ point }) => point), ...notes.filter((note) => note.service === service)]
      .slice(0, mostTold)
      .map(metricText);
    const [worst] = own;
    const over = verdicts.recovered.findLast((each) => each.service === service);
    if (worst !== undefined) return anomalous(worst, { end, told }, scorer);
    const well = over === undefined ? {} : { wellSince: over.since, accepted: over.accepted };
    return { ...newSignal(service, end), ...well, metrics: { score: 0, told } };
  });
  verdicts.recovered = [];
  return signals;
}

function anomalous(
  { point, onset }: MetricAnomaly,
  { end, told }: { readonly end: Time; readonly told: readonly string[] },
  scorer: Scorer,
): Signal {
  const { service } = point;
  const found = { ...point, onset };
  return {
    ...newSignal(service, end),
    ...saturated.find(found),
    ...{ health: 'saturated', wellSince: null },
    score: scoreOf(scorer, service, saturated.scored(found)),
    metrics: { score: point.score, told },
  };
}

const none: ReadonlySet<string> = new Set();
const decides = 1;
const staysIll = 0.5;
const leastShown = seconds(30);
/** A longer time without a point is a gap. */
const longestStep = 1.5;
/** A series without a point for so long says nothing more. */
const absentAfter = minutes(3);
/** What leaves its band is told for so long. */
const toldFor = minutes(5);
const mostTold = 3;
const mostNotes = 200;
