/** Python's logging through python-json-logger: the attribute names of a LogRecord. */
import type { Dialect } from './format.ts';

export const pythonJson: Dialect = {
  name: 'python_json',
  knownBy: ['levelname', 'message'],
  renames: { name: 'log.logger' },
  samples: [
    {
      line:
        '{"asctime":"2026-01-29 08:51:24,967","levelname":"WARNING","name":"shop.cart","message":"slow","proc' +
        'ess":7,"otelTraceID":"4bf92f3577b34da6a3ce929d0e0e4736"}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'slow',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      fields: { 'log.level': 'WARNING', 'log.logger': 'shop.cart', 'process.pid': 7 },
    },
  ],
};
