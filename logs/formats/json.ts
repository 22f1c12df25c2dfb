/**
 * JSON records of any logger: all that there is to know of them stands in the tables of keys and scales
 * (readers/keys.ts, readers/scales.ts). The samples are those of the common ones.
 */
import type { Dialect } from './format.ts';

export const json: Dialect = {
  name: 'json',
  knownBy: [],
  samples: [
    // The ECS loggers of Elastic, dotted or nested.
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
    // Logback through the encoder for Logstash.
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
    // Bunyan (Node.js).
    {
      line:
        '{"name":"cart","hostname":"web-1","pid":7,"level":40,"msg":"slow","time":"2026-01-29T08:51:24.967Z",' +
        '"v":0}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'slow',
      service: 'cart',
      fields: { 'log.level': 40, 'host.hostname': 'web-1', 'process.pid': 7, v: 0 },
    },
    // Pino (Node.js).
    {
      line:
        '{"level":50,"time":1769676684967,"pid":7,"hostname":"web-1","name":"cart","req":{"method":"GET","url' +
        '":"/cart"},"res":{"statusCode":502},"err":{"type":"Error","message":"no stock","stack":"Error: no st' +
        'ock\\n at x"},"msg":"request errored"}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'request errored',
      service: 'cart',
      fields: {
        'log.level': 50,
        'process.pid': 7,
        'host.hostname': 'web-1',
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.response.status_code': 502,
        'error.type': 'Error',
        'error.message': 'no stock',
        'error.stack_trace': 'Error: no stock\n at x',
      },
    },
    // Python through python-json-logger.
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
    // Serilog in its compact format (.NET).
    {
      line:
        '{"@t":"2026-01-29T08:51:24.9671234Z","@m":"no stock of 7","@mt":"no stock of {Item}","@l":"Error","S' +
        'ourceContext":"Shop.Cart","Item":7}',
      time: '2026-01-29T08:51:24.967123400Z',
      level: 'ERROR',
      message: 'no stock of 7',
      fields: { 'log.level': 'Error', '@mt': 'no stock of {Item}', 'log.logger': 'Shop.Cart', Item: 7 },
    },
    // Structlog (Python).
    {
      line:
        '{"event":"no stock","level":"warning","logger":"shop.cart","timestamp":"2026-01-29T08:51:24.967123Z"' +
        ',"item":7}',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'no stock',
      fields: { 'log.level': 'warning', 'log.logger': 'shop.cart', item: 7 },
    },
    // Zap (Go).
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
    // Logrus, and the slog of Go.
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
