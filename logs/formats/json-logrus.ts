/** Logrus and, of the same keys, Go's slog: `time`, `level`, `msg`. */
import type { Dialect } from './format.ts';

export const logrus: Dialect = {
  name: 'logrus',
  knownBy: ['time', 'level', 'msg'],
  samples: [
    {
      line: '{"error":"refused","level":"error","msg":"dial","time":"2026-01-29T08:51:24+01:00","source":{"line":42}}',
      time: '2026-01-29T07:51:24.000Z',
      level: 'ERROR',
      message: 'dial',
      fields: { 'log.level': 'error', 'error.message': 'refused', 'source.line': 42 },
    },
    {
      line: '{"time":"2026-01-29T08:51:24.967123456Z","level":"INFO","msg":"hello","service":"cart"}',
      time: '2026-01-29T08:51:24.967123456Z',
      level: 'INFO',
      message: 'hello',
      service: 'cart',
      fields: { 'log.level': 'INFO' },
    },
  ],
};
