/** Structlog (Python): the message is the `event`. */
import type { Dialect } from './format.ts';

export const structlog: Dialect = {
  name: 'structlog',
  knownBy: ['event', 'level'],
  roles: { event: 'message' },
  samples: [
    {
      line:
        '{"event":"no stock","level":"warning","logger":"shop.cart","timestamp":"2026-01-29T08:51:24.967123Z"' +
        ',"item":7}',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'no stock',
      fields: { 'log.level': 'warning', 'log.logger': 'shop.cart', item: 7 },
    },
  ],
};
