/** Rules of traces without a header: what they count for, where they end, and what they may not swallow. */
import type { Mutant } from '../mutant.ts';

const services = ['test/logs/lines/main-service.test.ts', 'test/jobs/bare-traces.test.ts'] as const;

export const bareTraces: readonly Mutant[] = [
  {
    rule: 'a bare trace counts for the service that the records around it name',
    file: 'jobs/incidents/names.ts',
    from: '      settleService(from.named, log, log.service !== boundedName(serviceOfSource(source)));',
    to: '',
    killedBy: services,
  },
  {
    rule: 'what a bare trace counts for is nearly all that records name',
    file: 'logs/lines/main-service.ts',
    from: 'agree >= leastShare * others',
    to: 'agree > others',
    killedBy: services,
  },
  {
    rule: 'a word must be said often before a bare trace counts for it',
    file: 'logs/lines/main-service.ts',
    from: 'agree >= (byWord ? enoughWords : 1)',
    to: 'agree >= 1',
    killedBy: services,
  },
  {
    rule: 'of several services a bare trace is that of the error directly before it',
    file: 'logs/lines/main-service.ts',
    from: '  if (before !== undefined) delete named.before;',
    to: '',
    killedBy: services,
  },
  {
    rule: 'which service records name is forgotten in the end',
    file: 'logs/lines/main-service.ts',
    from: 'if (named.agree + named.others + named.none > mostCounted) halve(named);',
    to: '',
    killedBy: services,
  },
];
