/**
 * Redis and Sentinel: `pid:role time # text`, or `[pid] time # text` before 3.0. The sign is the level; the role is M
 * for a master, S for a replica, C for a child that writes a file, X for Sentinel.
 */
import { layout, oneOf, optional } from '../layouts/layout.ts';
import { among, chars, int, message, time } from '../layouts/pieces.ts';
import { levelOf } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { isUpper } from '../text.ts';
import type { TextFormat } from './format.ts';

export const redis: TextFormat = {
  name: 'redis',
  layouts: [
    layout(
      ...[oneOf(['[', int('process.pid'), ']'], [int('process.pid'), ':', chars('redis.log.role', isUpper)]), ' '],
      ...[time, ' ', among('log.level', ['.', '-', '*', '#']), ' ', message],
    ),
    layout(int('process.pid'), ':signal-handler (', time, optional(')'), ' ', message),
  ],
  finish,
  samples: [
    {
      line: '7:M 29 Jan 2026 08:51:24.967 # WARNING overcommit_memory is set to 0!',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'WARNING overcommit_memory is set to 0!',
      fields: {
        'process.pid': 7,
        'redis.log.role': 'M',
        'log.level': 'warning',
      },
    },
    {
      line: '[7] 29 Jan 08:51:24.967 * DB loaded from disk',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'DB loaded from disk',
      fields: {
        'process.pid': 7,
        'log.level': 'notice',
      },
    },
    {
      line: '7:signal-handler (1769676684) Received SIGTERM scheduling shutdown...',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'Received SIGTERM scheduling shutdown...',
      fields: {
        'process.pid': 7,
      },
    },
  ],
};

function finish(log: ParsedLog): void {
  const word = words.get(String(log.parsed_fields['log.level']));
  if (word === undefined) return;
  log.parsed_fields['log.level'] = word;
  log.level = levelOf(word);
}

const words = new Map(Object.entries({ '.': 'debug', '-': 'verbose', '*': 'notice', '#': 'warning' }));
