/** Bunyan (Node.js): `v`, numbered levels, ISO time, `name` for the service. */
import type { Dialect } from './format.ts';

export const bunyan: Dialect = {
  name: 'bunyan',
  knownBy: ['v', 'name', 'hostname', 'pid', 'level'],
  roles: { name: 'service' },
  renames: { v: 'bunyan.version' },
  samples: [
    {
      line:
        '{"name":"cart","hostname":"web-1","pid":7,"level":40,"msg":"slow","time":"2026-01-29T08:51:24.967Z",' +
        '"v":0}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'slow',
      service: 'cart',
      fields: { 'log.level': 40, 'host.hostname': 'web-1', 'process.pid': 7, 'bunyan.version': 0 },
    },
  ],
};
