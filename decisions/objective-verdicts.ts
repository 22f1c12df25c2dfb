/**
 * What counts of declared objectives, pane by pane. One whose budget burns makes its service anomalous until it no
 * longer does; that no request comes says nothing of it for an hour, and then that there are no data. An objective
 * without requests is neither kept nor missed: that is told once, and calls no one.
 */
import { type Burn, burnOf } from '../signals/objectives/burn.ts';
import { type Counted, newCounted } from '../signals/objectives/counts.ts';
import { burnText, objective as kind, noDataText } from '../signals/objectives/kinds.ts';
import type { Objective } from '../signals/objectives/objective.ts';
import { type NoData, newSignal, type Signal } from '../signals/signal.ts';
import { hours, minutes, type Time } from '../time/duration.ts';
import { type Scorer, scoreOf } from './score.ts';

/** What is kept of an objective; plain JSON, changed in place. */
export interface ObjectiveState {
  readonly counted: Counted;
  /** Since when it is watched, and whether anything is read of its service. */
  readonly began: Time;
  heard: boolean;
  /** Whether it was told that there are no data. */
  missed: boolean;
  /** What burns, with the onset that it began with; null while nothing does. */
  burn: Burn | null;
  /** From when on bad requests are new: what burned fast before is over. */
  after: Time;
}

export const newObjectiveState = (began: Time): ObjectiveState => ({
  ...{ counted: newCounted(), began, heard: false, missed: false, burn: null, after: 0 },
});

/** What comes of an objective in a pane. */
export interface ObjectiveVerdict {
  readonly objective: Objective;
  readonly burn: Burn | null;
  /** When the last bad request was, where it has just ceased to burn. */
  readonly wellSince: Time | null;
  /** Told once when there are no data. */
  readonly noData: NoData | null;
}

/** Judges an objective at `end`; at the end of the input also what has never had data is told. */
export function judgeObjective(
  objective: Objective,
  state: ObjectiveState,
  { end, isOver }: { readonly end: Time; readonly isOver: boolean },
): ObjectiveVerdict {
  const { counted, began, heard, burn: before } = state;
  const since = counted.last ?? began;
  const patience = counted.last === null ? (isOver ? 0 : firstWithin) : absentAfter;
  const lacksData = end - since >= patience;
  let found = lacksData ? undefined : burnOf(objective, counted, { end, after: state.after });
  if (before?.isFast === true && found?.isFast !== true && end - since < pausesFor) {
    found = undefined;
    state.after = nextTen(end);
  }
  if (found !== undefined) state.burn = { ...found, onset: before?.onset ?? found.onset };
  // Where no more requests come, nothing shows that it is over.
  else if (lacksData || end - since < pausesFor) state.burn = null;
  const noData =
    lacksData && !state.missed ? { since, text: noDataText(objective, { for: end - since, heard }) } : null;
  state.missed = lacksData;
  const ends = before !== null && state.burn === null;
  return { objective, burn: state.burn, wellSince: ends ? (counted.lastBad ?? end) : null, noData };
}

/** Whether another pane is to be looked at, though nothing may come. */
export const isWatched = ({ burn, missed }: ObjectiveState): boolean => burn !== null || !missed;

/** The signals of the pane that ends at `end`: one of each service of which something is to be told. */
export function objectiveSignals(verdicts: readonly ObjectiveVerdict[], end: Time, scorer: Scorer): readonly Signal[] {
  const found: Signal[] = [];
  for (const service of new Set(verdicts.map(({ objective }) => objective.service))) {
    const own = verdicts.filter(({ objective }) => objective.service === service);
    const burns = own.flatMap(({ burn }) => (burn === null ? [] : [{ burn, score: scoredOf(burn, scorer) }]));
    const [worst] = burns.sort((a, b) => b.score - a.score);
    const told = burns.slice(0, mostTold).map(({ burn }) => burnText(burn));
    const missing = own.flatMap(({ noData }) => (noData === null ? [] : [noData]));
    const ends = own.flatMap(({ wellSince }) => wellSince ?? []);
    const noData = missing.length === 0 ? {} : { noData: joinedNoData(missing) };
    const signal = newSignal(service, end);
    if (worst !== undefined) {
      const report = { rule: worst.burn.rule, told, ...noData };
      const { score } = worst;
      found.push({ ...signal, ...kind.find(worst.burn), health: 'objective', score, objective: report });
    } else if (ends.length > 0 || missing.length > 0) {
      const wellSince = ends.length > 0 ? Math.max(...ends) : null;
      found.push({ ...signal, wellSince, objective: { rule: '', told, ...noData } });
    }
  }
  return found;
}

const scoredOf = (burn: Burn, scorer: Scorer): number => scoreOf(scorer, burn.objective.service, kind.scored(burn));

const joinedNoData = (all: readonly NoData[]): NoData => ({
  since: Math.min(...all.map(({ since }) => since)),
  text: all
    .slice(0, mostTold)
    .map(({ text }) => text)
    .join('; '),
});

/** Slow burning is counted by ten minutes. */
const nextTen = (time: Time): Time => Math.ceil(time / minutes(10)) * minutes(10);
/** Without a request for so long there are no data; where there never was one, after this. */
const absentAfter = hours(1);
const firstWithin = minutes(10);
/** A pause of so long says nothing of whether it is over. */
const pausesFor = minutes(5);
const mostTold = 3;
