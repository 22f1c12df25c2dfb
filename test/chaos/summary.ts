/** What a campaign found, in numbers, and whether that is as it should be. */
import type { Report } from './campaign.ts';
import type { Protection } from './weaken.ts';

/** Codes with which no worker may ever give up, whatever happens to it. */
const never = [
  'STATE_LOST_WRITES',
  'STATE_EPOCH_GAP',
  'STATE_UNKNOWN_UID',
  'STATE_BYTES_BROKEN',
  'OFFSET_OUT_OF_RANGE',
  'PLAN_CHANGED',
  'POISON_LIMIT',
];

export function summaryOf({ tables, kills, records, verdict, matrix, missed, gaveUp, unruly }: Report) {
  const bySteps: Record<string, number> = {};
  for (const { hit } of kills) bySteps[hit] = (bySteps[hit] ?? 0) + 1;
  return {
    event: 'summary',
    tables,
    kills: kills.length,
    records,
    lost: verdict.lost,
    doubled: verdict.doubled,
    rows_differ: verdict.rowsDiffer,
    compared: verdict.compared,
    inside_commit: kills.filter((kill) => kill.inside).length,
    by_step: Object.fromEntries(Object.entries(bySteps).sort((a, b) => b[1] - a[1])),
    gave_up: gaveUp,
    unruly,
    missed,
    matrix,
  };
}

/**
 * What is not as it should be, in words. `complete`: every row of the matrix must have been hit, and three quarters of
 * the kills inside a commit; of a few dozen kills half is enough, since their steps are drawn by chance.
 */
export function faultsOf(
  { kills, verdict, missed, gaveUp, unruly }: Report,
  { without, complete }: { readonly without?: Protection | undefined; readonly complete: boolean },
): readonly string[] {
  const isWrong = verdict.lost + verdict.doubled > 0;
  if (without !== undefined) return isWrong ? [] : [`without its ${without} nothing was lost or doubled`];
  const inside = kills.filter((kill) => kill.inside).length;
  return [
    ...verdict.examples,
    ...(inside < kills.length * (complete ? 0.75 : 0.5)
      ? [`only ${inside} of ${kills.length} kills were inside a commit`]
      : []),
    ...never.filter((code) => code in gaveUp).map((code) => `a worker gave up with ${code}`),
    ...unruly.map((how) => `a worker that was asked to stop ended with ${how}`),
    ...(complete ? missed.map((row) => `never: ${row}`) : []),
  ];
}
