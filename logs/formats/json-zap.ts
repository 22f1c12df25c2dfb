/** Zap (Go) in its production setting: `ts` in seconds with decimals, `caller`, `stacktrace`. */
import type { Dialect } from './format.ts';

export const zap: Dialect = {
  name: 'zap',
  knownBy: ['ts', 'msg', 'level'],
  samples: [
    {
      line:
        '{"level":"dpanic","ts":1769676684.967123,"logger":"http","caller":"api/cart.go:42","msg":"no stock",' +
        '"stacktrace":"main.main","items":3,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'FATAL',
      message: 'no stock',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      fields: {
        'log.level': 'dpanic',
        'log.logger': 'http',
        'log.origin.file.name': 'api/cart.go:42',
        'error.stack_trace': 'main.main',
        items: 3,
      },
    },
  ],
};
