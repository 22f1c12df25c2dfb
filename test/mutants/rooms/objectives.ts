/** Rules of declared objectives. */
import type { Mutant } from '../mutant.ts';

const burn = ['test/signals/objectives/burn.test.ts'] as const;
const counts = ['test/signals/objectives/counts.test.ts'] as const;
const verdicts = ['test/decisions/objective-verdicts.test.ts'] as const;
const settings = ['test/cli/settings/objectives.test.ts'] as const;
const jobs = ['test/jobs/objectives.test.ts'] as const;

export const objectives: readonly Mutant[] = [
  {
    rule: 'objectives: few bad requests prove nothing',
    file: 'signals/objectives/burn.ts',
    from: 'const leastBad = 5;',
    to: 'const leastBad = 4;',
    killedBy: burn,
  },
  {
    rule: 'objectives: what is likely where the budget is kept proves nothing',
    file: 'signals/objectives/burn.ts',
    from: 'if (log10p > leastSure) continue;',
    to: '',
    killedBy: burn,
  },
  {
    rule: 'objectives: the budget must still burn in the short window',
    file: 'signals/objectives/burn.ts',
    from: 'if (still.bad === 0 || still.bad < threshold * share * still.total) continue;',
    to: '',
    killedBy: burn,
  },
  {
    rule: 'objectives: a window that is known in part needs as much as a whole one',
    file: 'signals/objectives/burn.ts',
    from: 'if (bad < (threshold * share * total * long) / known) continue;',
    to: 'if (bad < threshold * share * total) continue;',
    killedBy: burn,
  },
  {
    rule: 'objectives: what burned fast and is over does not burn slowly',
    file: 'decisions/objective-verdicts.ts',
    from: 'state.after = nextTen(end);',
    to: '',
    killedBy: verdicts,
  },
  {
    rule: 'objectives: where everything can nearly fail, halfway counts',
    file: 'signals/objectives/burn.ts',
    from: 'return Math.min(usual, (1 + 1 / allowedOf(objective)) / 2);',
    to: 'return usual;',
    killedBy: burn,
  },
  {
    rule: 'objectives: a pause of requests ends no burn',
    file: 'decisions/objective-verdicts.ts',
    from: 'else if (lacksData || end - since < pausesFor) state.burn = null;',
    to: 'else state.burn = null;',
    killedBy: verdicts,
  },
  {
    rule: 'objectives: without requests for an hour there are no data',
    file: 'decisions/objective-verdicts.ts',
    from: 'const absentAfter = hours(1);',
    to: 'const absentAfter = hours(2);',
    killedBy: verdicts,
  },
  {
    rule: 'objectives: that there are no data is told once',
    file: 'decisions/objective-verdicts.ts',
    from: 'lacksData && !state.missed',
    to: 'lacksData',
    killedBy: verdicts,
  },
  {
    rule: 'objectives: lines are not counted beside spans',
    file: 'signals/objectives/counts.ts',
    from: 'const [total, bad] = isBySpans ? [spans, badSpans] : [lines, badLines];',
    to: 'const [total, bad] = [spans + lines, badSpans + badLines];',
    killedBy: counts,
  },
  {
    rule: 'objectives: what was just in time is good',
    file: 'signals/objectives/objective.ts',
    from: 'request.took > within;',
    to: 'request.took >= within;',
    killedBy: counts,
  },
  {
    rule: 'objectives: parts of a request are none',
    file: 'signals/objectives/objective.ts',
    from: "if (kind !== 'server' && parent !== null) return undefined;",
    to: '',
    killedBy: counts,
  },
  {
    rule: 'objectives: lists of counts are bounded',
    file: 'signals/objectives/counts.ts',
    from: 'while (buckets[0]![0] < oldest) buckets.shift();',
    to: '',
    killedBy: counts,
  },
  {
    rule: 'objectives: each has one goal',
    file: 'cli/settings/objectives.ts',
    from: '(availability === undefined) === (latency === undefined)',
    to: 'availability === undefined && latency === undefined',
    killedBy: settings,
  },
  {
    rule: 'objectives: at the end of the input nothing is missed that is still to be counted',
    file: 'jobs/incidents/objectives.ts',
    from: 'isEnd && waiting.size === 0',
    to: 'isEnd',
    killedBy: jobs,
  },
  {
    rule: 'objectives: a budget that burns is not by chance, whatever errors are',
    file: 'incidents/lifecycle.ts',
    from: 'burns !== true && ',
    to: '',
    killedBy: ['test/incidents/budget.test.ts'],
  },
  {
    rule: 'objectives: they are told of their service whatever else it shows',
    file: 'decisions/joined-signal.ts',
    from: "return other.health === 'objective' ? { ...both, burns: true } : both;",
    to: 'return both;',
    killedBy: ['test/decisions/joined-signal.test.ts'],
  },
];
