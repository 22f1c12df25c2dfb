/** .NET: the console logger of two lines, Serilog's text with a short level in brackets, and NLog's columns. */
import { layout } from '../layouts/layout.ts';
import { among, capitalLevel, int, level, message, newline, time, until } from '../layouts/pieces.ts';
import { levelOf } from '../levels.ts';
import type { TextFormat } from './format.ts';

export const dotnet: TextFormat = {
  name: 'dotnet',
  layouts: [
    layout(
      ...[among('log.level', ['trce', 'dbug', 'info', 'warn', 'fail', 'crit']), ': ', until('log.logger', '[')],
      ...[int('event.code'), ']', newline, message],
    ),
    layout('[', time, ' ', capitalLevel, '] ', message),
    layout(time, ' [', capitalLevel, '] ', message),
    layout(time, '|', level, '|', until('log.logger', '|'), message),
  ],
  finish: (log) => {
    log.level ??= levelOf(String(log.parsed_fields['log.level'] ?? ''));
  },
  samples: [
    {
      line: 'fail: Shop.Cart[14]\n      no stock',
      time: null,
      level: 'ERROR',
      message: 'no stock',
      fields: {
        'log.level': 'fail',
        'log.logger': 'Shop.Cart',
        'event.code': 14,
      },
    },
    {
      line: '[08:51:24 INF] ready',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'ready',
      fields: {
        'log.level': 'INF',
      },
    },
    {
      line: '2026-01-29 08:51:24.967 +00:00 [ERR] no stock',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'no stock',
      fields: {
        'log.level': 'ERR',
      },
    },
    {
      line: '2026-01-29 08:51:24.9671|WARN|Shop.Cart|slow',
      time: '2026-01-29T08:51:24.967100Z',
      level: 'WARN',
      message: 'slow',
      fields: {
        'log.level': 'WARN',
        'log.logger': 'Shop.Cart',
      },
    },
  ],
};
