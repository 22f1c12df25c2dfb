/** PHP's error log, PHP-FPM's own, and Monolog's lines: `[time] channel.LEVEL: text {context} [extra]`. */
import { layout } from '../layouts/layout.ts';
import { among, capitalLevel, chars, message, time } from '../layouts/pieces.ts';
import { levelOf } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { isWordCode, minusCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const php: TextFormat = {
  name: 'php',
  layouts: [
    layout('[', time, '] PHP ', among('log.level', errors()), ': ', message),
    layout(
      '[',
      time,
      '] ',
      chars('log.logger', (c) => isWordCode(c) || c === underscoreCode || c === minusCode),
      '.',
      capitalLevel,
      ': ',
      message,
    ),
    layout('[', time, '] ', capitalLevel, ': ', message),
  ],
  finish,
  samples: [
    {
      line: '[29-Jan-2026 08:51:24 UTC] PHP Warning:  Undefined variable $stock in /app/cart.php on line 12',
      time: '2026-01-29T08:51:24.000Z',
      level: 'WARN',
      message: 'Undefined variable $stock in /app/cart.php on line 12',
      fields: {
        'log.level': 'Warning',
        'log.origin.file.name': '/app/cart.php',
        'log.origin.file.line': 12,
      },
    },
    {
      line: '[2026-01-29T08:51:24.967123+00:00] app.ERROR: no stock {"item":7} []',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      message: 'no stock {"item":7} []',
      fields: {
        'log.logger': 'app',
        'log.level': 'ERROR',
      },
    },
    {
      line: '[29-Jan-2026 08:51:24] NOTICE: fpm is running, pid 1',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'fpm is running, pid 1',
      fields: {
        'log.level': 'NOTICE',
      },
    },
  ],
};

function errors(): readonly string[] {
  return [
    'Fatal error',
    'Parse error',
    'Recoverable fatal error',
    'Warning',
    'Notice',
    'Deprecated',
    'Strict Standards',
  ];
}

function finish(log: ParsedLog): void {
  const word = String(log.parsed_fields['log.level']);
  log.level ??= word.endsWith('error') ? 'ERROR' : word === 'Deprecated' ? 'WARN' : (levelOf(word) ?? 'INFO');
  const line = log.message.lastIndexOf(' on line ');
  const file = line < 0 ? -1 : log.message.lastIndexOf(' in ', line);
  if (file < 0) return;
  const number = Number(log.message.slice(line + 9).split('\n', 1)[0]);
  if (!Number.isInteger(number)) return;
  log.parsed_fields['log.origin.file.name'] = log.message.slice(file + 4, line);
  log.parsed_fields['log.origin.file.line'] = number;
}
