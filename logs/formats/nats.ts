/** The NATS server: `[pid] time [LVL] address - cid:n - text`; of a traced protocol message its payload is the text. */

import { endpoint } from '../layouts/endpoint.ts';
import { layout, optional } from '../layouts/layout.ts';
import { int, level, message, time } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import type { TextFormat } from './format.ts';

export const nats: TextFormat = {
  name: 'nats',
  layouts: [
    layout(
      ...['[', int('process.pid'), '] ', time, ' [', level, '] '],
      ...[optional(endpoint('source.ip', 'source.port'), ' - cid:', int('nats.log.client.id'), ' - '), message],
    ),
  ],
  finish,
  samples: [
    {
      line: '[1] 2026/01/29 08:51:24.967123 [INF] Server is ready',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'INFO',
      message: 'Server is ready',
      fields: {
        'process.pid': 1,
        'log.level': 'INF',
      },
    },
    {
      line: '[1] 2026/01/29 08:51:24.967123 [TRC] 10.0.0.7:38630 - cid:1 - ->> [SUB orders  1]',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'TRACE',
      message: 'orders  1',
      fields: {
        'process.pid': 1,
        'log.level': 'TRC',
        'source.ip': '10.0.0.7',
        'source.port': 38630,
        'nats.log.client.id': 1,
        'nats.log.msg.type': 'SUB',
        'network.direction': 'inbound',
      },
    },
    {
      line: '[1] 2026/01/29 08:51:24.967123 [DBG] 10.0.0.7:38630 - cid:1 - Client connection created',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'DEBUG',
      message: 'Client connection created',
      fields: {
        'process.pid': 1,
        'log.level': 'DBG',
        'source.ip': '10.0.0.7',
        'source.port': 38630,
        'nats.log.client.id': 1,
      },
    },
  ],
};

/** `->> [SUB orders  1]`: direction, operation, arguments. */
function finish(log: ParsedLog): void {
  const text = log.message;
  const direction = text.startsWith('->> [') ? 'in' : text.startsWith('<<- [') ? 'out' : '';
  if (direction === '' || !text.endsWith(']')) return;
  const space = text.indexOf(' ', 5);
  log.parsed_fields['nats.log.msg.type'] = text.slice(5, space < 0 ? -1 : space);
  log.parsed_fields['network.direction'] = direction === 'in' ? 'inbound' : 'outbound';
  if (space >= 0) log.message = text.slice(space + 1, -1);
}
