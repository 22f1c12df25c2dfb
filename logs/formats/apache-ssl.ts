/** The log of TLS requests that Apache's httpd is set up with: `[time] address protocol cipher "request" bytes`. */
import { looksLikeAddress } from '../addresses.ts';
import { request } from '../layouts/access-pieces.ts';
import { layout } from '../layouts/layout.ts';
import { int, time, word } from '../layouts/pieces.ts';
import type { TextFormat } from './format.ts';
import { finishAccess } from './nginx-access.ts';

export const apacheSsl: TextFormat = {
  name: 'apache_ssl_request',
  layouts: [
    layout(
      ...['[', time, '] ', word('source.address'), ' ', word('tls.cipher.protocol'), ' ', word('tls.cipher'), ' '],
      ...[request(), ' ', int('http.response.body.bytes')],
    ),
  ],
  finish: (log) => {
    const address = String(log.parsed_fields['source.address']);
    finishAccess(log);
    if (looksLikeAddress(address, 0, address.length)) log.parsed_fields['source.ip'] = address;
    log.message = log.message.trim();
  },
  samples: [
    {
      line: '[29/Jan/2026:08:51:24 +0200] 10.0.0.7 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "GET /cart HTTP/1.1" 1375',
      time: '2026-01-29T06:51:24.000Z',
      level: null,
      message: 'GET /cart',
      fields: {
        'source.address': '10.0.0.7',
        'tls.cipher.protocol': 'TLSv1.2',
        'tls.cipher': 'ECDHE-RSA-AES128-GCM-SHA256',
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.version': '1.1',
        'http.response.body.bytes': 1375,
        'source.ip': '10.0.0.7',
      },
    },
  ],
};
