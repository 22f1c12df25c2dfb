/**
 * HAProxy's HTTP and TCP logs and its connection errors, bare or behind a syslog header. Times are milliseconds; -1
 * says that a phase was not reached. The time is that of the request, not of the line.
 */

import { endpoint } from '../layouts/endpoint.ts';
import { layout, optional, type Part } from '../layouts/layout.ts';
import { chars, int, message, rest, skippedWord, time, until, word } from '../layouts/pieces.ts';
import { levelOfStatus } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { isDigit, isWordCode, minusCode, plusCode, slashCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const haproxy: TextFormat = {
  name: 'haproxy',
  layouts: layouts(),
  finish,
  samples: [
    {
      line: 'Jan 29 08:51:25 lb-1 haproxy[42]: 10.0.0.7:33317 [29/Jan/2026:08:51:24.967] web~ shop/node-1 10/0/30/69/109 502 2750 - - ---- 1/1/1/1/0 0/0 {shop.example} {} "GET /cart HTTP/1.1"',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'GET /cart 502',
      service: 'haproxy',
      fields: {
        'host.hostname': 'lb-1',
        'process.name': 'haproxy',
        'process.pid': 42,
        'source.ip': '10.0.0.7',
        'source.port': 33317,
        'haproxy.frontend_name': 'web~',
        'haproxy.backend_name': 'shop',
        'haproxy.server_name': 'node-1',
        'haproxy.times': '10/0/30/69/109',
        'http.response.status_code': 502,
        'http.response.bytes': 2750,
        'haproxy.termination_state': '----',
        'haproxy.connections': '1/1/1/1/0',
        'haproxy.queues': '0/0',
        'event.duration': 109000000,
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.version': '1.1',
        'haproxy.http.captured_headers': '{shop.example} {}',
      },
    },
    {
      line: 'Jan 29 08:51:25 lb-1 haproxy[42]: 10.0.0.7:33317 [29/Jan/2026:08:51:24.967] web/1: SSL handshake failure',
      time: '2026-01-29T08:51:24.967Z',
      level: null,
      message: 'SSL handshake failure',
      service: 'haproxy',
      fields: {
        'host.hostname': 'lb-1',
        'process.name': 'haproxy',
        'process.pid': 42,
        'source.ip': '10.0.0.7',
        'source.port': 33317,
        'haproxy.frontend_name': 'web',
        'haproxy.bind_name': '1',
      },
    },
    {
      line: '10.0.0.7:33317 [29/Jan/2026:08:51:24.967] web shop/node-1 0/0/5007 212 -- 0/0/0/0/3 0/0',
      time: '2026-01-29T08:51:24.967Z',
      level: null,
      message: 'shop/node-1',
      fields: {
        'source.ip': '10.0.0.7',
        'source.port': 33317,
        'haproxy.frontend_name': 'web',
        'haproxy.backend_name': 'shop',
        'haproxy.server_name': 'node-1',
        'haproxy.times': '0/0/5007',
        'source.bytes': '212',
        'haproxy.termination_state': '--',
        'haproxy.connections': '0/0/0/0/3',
        'haproxy.queues': '0/0',
        'event.duration': 5007000000,
      },
    },
  ],
};

function layouts(): TextFormat['layouts'] {
  const client: readonly Part[] = [endpoint('source.ip', 'source.port'), ' [', time, '] '];
  const route: readonly Part[] = [
    ...[word('haproxy.frontend_name'), ' ', until('haproxy.backend_name', '/'), word('haproxy.server_name'), ' '],
    ...[
      chars('haproxy.times', (code) => isDigit(code) || code === slashCode || code === minusCode || code === plusCode),
      ' ',
    ],
  ];
  const counts: readonly Part[] = [
    ...[word('haproxy.termination_state'), ' ', chars('haproxy.connections', isCounts), ' '],
    chars('haproxy.queues', isCounts),
  ];
  const http: readonly Part[] = [
    ...[int('http.response.status_code'), ' ', chars('http.response.bytes', isCounts), ' '],
    ...[skippedWord, ' ', skippedWord, ' ', ...counts, ' ', rest('request')],
  ];
  const tcp: readonly Part[] = [chars('source.bytes', isCounts), ' ', ...counts];
  const header: readonly Part[] = [
    ...[
      time,
      ' ',
      word('host.hostname'),
      ' ',
      chars('process.name', isWordCode),
      optional('[', int('process.pid'), ']'),
      ': ',
    ],
  ];
  return [
    layout(...header, ...client, ...route, ...http),
    layout(...header, ...client, ...route, ...tcp),
    layout(...header, ...client, until('haproxy.frontend_name', '/'), until('haproxy.bind_name', ': '), message),
    layout(...client, ...route, ...http),
    layout(...client, ...route, ...tcp),
  ];
}

function isCounts(code: number): boolean {
  return isDigit(code) || code === slashCode || code === plusCode || code === minusCode;
}

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  if (log.service === '' && fields['process.name'] !== undefined) log.service = String(fields['process.name']);
  if (fields['haproxy.times'] === undefined) return;
  const request = fields['request'];
  delete fields['request'];
  const times = String(fields['haproxy.times']).split('/', 8);
  const total = Number(times.at(-1));
  if (total >= 0 && Number.isFinite(total * 1e6)) fields['event.duration'] = total * 1e6;
  const bytes = Number(fields['http.response.bytes']);
  if (Number.isFinite(bytes)) fields['http.response.bytes'] = bytes;
  const status = fields['http.response.status_code'];
  if (typeof request === 'string') readRequest(fields, request);
  const target = fields['url.original'] ?? `${fields['haproxy.backend_name']}/${fields['haproxy.server_name']}`;
  log.message = [fields['http.request.method'], target, status].filter((part) => part !== undefined).join(' ');
  if (typeof status === 'number') log.level = levelOfStatus(status);
}

/** `{headers} "GET /cart HTTP/1.1"`. */
function readRequest(fields: ParsedLog['parsed_fields'], text: string): void {
  const open = text.lastIndexOf(' "') + 1;
  const close = text.lastIndexOf('"');
  if (text.charAt(open) !== '"' || close <= open) return;
  const [method, url, version] = text.slice(open + 1, close).split(' ', 3);
  if (method !== undefined) fields['http.request.method'] = method;
  if (url !== undefined) fields['url.original'] = url;
  if (version?.startsWith('HTTP/')) fields['http.version'] = version.slice(5);
  const headers = text.slice(0, open).trim();
  if (headers !== '') fields['haproxy.http.captured_headers'] = headers;
}
