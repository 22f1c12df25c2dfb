/**
 * Kafka's brokers and tools: `[time] LEVEL [component] text (logger)`, the component in square brackets being left
 * out by most; also the layout with thread and logger in brackets when the text begins with a component. Lines behind
 * the first follow the text.
 */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { blanks, bracketed, isNameCode, level, message, time } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { closeParenCode, colonCode, openBracketCode, openParenCode, skipBlanks, spaceCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const kafka: TextFormat = {
  name: 'kafka',
  layouts: [
    layout('[', time, '] ', level, ' ', textAndLogger(), message),
    layout(
      ...['[', time, '] [', level, blanks, '] ', bracketed('process.thread.name'), ' ', bracketed('log.logger'), ' - '],
      ...[component(), message],
    ),
  ],
  finish,
  samples: [
    {
      line: '[2026-01-29 08:51:24,967] INFO [Controller id=10] Starting (kafka.controller.KafkaController)',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'Starting',
      fields: {
        'log.level': 'INFO',
        'kafka.log.component': 'Controller id=10',
        'log.logger': 'kafka.controller.KafkaController',
      },
    },
    {
      line: '[2026-01-29 08:51:24,967] INFO [controller-event-thread]: Starting (kafka.controller.Thread)',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'Starting',
      fields: {
        'log.level': 'INFO',
        'kafka.log.component': 'controller-event-thread',
        'log.logger': 'kafka.controller.Thread',
      },
    },
    {
      line: '[2026-01-29 08:51:24,967] ERROR no stock (kafka.server.KafkaServer)\njava.io.IOException: gone\n\tat kafka.Kafka.main(Kafka.scala:9)',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'no stock\njava.io.IOException: gone\n\tat kafka.Kafka.main(Kafka.scala:9)',
      fields: {
        'log.level': 'ERROR',
        'log.logger': 'kafka.server.KafkaServer',
        'error.stack_trace': 'java.io.IOException: gone\n\tat kafka.Kafka.main(Kafka.scala:9)',
        'error.type': 'java.io.IOException',
        'error.message': 'gone',
      },
    },
    {
      line: '[2026-01-29 08:51:24,967] [WARN ] [worker-7] [state.change.logger] - [Broker id=1] Ignoring a request',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'Ignoring a request',
      fields: {
        'log.level': 'WARN',
        'process.thread.name': 'worker-7',
        'log.logger': 'state.change.logger',
        'kafka.log.component': 'Broker id=1',
      },
    },
  ],
};

/** The text of the first line, and the logger in parentheses that ends it; what follows is left to the next piece. */
function textAndLogger(): Piece {
  return {
    make: (capture) => {
      const component = capture('kafka.log.component');
      const text = capture('first');
      const logger = capture('log.logger');
      return (line, at, match) => {
        let end = line.indexOf('\n', at);
        if (end < 0) end = line.length;
        let last = end;
        while (last > at && line.charCodeAt(last - 1) <= spaceCode) last--;
        let open = last - 1;
        if (line.charCodeAt(open--) !== closeParenCode) return -1;
        while (open > at && isNameCode(line.charCodeAt(open))) open--;
        if (line.charCodeAt(open) !== openParenCode || line.charCodeAt(open - 1) !== spaceCode || open + 2 >= last)
          return -1;
        keep(match, logger, open + 1, last - 1);
        const start = skipComponent(line, at, (from, to) => keep(match, component, from, to));
        keep(match, text, start, open - 1);
        return end;
      };
    },
  };
}

/** `[Broker id=1] `. */
function component(): Piece {
  return {
    make: (capture) => {
      const group = capture('kafka.log.component');
      return (line, at, match) => {
        const end = skipComponent(line, at, (from, to) => keep(match, group, from, to));
        return end > at && line.slice(at, end).includes('=') ? end : -1;
      };
    },
  };
}

function skipComponent(line: string, at: number, found: (from: number, to: number) => void): number {
  if (line.charCodeAt(at) !== openBracketCode) return at;
  const end = line.indexOf(']', at);
  if (end < 0 || end - at > 200) return at;
  found(at + 1, end);
  return skipBlanks(line, line.charCodeAt(end + 1) === colonCode ? end + 2 : end + 1);
}

function finish(log: ParsedLog): void {
  const first = log.parsed_fields['first'];
  if (typeof first !== 'string') return;
  delete log.parsed_fields['first'];
  log.message = log.message === '' ? first : `${first}${log.message.startsWith('\n') ? '' : '\n'}${log.message}`;
}
