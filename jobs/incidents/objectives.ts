/**
 * Declared objectives in the incident job: requests of ten seconds are counted for each objective, and every ten
 * seconds what burns, and what has no data, becomes a signal. The signals of an environment tell that time goes on and
 * which services there are.
 */
import { type Handlers, json, type OpContext, type Time } from 'millrace';
import {
  isWatched,
  judgeObjective,
  newObjectiveState,
  type ObjectiveState,
  objectiveSignals,
} from '../../decisions/objective-verdicts.ts';
import type { Scorer } from '../../decisions/score.ts';
import { addPane, type PaneCounts } from '../../signals/objectives/counts.ts';
import { byService, type Objective, objectiveId } from '../../signals/objectives/objective.ts';
import { paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { completed, intact } from './stored.ts';

/** Requests of ten seconds, or a service of which anything is read. */
export type ObjectiveInput =
  | { readonly kind: 'requests'; readonly counts: PaneCounts }
  | { readonly kind: 'service'; readonly service: string };

/** No request of an objective has come for long. */
interface ObjectiveWithoutData {
  readonly service: string;
  readonly operation: string | null;
  readonly reason: string;
}

const storedState = completed<ObjectiveState>((stored) => ({ ...newObjectiveState(stored.began), ...stored }));

/** Watches the objectives of an environment. */
export const watchObjectives =
  ({ objectives, scorer }: { readonly objectives: readonly Objective[]; readonly scorer: Scorer }) =>
  (ctx: OpContext<ObjectiveInput>): Handlers<ObjectiveInput, Signal> => {
    const withoutData = ctx.side<ObjectiveWithoutData>('objective-without-data');
    const states = ctx.map<string, ObjectiveState>('objectives', storedState, { limit: mostStates, intact });
    const waiting = ctx.map<number, PaneCounts[]>('waiting', json<PaneCounts[]>(), { limit: anyTimes, intact });
    const declared = byService(objectives);
    const ids = new Map(objectives.map((objective) => [objectiveId(objective), objective]));
    const stateOf = (id: string, now: Time): ObjectiveState => states.get(id) ?? newObjectiveState(now);
    const hear = (service: string, now: Time) => {
      for (const objective of declared.get(service) ?? []) {
        const id = objectiveId(objective);
        const state = stateOf(id, now);
        if (!state.heard) states.set(id, { ...state, heard: true });
      }
    };
    const take = (counts: PaneCounts, end: Time) => {
      for (const [id, count] of Object.entries(counts)) {
        if (!ids.has(id)) continue;
        const state = stateOf(id, end);
        addPane(state.counted, count, end);
        states.set(id, { ...state, heard: true });
      }
    };
    return {
      onData(input, time) {
        const end = (Math.floor(Math.max(time, ctx.watermark) / paneMs) + 1) * paneMs;
        ctx.timer(end - 1);
        if (input.kind === 'service') return hear(input.service, end);
        const others = waiting.get(end) ?? [];
        others.push(input.counts);
        waiting.set(end, others);
      },
      onTimer(time, out) {
        const end = time + 1;
        for (const counts of waiting.get(end) ?? []) take(counts, end);
        waiting.delete(end);
        for (const [id] of [...states.entries()]) if (!ids.has(id)) states.delete(id);
        const isEnd = ctx.watermark === Number.POSITIVE_INFINITY;
        const isOver = isEnd && waiting.size === 0;
        const verdicts = [...ids].map(([id, objective]) => {
          const state = stateOf(id, end);
          const verdict = judgeObjective(objective, state, { end, isOver });
          states.set(id, state);
          return verdict;
        });
        for (const { objective, noData } of verdicts) {
          const { service, operation = null } = objective;
          if (noData !== null) withoutData({ service, operation, reason: noData.text });
        }
        for (const signal of objectiveSignals(verdicts, end, scorer)) out.emit(signal);
        const goesOn = !isEnd && [...states.entries()].some(([, state]) => isWatched(state));
        if (goesOn) ctx.timer(time + paneMs);
      },
    };
  };

/** Objectives that may be declared are a hundred; those of settings before are forgotten at the next pane. */
const mostStates = 1_000;
/** How many panes are open is for event time to bound, as in `templates.ts`. */
const anyTimes = Number.POSITIVE_INFINITY;
