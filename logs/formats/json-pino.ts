/** Pino (Node.js): numbered levels, epoch milliseconds, `name` for the service. */
import type { Dialect } from './format.ts';

export const pino: Dialect = {
  name: 'pino',
  knownBy: ['level', 'time', 'pid', 'hostname'],
  roles: { name: 'service' },
  renames: { responseTime: 'http.response.time_ms' },
  samples: [
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
  ],
};
