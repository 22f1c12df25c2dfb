/** Rules of what other systems tell. */
import type { Mutant } from '../mutant.ts';

const known = ['test/signals/alerts/known-alerts.test.ts'] as const;
const bursts = ['test/signals/alerts/bursts.test.ts'] as const;
const restarts = ['test/signals/pods/restarts.test.ts'] as const;
const alerts = ['test/jobs/alerts.test.ts'] as const;
const pods = ['test/jobs/pods.test.ts'] as const;

export const claims: readonly Mutant[] = [
  {
    rule: 'claims: what was over before it was heard of tells nothing',
    file: 'signals/alerts/known-alerts.ts',
    from: '(over <= began || isLate)',
    to: 'over <= began',
    killedBy: known,
  },
  {
    rule: 'claims: an alert that is told again is not over again',
    file: 'signals/alerts/known-alerts.ts',
    from: 'if (over === null) return time > began ? null : known.over;',
    to: 'if (over === null) return null;',
    killedBy: known,
  },
  {
    rule: 'claims: an alert fires no more when it is over',
    file: 'signals/alerts/known-alerts.ts',
    from: '(over === null || over > start)',
    to: 'true',
    killedBy: known,
  },
  {
    rule: 'claims: fingerprints are counted, not services',
    file: 'signals/alerts/bursts.ts',
    from: 'const { at, fingerprint } = recent[next]!;',
    to: 'const { at, service: fingerprint } = recent[next]!;',
    killedBy: bursts,
  },
  {
    rule: 'claims: a burst lies within a minute',
    file: 'signals/alerts/bursts.ts',
    from: 'recent[first]!.at + minutes(1) <= at',
    to: 'recent[first]!.at + minutes(5) <= at',
    killedBy: bursts,
  },
  {
    rule: 'claims: begins are learned ten minutes later',
    file: 'signals/alerts/bursts.ts',
    from: 'const learnedAfter = minutes(10);',
    to: 'const learnedAfter = minutes(0);',
    killedBy: bursts,
  },
  {
    rule: 'claims: what a sender calls a notice makes no burst',
    file: 'jobs/incidents/claims.ts',
    from: "what === 'began' && !isMild(alert)",
    to: "what === 'began'",
    killedBy: alerts,
  },
  {
    rule: 'claims: where lines are read, alerts decide nothing',
    file: 'jobs/incidents/claims.ts',
    from: "signal.pause < readFor) return 'lines';",
    to: "signal.pause < 0) return 'lines';",
    killedBy: alerts,
  },
  {
    rule: 'claims: where metrics are read, alerts decide nothing',
    file: 'jobs/incidents/environment.ts',
    from: 'return claims.noteMetrics(input.signal.service, input.signal.end);',
    to: 'return;',
    killedBy: alerts,
  },
  {
    rule: 'claims: what is told waits for its time',
    file: 'jobs/incidents/claims.ts',
    from: 'Math.max(at, ctx.watermark)',
    to: 'Math.max(0, ctx.watermark)',
    killedBy: [...alerts, ...pods],
  },
  {
    rule: 'claims: an incident takes an alert in once',
    file: 'jobs/incidents/claims.ts',
    from: 'alerts.set(key, { ...alert, ids: [] })',
    to: 'alerts.set(key, alert)',
    killedBy: alerts,
  },
  {
    rule: 'claims: an incident of alerts ends when they are over',
    file: 'decisions/weigh-claims.ts',
    from: "(claim.kind === 'alerts' ? ends.get(claim.service) : undefined) ?? claim.last",
    to: 'claim.last',
    killedBy: alerts,
  },
  {
    rule: 'claims: restarts last for as long as any come',
    file: 'decisions/pod-claims.ts',
    from: 'lasts: times > 0,',
    to: 'lasts: decides,',
    killedBy: pods,
  },
  {
    rule: 'claims: five restarts decide, and four do not',
    file: 'signals/pods/restarts.ts',
    from: 'export const manyRestarts = 5;',
    to: 'export const manyRestarts = 4;',
    killedBy: pods,
  },
  {
    rule: 'claims: an event with a count has happened as often as it has grown',
    file: 'signals/pods/restarts.ts',
    from: 'return count - known.count;',
    to: 'return 1;',
    killedBy: restarts,
  },
  {
    rule: 'claims: an event that is told again has not happened again',
    file: 'signals/pods/restarts.ts',
    from: 'time - known.last >= leastApart ? 1 : 0',
    to: 'time - known.last >= 0 ? 1 : 0',
    killedBy: restarts,
  },
  {
    rule: 'claims: of an event that is new to us what belongs to the last minutes counts',
    file: 'signals/pods/restarts.ts',
    from: 'Math.min(1, restartWindow / (time - first))',
    to: '1',
    killedBy: restarts,
  },
  {
    rule: 'claims: an event of another time moves none',
    file: 'signals/inputs/pods/pod-event-of.ts',
    from: 'last >= firstTime && last <= now + mostAhead ? last : now',
    to: 'Number.isNaN(last) ? now : last',
    killedBy: pods,
  },
  {
    rule: 'claims: an alert says whose it is',
    file: 'signals/inputs/alerts/alert.ts',
    from: 'if (service === undefined && over === null) return',
    to: 'if (service === null) return',
    killedBy: ['test/signals/inputs/alerts/alerts.test.ts'],
  },
  {
    rule: 'claims: what waits is looked at pane by pane, also when the input has ended',
    file: 'jobs/incidents/environment.ts',
    from: ' || claims.hasMore())) ctx.timer',
    to: ')) ctx.timer',
    killedBy: pods,
  },
];
