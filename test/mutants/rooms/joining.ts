/** Rules of joining lines to events, and of reading traces. */
import type { Mutant } from '../mutant.ts';

const joiner = ['test/logs/lines/line-joiner.test.ts'] as const;
const traces = ['test/logs/readers/stack-trace.test.ts'] as const;

const known = ['test/logs/lines/known-lines.test.ts'] as const;
const stray = ['test/logs/lines/stray-lines.test.ts'] as const;

export const joining: readonly Mutant[] = [
  {
    rule: 'rows and pairs go on with the line above them',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (!isLabelled(part) && this.#isListed(part, event, first)) return false;',
    to: '',
    killedBy: stray,
  },
  {
    rule: 'what says what is wrong is no pair of a list',
    file: 'logs/lines/listings.ts',
    from: ' || isBad(line, start, name)) return false;',
    to: ') return false;',
    killedBy: stray,
  },
  {
    rule: 'a sign that opens a frame begins an event',
    file: 'logs/lines/listings.ts',
    from: '=> frames.has(line.charCodeAt(start));',
    to: '=> isDrawn({ line, start, end: line.length });',
    killedBy: stray,
  },
  {
    rule: 'a line with a level of its own begins an event',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (leadingLevel(part) !== null || isRequest(part)) return true;',
    to: '',
    killedBy: joiner,
  },
  {
    rule: 'a class and its method are a heading',
    file: 'logs/lines/plain-lines.ts',
    from: "if (heading === 'bare') return false;",
    to: '',
    killedBy: joiner,
  },
  {
    rule: 'text that was asked for goes on with the event',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (isUnfinished(last)) {',
    to: 'if (false) {',
    killedBy: joiner,
  },
  {
    rule: 'a traceback below INFO is an event of its own',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (level === null || !isMild(level)) return isTimed || level !== null;',
    to: 'return true;',
    killedBy: joiner,
  },
  {
    rule: 'a server throws nothing that has a trace',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (lines === 1 && isOfServer(first)) return false;',
    to: '',
    killedBy: joiner,
  },
  {
    rule: 'so many lines are no message',
    file: 'logs/lines/plain-lines.ts',
    from: 'const level = event.length <= linesOfProse && !joining.mixed ? headLevel(first) : null;',
    to: 'const level = joining.mixed ? null : headLevel(first);',
    killedBy: joiner,
  },
  {
    rule: 'no text belongs to an access line',
    file: 'logs/lines/joining.ts',
    from: "joining.record = beginning === 'record' || beginning === 'request';",
    to: "joining.record = beginning === 'record';",
    killedBy: joiner,
  },
  {
    rule: 'Python names the outermost exception last',
    file: 'logs/readers/stack-trace.ts',
    from: 'if (bar) break;',
    to: 'break;',
    killedBy: traces,
  },
  {
    rule: 'a line that begins with a colour may tell its time',
    file: 'logs/lines/raw-line.ts',
    from: 'if (line.charCodeAt(0) === escapeCode) return true;',
    to: '',
    killedBy: ['test/logs/lines/event-lines.test.ts'],
  },
  {
    rule: 'each container has a source of its own',
    file: 'logs/lines/raw-line.ts',
    from: 'if (container !== undefined && !raw.source.endsWith(container)) raw = ofContainer(raw, container);',
    to: '',
    killedBy: ['test/jobs/containers.test.ts'],
  },
  {
    rule: 'only a time that a line told is lent to those before it',
    file: 'jobs/incidents/source-joiner.ts',
    from: 'this.#endHead(open, line.isTold ? time : undefined, out);',
    to: 'this.#endHead(open, isKnown ? time : undefined, out);',
    killedBy: ['test/jobs/heads.test.ts'],
  },
  {
    rule: 'a container that tells no time has that of its file',
    file: 'jobs/incidents/source-joiner.ts',
    from: 'const isKnown = line.timeIsSure || line.isTold;',
    to: 'const isKnown = line.timeIsSure;',
    killedBy: ['test/jobs/containers.test.ts'],
  },
  {
    rule: 'a date and a level behind a sign or a number begin an event',
    file: 'logs/lines/beginning.ts',
    from: "if (!isWordCode(first) && isHeadedBehindSign(view)) return 'time';",
    to: '',
    killedBy: ['test/logs/lines/evidence.test.ts'],
  },
  {
    rule: 'what a format knows begins an event behind an error',
    file: 'logs/lines/known-lines.ts',
    from: 'if (matches(layout, text, this.#match)) return true;',
    to: '',
    killedBy: known,
  },
  {
    rule: 'a time and a level behind a name begin an event',
    file: 'logs/lines/known-lines.ts',
    from: 'return leadingLevel({ line, start: skipBlanks(line, behind), end }) !== null;',
    to: 'return behind < 0;',
    killedBy: known,
  },
  {
    rule: 'a number in front of a level is a time beside other times',
    file: 'logs/lines/beginning.ts',
    from: "if (layout !== 'time' || leadingLevel({ line, start: skipBlanks(line, scanner.end), end }) !== null)",
    to: "if (layout !== 'time')",
    killedBy: known,
  },
  {
    rule: 'statements go on with the slow log beside times',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (isSlowLog(first) && this.#isQueried(part, event)) return false;',
    to: '',
    killedBy: known,
  },
];
