/** RabbitMQ: `time [level] <process> text`, and Erlang's reports of the versions before 3.7. */
import { layout } from '../layouts/layout.ts';
import { capitalLevel, level, message, newline, time, until } from '../layouts/pieces.ts';
import type { TextFormat } from './format.ts';

export const rabbitmq: TextFormat = {
  name: 'rabbitmq',
  layouts: [
    layout(time, ' [', level, '] <', until('erlang.process.id', '>'), ' ', message),
    layout('=', capitalLevel, ' REPORT==== ', time, ' ===', newline, message),
  ],
  samples: [
    {
      line: '2026-01-29 08:51:24.967123+00:00 [warning] <0.222.0> no stock',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'no stock',
      fields: {
        'log.level': 'warning',
        'erlang.process.id': '0.222.0',
      },
    },
    {
      line: '=ERROR REPORT==== 29-Jan-2026::08:51:24 ===\nclosing connection <0.222.0>',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'closing connection <0.222.0>',
      fields: {
        'log.level': 'ERROR',
      },
    },
  ],
};
