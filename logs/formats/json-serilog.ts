/** Serilog's compact format (.NET): `@t`, `@mt`, `@l`. */
import type { Dialect } from './format.ts';

export const serilog: Dialect = {
  name: 'serilog',
  knownBy: ['@t'],
  roles: { '@tr': 'trace', '@sp': 'span' },
  renames: { SourceContext: 'log.logger', '@i': 'event.code' },
  samples: [
    {
      line:
        '{"@t":"2026-01-29T08:51:24.9671234Z","@m":"no stock of 7","@mt":"no stock of {Item}","@l":"Error","S' +
        'ourceContext":"Shop.Cart","Item":7}',
      time: '2026-01-29T08:51:24.967123400Z',
      level: 'ERROR',
      message: 'no stock of 7',
      fields: { 'log.level': 'Error', '@mt': 'no stock of {Item}', 'log.logger': 'Shop.Cart', Item: 7 },
    },
  ],
};
