/**
 * IIS in the extended format of the W3C with its default columns, for lines whose `#Fields` directive is not known,
 * and the log of HTTP.sys.
 */

import { endpoint } from '../layouts/endpoint.ts';
import { layout } from '../layouts/layout.ts';
import { chars, int, time, word } from '../layouts/pieces.ts';
import { levelOfStatus } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { slashCode, spaceCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const iis: TextFormat = {
  name: 'iis_access',
  layouts: [
    layout(
      ...[time, ' ', endpoint('destination.ip', 'unused'), ' ', word('http.request.method'), ' ', path(), ' '],
      ...[word('url.query'), ' ', int('destination.port'), ' ', word('user.name'), ' ', word('source.ip'), ' '],
      ...[word('user_agent.original'), ' ', word('http.request.referrer'), ' ', int('http.response.status_code'), ' '],
      ...[int('iis.access.sub_status'), ' ', int('iis.access.win32_status'), ' ', int('iis.access.time_taken_ms')],
    ),
  ],
  finish: finishW3c,
  samples: [
    {
      line: '2026-01-29 08:51:24 10.4.0.9 GET /cart id=7 443 - 10.0.0.7 Mozilla/5.0+(X11) - 404 0 2 109',
      time: '2026-01-29T08:51:24.000Z',
      level: 'WARN',
      message: 'GET /cart 404',
      fields: {
        'destination.ip': '10.4.0.9',
        'http.request.method': 'GET',
        'url.path': '/cart',
        'url.query': 'id=7',
        'destination.port': 443,
        'source.ip': '10.0.0.7',
        'user_agent.original': 'Mozilla/5.0 (X11)',
        'http.response.status_code': 404,
        'iis.access.sub_status': 0,
        'iis.access.win32_status': 2,
        'event.duration': 109000000,
      },
    },
  ],
};

function path(): ReturnType<typeof chars> {
  return chars(
    'url.path',
    (code) => code > spaceCode,
    (code) => code === slashCode,
  );
}

/** Message, level and duration of a request by its fields. Times taken are milliseconds, or seconds with decimals. */
export function finishW3c(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const status = fields['http.response.status_code'];
  const parts = [fields['http.request.method'], fields['url.path'], status];
  const text = parts.filter((part) => part !== undefined).join(' ');
  if (text !== '') log.message = text;
  if (typeof status === 'number') log.level = levelOfStatus(status);
  const took = fields['iis.access.time_taken_ms'];
  if (typeof took === 'number') fields['event.duration'] = Math.round(took * (Number.isInteger(took) ? 1e6 : 1e9));
  delete fields['iis.access.time_taken_ms'];
  const agent = fields['user_agent.original'];
  if (typeof agent === 'string') fields['user_agent.original'] = agent.replaceAll(/\+|%20/g, ' ');
}
