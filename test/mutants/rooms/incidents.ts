/** Rules of what counts, and incidents. */
import type { Mutant } from '../mutant.ts';

export const incidents: readonly Mutant[] = [
  {
    rule: 'a deployment excuses nothing before it',
    file: 'decisions/suppression.ts',
    from: 'if (age < 0 || age > deployGrace) continue;',
    to: 'if (age > deployGrace) continue;',
    killedBy: ['test/decisions/suppression.test.ts'],
  },
  {
    rule: 'a deployment excuses nothing long after it',
    file: 'decisions/suppression.ts',
    from: 'if (age < 0 || age > deployGrace) continue;',
    to: 'if (age < 0) continue;',
    killedBy: ['test/decisions/suppression.test.ts'],
  },
  {
    rule: 'a service is not said to have stopped after a short pause',
    file: 'incidents/text.ts',
    from: 'pause >= longPause && (',
    to: '(',
    killedBy: ['test/incidents/member-text.test.ts'],
  },
  {
    rule: 'a service of which few lines are missing is not said to have stopped',
    file: 'incidents/text.ts',
    from: 'return pause >= longPause && (usual * pause) / paneMs >= missingLines;',
    to: 'return pause >= longPause;',
    killedBy: ['test/incidents/member-text.test.ts'],
  },
  {
    rule: 'an incident began with its earliest anomaly',
    file: 'incidents/members.ts',
    from: 'incident.startedAt = Math.min(incident.startedAt, signal.onset);',
    to: '',
    killedBy: ['test/incidents/lifecycle.test.ts'],
  },
  {
    rule: 'a state that input fills makes room before it overflows',
    file: 'jobs/incidents/bounded.ts',
    from: 'if (state.get(key) === undefined && state.size >= most) makeRoom();',
    to: '',
    killedBy: ['test/jobs/hostile-input.test.ts'],
  },
  {
    rule: 'what begins when all services of an incident are well is another one',
    file: 'incidents/supersede.ts',
    from: 'signal.onset - wellSince >= quiet',
    to: 'signal.onset - wellSince >= 60 * quiet',
    killedBy: ['test/incidents/supersede.test.ts'],
  },
  {
    rule: 'an incident that was superseded takes in nothing more',
    file: 'incidents/lifecycle.ts',
    from: 'known && (superseded.get(known) ?? known)',
    to: 'known',
    killedBy: ['test/incidents/supersede.test.ts'],
  },
  {
    rule: 'a service that relapses again and again stays in one incident',
    file: 'incidents/supersede.ts',
    from: 'relapses >= settings.grouping.flappingAfter',
    to: 'relapses > settings.grouping.flappingAfter',
    killedBy: ['test/incidents/supersede.test.ts'],
  },
];
