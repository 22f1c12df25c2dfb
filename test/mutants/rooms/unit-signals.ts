/** Rules of what units of work mean for incidents. */
import type { Mutant } from '../mutant.ts';

const metrics = ['test/signals/metrics.test.ts'] as const;
const steps = ['test/signals/units/steps.test.ts'] as const;
const verdicts = ['test/decisions/unit-verdicts.test.ts'] as const;
const joined = ['test/decisions/joined-signal.test.ts'] as const;
const traced = ['test/signals/units/traced.test.ts'] as const;
const causes = ['test/incidents/root-cause.test.ts'] as const;
const traces = ['test/jobs/traces.test.ts'] as const;

export const unitSignals: readonly Mutant[] = [
  {
    rule: 'units: a service decides at two ticks in a row',
    file: 'decisions/unit-verdicts.ts',
    from: '(score >= decides && before.has(service))',
    to: 'score >= decides',
    killedBy: verdicts,
  },
  {
    rule: 'units: a service is well after four calm ticks',
    file: 'decisions/unit-verdicts.ts',
    from: 'const calmTicks = 4;',
    to: 'const calmTicks = 3;',
    killedBy: verdicts,
  },
  {
    rule: 'units: suspects are frozen from before the onset',
    file: 'decisions/unit-verdicts.ts',
    from: ') - beforeOnset;',
    to: ');',
    killedBy: verdicts,
  },
  {
    rule: 'units: who is well again is told once',
    file: 'decisions/unit-verdicts.ts',
    from: '  verdicts.recovered = [];\n',
    to: '',
    killedBy: verdicts,
  },
  {
    rule: 'units: a service is well since the last unit that showed its anomaly',
    file: 'decisions/unit-verdicts.ts',
    from: 'accepted ? now : each.last',
    to: 'now',
    killedBy: verdicts,
  },
  {
    rule: 'units: what lasts for two hours is the new normal',
    file: 'decisions/unit-verdicts.ts',
    from: 'const accepted = now - each.since >= freezeAtMost;',
    to: 'const accepted = false;',
    killedBy: verdicts,
  },
  {
    rule: 'units: error lines of a service that is judged by units have to last',
    file: 'decisions/joined-signal.ts',
    from: 'end - erring >= outageAfter',
    to: 'end > erring',
    killedBy: joined,
  },
  {
    rule: 'units: a gap proves nothing of error lines',
    file: 'decisions/joined-signal.ts',
    from: "health === 'errors' && fresh ?",
    to: "health === 'errors' ?",
    killedBy: joined,
  },
  {
    rule: 'units: a service is anomalous by units though its lines are well',
    file: 'decisions/joined-signal.ts',
    from: '  if (!isWorse)',
    to: '  if (true)',
    killedBy: joined,
  },
  {
    rule: 'units: lines of code beside each other are two places',
    file: 'signals/units/traced.ts',
    from: 'return cutText(`${name}#${line}`, mostOfPlace);',
    to: 'return cutText(`${name}`, mostOfPlace);',
    killedBy: traced,
  },
  {
    rule: 'units: ids of lines are written as those of spans',
    file: 'signals/units/traced.ts',
    from: 'idOf(trace_id, 32) ?? cutText',
    to: 'cutText',
    killedBy: traced,
  },
  {
    rule: 'units: the service of which units tell most is the likeliest cause',
    file: 'incidents/root-cause.ts',
    from: '  suspects = byUnits(suspects, members);\n',
    to: '',
    killedBy: causes,
  },
  {
    rule: 'units: a trace is closed when nothing more came, not when it was to be closed at first',
    file: 'jobs/incidents/units.ts',
    from: '      if (closed > time) return wakeAt(trace, closed);\n',
    to: '',
    killedBy: traces,
  },
  {
    rule: 'units: a trace whose root has ended does not wait for what it waited for at first',
    file: 'jobs/incidents/units.ts',
    from: 'Math.min(trace.wake, closesAt(trace))',
    to: 'trace.wake === Number.POSITIVE_INFINITY ? closesAt(trace) : trace.wake',
    killedBy: traces,
  },
  {
    rule: 'metrics: what is left counts, not only how far off it is',
    file: 'signals/metrics/metric-series.ts',
    from: '(-log10p * gone ** 2)',
    to: '-log10p',
    killedBy: metrics,
  },
  {
    rule: 'metrics: a share of what is left is no share of what is used up',
    file: 'signals/metrics/share.ts',
    from: '  if (better.test(words)) return undefined;\n',
    to: '',
    killedBy: metrics,
  },
  {
    rule: 'metrics: a share beyond its scale has another',
    file: 'signals/metrics/metric-series.ts',
    from: 'if (known.scale !== null && value > mostOfScale * known.scale)',
    to: 'if (false)',
    killedBy: metrics,
  },
  {
    rule: 'metrics: the first point behind a gap has shown nothing',
    file: 'decisions/metric-verdicts.ts',
    from: 'const longestStep = 1.5;',
    to: 'const longestStep = 9;',
    killedBy: metrics,
  },
  {
    rule: 'metrics: points must show it for half a minute',
    file: 'decisions/metric-verdicts.ts',
    from: 'const leastShown = seconds(30);',
    to: 'const leastShown = seconds(10);',
    killedBy: metrics,
  },
  {
    rule: 'metrics: a key that would be too long is a hash',
    file: 'signals/metrics/metric-series.ts',
    from: 'Buffer.byteLength(key) <= mostKeyBytes',
    to: 'Buffer.byteLength(key) <= 9 * mostKeyBytes',
    killedBy: ['test/jobs/metrics.test.ts'],
  },
  {
    rule: 'metrics: points that wait in a pane are so many and no more',
    file: 'jobs/incidents/metrics.ts',
    from: 'if (points.length >= mostWaiting) {',
    to: 'if (points.length >= 9 * mostWaiting) {',
    killedBy: ['test/jobs/metrics.test.ts'],
  },
  {
    rule: 'metrics: tables of a rhythm that changed are stored',
    file: 'jobs/incidents/metrics.ts',
    from: 'if (isTurned && now !== null)',
    to: 'if (isTurned && now === undefined)',
    killedBy: ['test/jobs/metrics.test.ts'],
  },
  {
    rule: 'metrics: series are so many and no more',
    file: 'jobs/incidents/metrics.ts',
    from: 'return watch.kept < mostSeries;',
    to: 'return watch.kept < 9 * mostSeries;',
    killedBy: ['test/jobs/metrics.test.ts'],
  },
  {
    rule: 'incidents: one that is over is resolved though no more signals come',
    file: 'jobs/incidents/environment.ts',
    from: 'if (isWaiting && (ctx',
    to: 'if (!isWaiting && (ctx',
    killedBy: ['test/jobs/metrics.test.ts'],
  },
  {
    rule: 'units: what is new where errors are gone is recovery',
    file: 'signals/units/steps.ts',
    from: 'if (isRecovery && !isError(step)) continue;',
    to: '',
    killedBy: steps,
  },
  {
    rule: 'units: errors that few units had make no recovery',
    file: 'signals/units/steps.ts',
    from: 'const mostly = 0.5;',
    to: 'const mostly = 0.1;',
    killedBy: steps,
  },
];
