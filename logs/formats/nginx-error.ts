/**
 * The error log of nginx: `date [level] pid#tid: *connection text, client: …, server: …, request: "…"`. The message
 * stays whole; the named details at its end become fields too.
 */
import { layout, optional } from '../layouts/layout.ts';
import { int, level, message, time } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import type { TextFormat } from './format.ts';

export const nginxError: TextFormat = {
  name: 'nginx_error',
  layouts: [
    layout(
      ...[time, ' [', level, '] ', int('process.pid'), '#', int('process.thread.id'), ': '],
      ...[optional('*', int('nginx.error.connection_id'), ' '), message],
    ),
  ],
  finish,
  samples: [
    {
      line:
        '2026/01/29 08:51:24 [error] 31#7: *42 connect() failed (111: Connection refused) while connecting to' +
        ' upstream, client: 10.0.0.7, server: shop, request: "GET /cart HTTP/1.1", upstream: "http://10.4.0.9' +
        ':8080/cart", host: "shop.example"',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message:
        'connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.7, server: s' +
        'hop, request: "GET /cart HTTP/1.1", upstream: "http://10.4.0.9:8080/cart", host: "shop.example"',
      fields: {
        'log.level': 'error',
        'process.pid': 31,
        'process.thread.id': 7,
        'nginx.error.connection_id': 42,
        'source.ip': '10.0.0.7',
        'http.request.method': 'GET',
        'url.original': '/cart',
        'url.domain': 'shop.example',
        'nginx.error.upstream': 'http://10.4.0.9:8080/cart',
      },
    },
    {
      line: '2026/01/29 08:51:24 [error] 31#7: connect() failed, client: 10.0.0.7\n  more of it, client: none',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'connect() failed, client: 10.0.0.7\n  more of it, client: none',
      fields: { 'log.level': 'error', 'process.pid': 31, 'process.thread.id': 7, 'source.ip': '10.0.0.7' },
    },
    {
      line: '2026/01/29 08:51:24 [notice] 1#1: signal 15 (SIGTERM) received, exiting',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'signal 15 (SIGTERM) received, exiting',
      fields: { 'log.level': 'notice', 'process.pid': 1, 'process.thread.id': 1 },
    },
  ],
};

/** Reads the details that nginx appends to a request's error; lines behind it are none of them. */
function finish(log: ParsedLog): void {
  const lineEnd = log.message.indexOf('\n');
  const text = lineEnd < 0 ? log.message : log.message.slice(0, lineEnd);
  const client = text.lastIndexOf(', client: ');
  if (client < 0) return;
  const fields = log.parsed_fields;
  fields['source.ip'] = until(text, client + 10, ',');
  const request = text.indexOf(', request: "', client);
  if (request >= 0) {
    const [method, url] = until(text, request + 12, '"').split(' ', 2);
    if (method !== undefined && url !== undefined) {
      fields['http.request.method'] = method;
      fields['url.original'] = url;
    }
  }
  const upstream = text.indexOf(', upstream: "', client);
  if (upstream >= 0) fields['nginx.error.upstream'] = until(text, upstream + 13, '"');
  const host = text.indexOf(', host: "', client);
  if (host >= 0) fields['url.domain'] = until(text, host + 9, '"');
  const referrer = text.indexOf(', referrer: "', client);
  if (referrer >= 0) fields['http.request.referrer'] = until(text, referrer + 13, '"');
}

function until(text: string, start: number, stop: string): string {
  const end = text.indexOf(stop, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
