/** Ruby's Logger (`I, [time #pid]  INFO -- program: text`), and the request that Rails logs in several lines. */
import { layout, oneOf } from '../layouts/layout.ts';
import { capitalLevel, int, message, skippedWord, time, until, word } from '../layouts/pieces.ts';
import { levelOfStatus } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import type { TextFormat } from './format.ts';

export const ruby: TextFormat = {
  name: 'ruby',
  layouts: [
    layout(
      skippedWord,
      ' [',
      time,
      ' #',
      int('process.pid'),
      '] ',
      capitalLevel,
      ' -- ',
      oneOf([until('process.name', ': ')], [': ']),
      message,
    ),
    layout(
      'Started ',
      word('http.request.method'),
      ' "',
      until('url.original', '" for '),
      word('source.ip'),
      ' at ',
      time,
      message,
    ),
  ],
  finish,
  samples: [
    {
      line: 'W, [2026-01-29T08:51:24.967123 #7]  WARN -- cart: slow',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'slow',
      fields: {
        'process.pid': 7,
        'log.level': 'WARN',
        'process.name': 'cart',
      },
    },
    {
      line: 'E, [2026-01-29T08:51:24.967123 #7] ERROR -- : no stock',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      message: 'no stock',
      fields: {
        'process.pid': 7,
        'log.level': 'ERROR',
      },
    },
    {
      line: 'Started GET "/cart" for 10.0.0.7 at 2026-01-29 08:51:24 +0000\nProcessing by CartController#show as HTML\nCompleted 502 Bad Gateway in 12ms',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'GET /cart\nProcessing by CartController#show as HTML\nCompleted 502 Bad Gateway in 12ms',
      fields: {
        'http.request.method': 'GET',
        'url.original': '/cart',
        'source.ip': '10.0.0.7',
        'http.response.status_code': 502,
      },
    },
  ],
};

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const url = fields['url.original'];
  if (url === undefined) return;
  const at = log.message.indexOf('Completed ');
  const status = at < 0 ? Number.NaN : Number(log.message.slice(at + 10, at + 13));
  if (Number.isInteger(status)) {
    fields['http.response.status_code'] = status;
    log.level = levelOfStatus(status);
  }
  const head = `${fields['http.request.method']} ${url}`;
  log.message = log.message.trim() === '' ? head : `${head}\n${log.message.trim()}`;
}
