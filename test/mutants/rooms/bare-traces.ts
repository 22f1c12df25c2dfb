/** Rules of traces without a header: what they count for, where they end, and what they may not swallow. */
import type { Mutant } from '../mutant.ts';

const services = ['test/logs/lines/main-service.test.ts', 'test/jobs/bare-traces.test.ts'] as const;
const reports = ['test/logs/lines/reports.test.ts'] as const;
const strays = ['test/logs/lines/stray-lines.test.ts'] as const;
const told = ['test/jobs/told-times.test.ts'] as const;

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
    from: 'if (!begins && !isBehindReport) {',
    to: 'if (!begins) {',
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
  {
    rule: 'a stray line without a time is an event',
    file: 'logs/lines/plain-lines.ts',
    from: '    joining.mixed = true;\n    return true;',
    to: '    return joining.mixed === true;',
    killedBy: strays,
  },
  {
    rule: 'a stray class in its packages belongs to the error before it',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (isThrown(part) || isQualified(part)) return',
    to: 'if (isThrown(part)) return',
    killedBy: ['test/logs/lines/stray-lines.test.ts', 'test/logs/lines/line-joiner.test.ts'],
  },
  {
    rule: 'a stray clause needs a statement',
    file: 'logs/lines/evidence.ts',
    from: '  if (clause.test(head)) return statement.test(',
    to: '  if (clause.test(head)) return statement.test("select"); else if (false) return statement.test(',
    killedBy: strays,
  },
  {
    rule: 'a stray line under the same label goes on',
    file: 'logs/lines/evidence.ts',
    from: '.includes(head.slice(0, colon + 2));',
    to: '.includes(head);',
    killedBy: strays,
  },
  {
    rule: 'the time told last is stored',
    file: 'logs/lines/raw-line.ts',
    from: '    if (learnt !== undefined && times.isNew) learnt.storeTold(raw.source, times.time);',
    to: '',
    killedBy: told,
  },
  {
    rule: 'the time told last is given back',
    file: 'jobs/incidents/reading.ts',
    from: 'told: times.get(name)',
    to: 'told: undefined',
    killedBy: told,
  },
];
