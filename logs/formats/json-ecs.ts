/** The ECS loggers of Elastic (Java, .NET, Go, Python, Node.js …), with dotted or nested keys. */
import type { Dialect } from './format.ts';

export const ecs: Dialect = {
  name: 'ecs',
  knownBy: ['@timestamp', 'log.level', 'message'],
  samples: [
    {
      line:
        '{"@timestamp":"2026-01-29T08:51:24.967Z","log.level":"WARN","message":"slow","ecs.version":"1.2.0","' +
        'service.name":"cart","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736","process.thread.name":"main","log' +
        '.logger":"c.e.Cart"}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'slow',
      service: 'cart',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      fields: {
        'log.level': 'WARN',
        'ecs.version': '1.2.0',
        'process.thread.name': 'main',
        'log.logger': 'c.e.Cart',
      },
    },
    {
      line:
        '{"@timestamp":"2026-01-29T08:51:24.967Z","log":{"level":"error","logger":"c.e.Cart"},"message":"no s' +
        'tock","ecs":{"version":"8.11.0"},"service":{"name":"cart","version":"2.1"},"trace":{"id":"4bf92f3577' +
        'b34da6a3ce929d0e0e4736"},"span":{"id":"00f067aa0ba902b7"},"tags":["a","b"]}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'no stock',
      service: 'cart',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      span: '00f067aa0ba902b7',
      fields: {
        'log.level': 'error',
        'log.logger': 'c.e.Cart',
        'ecs.version': '8.11.0',
        'service.version': '2.1',
        tags: '["a","b"]',
      },
    },
  ],
};
