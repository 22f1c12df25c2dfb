/**
 * Logback's Logstash encoder: `@timestamp`, `@version`, `logger_name`, `thread_name`, `level_value`, the MDC among
 * the keys.
 */
import type { Dialect } from './format.ts';

export const logback: Dialect = {
  name: 'logback',
  knownBy: ['@timestamp', '@version', 'logger_name', 'message'],
  samples: [
    {
      line:
        '{"@timestamp":"2026-01-29T08:51:24.967+01:00","@version":"1","message":"no stock","logger_name":"c.e' +
        '.Cart","thread_name":"main","level":"ERROR","level_value":40000,"traceId":"4bf92f3577b34da6a3ce929d0' +
        'e0e4736","spanId":"00f067aa0ba902b7","app":"cart"}',
      time: '2026-01-29T07:51:24.967Z',
      level: 'ERROR',
      message: 'no stock',
      service: 'cart',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      span: '00f067aa0ba902b7',
      fields: {
        'log.level': 'ERROR',
        '@version': '1',
        'log.logger': 'c.e.Cart',
        'process.thread.name': 'main',
        level_value: 40000,
      },
    },
  ],
};
