/** Rules of traces of which every line has a header, and of what goes on with an event on evidence. */
import type { Mutant } from '../mutant.ts';

const headed = ['test/logs/lines/headed-traces.test.ts'] as const;
const evidence = ['test/logs/lines/evidence.test.ts'] as const;

export const headedTraces: readonly Mutant[] = [
  {
    rule: 'another stream’s line goes on with no trace',
    file: 'logs/lines/line-head.ts',
    from: '    } else if (text.charCodeAt(at) !== behind.charCodeAt(i)) return -1;',
    to: '    }',
    killedBy: headed,
  },
  {
    rule: 'a header may count its lines',
    file: 'logs/lines/line-head.ts',
    from: 'if (isDigit(behind.charCodeAt(i)) && behind.charCodeAt(i - 1) === quoteCode && isDigit(text.charCodeAt(at))) {',
    to: 'if (false) {',
    killedBy: headed,
  },
  {
    rule: 'rsyslog spells tabs out',
    file: 'logs/lines/line-head.ts',
    from: "  while (text.startsWith('#011', at)) at += 4;",
    to: '',
    killedBy: headed,
  },
  {
    rule: 'what a record says keeps its indentation',
    file: 'logs/lines/line-head.ts',
    from: 'return indentation + message;',
    to: 'return message;',
    killedBy: headed,
  },
  {
    rule: 'what only may open a trace needs one behind it',
    file: 'logs/lines/headed-traces.ts',
    from: '    if (trace.isDoubtful && !isTracePart(content)) return false;',
    to: '',
    killedBy: headed,
  },
  {
    rule: 'a line with a level of its own is in no trace',
    file: 'logs/lines/headed-traces.ts',
    from: '    if (leadingLevel(part) !== null || isRequest(part)) return false;',
    to: '',
    killedBy: headed,
  },
  {
    rule: 'a trace is an error whatever its wrapper says',
    file: 'logs/lines/headed-traces.ts',
    from: "if (isError && (log.level === null || isMild(log.level))) log.level = 'ERROR';",
    to: "if (isError && log.level === null) log.level = 'ERROR';",
    killedBy: headed,
  },
  {
    rule: 'a logger’s errors are events each',
    file: 'logs/traces/opening.ts',
    from: "return isOfTrace(String(fields['log.level']), message) ? 'does' : 'no';",
    to: '{}',
    killedBy: headed,
  },
  {
    rule: 'a trace may stand behind labels',
    file: 'logs/traces/opening.ts',
    from: "  if (labelsEnd(message) > 0) return 'does';",
    to: '',
    killedBy: headed,
  },
  {
    rule: 'so many events wait for a trace',
    file: 'logs/lines/in-order.ts',
    from: '    if (this.#waiting.length > mostWaiting) this.#endFirst();',
    to: '',
    killedBy: headed,
  },
  {
    rule: 'traces end with their pane',
    file: 'logs/lines/event-lines.ts',
    from: '  if (traces !== undefined) for (const { event } of traces) first = Math.min(first, event.time);',
    to: '',
    killedBy: ['test/logs/lines/event-lines.test.ts'],
  },
  {
    rule: 'a trace below INFO is an event',
    file: 'logs/lines/plain-lines.ts',
    from: '    if (isThrown(part)) return !this.#takesTrace(joining, event);',
    to: '    if (isThrown(part)) return false;',
    killedBy: evidence,
  },
  {
    rule: 'a line may announce a trace',
    file: 'logs/lines/plain-lines.ts',
    from: 'return announces(first) || (lines > 1 && this.#asks(event));',
    to: 'return false;',
    killedBy: evidence,
  },
  {
    rule: 'what shows nothing of a bracket is not held by it',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (joining.block && this.#isHeld(part, event)) return false;',
    to: 'if (joining.block) return false;',
    killedBy: evidence,
  },
  {
    rule: 'what belongs to a bracket is held by it',
    file: 'logs/lines/plain-lines.ts',
    from: '    if (isHeld(part)) return true;',
    to: '',
    killedBy: evidence,
  },
  {
    rule: 'a semicolon ends a query',
    file: 'logs/lines/plain-lines.ts',
    from: "const isOver = last.line.startsWith(';', last.end - 1);",
    to: 'const isOver = false;',
    killedBy: evidence,
  },
  {
    rule: 'a report of a sanitizer ends',
    file: 'logs/lines/joining.ts',
    from: "if (isPlain && !this.#plain.isOfReport({ line, start, end }, event)) joining.trace = 'none';",
    to: 'if (false) {}',
    killedBy: evidence,
  },
  {
    rule: 'a number with a hash is not always a frame',
    file: 'logs/lines/beginning.ts',
    from: "return isNumberedFrame(line, start, end) ? 'continuation' : 'other';",
    to: "return 'continuation';",
    killedBy: evidence,
  },
];
