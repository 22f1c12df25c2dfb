/** Rules of traces without a header: what they count for, where they end, and what they may not swallow. */
import type { Mutant } from '../mutant.ts';

const services = ['test/logs/lines/main-service.test.ts', 'test/jobs/bare-traces.test.ts'] as const;
const reports = ['test/logs/lines/reports.test.ts'] as const;

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
  {
    rule: 'a sanitizer’s report ends where another trace begins',
    file: 'logs/lines/joining.ts',
    from: "  ...(['crash', 'announcement', 'traceback', 'group'] as const),",
    to: '',
    killedBy: reports,
  },
  {
    rule: 'what stands directly behind a sanitizer’s report begins an event',
    file: 'logs/lines/joining.ts',
    from: 'joining, event) && !isBehindReport) {',
    to: 'joining, event)) {',
    killedBy: reports,
  },
  {
    rule: 'a sanitizer’s report may end with a line like its first',
    file: 'logs/lines/plain-lines.ts',
    from: "    if (isRuler(part)) return !this.#startsWith(event[isOpened ? 1 : 0]!, '==');",
    to: '    if (isRuler(part)) return false;',
    killedBy: reports,
  },
  {
    rule: 'behind a blank line a sanitizer’s report goes on with what speaks of memory',
    file: 'logs/lines/plain-lines.ts',
    from: ' && !isOver && isOfMemory(part);',
    to: ' && !isOver;',
    killedBy: reports,
  },
  {
    rule: 'a tool that marks its lines with the process has a stream of its own',
    file: 'logs/lines/content.ts',
    from: '    this.stream += line.slice(from, at);',
    to: '',
    killedBy: reports,
  },
];
