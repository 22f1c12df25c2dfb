/**
 * Access logs of web servers in the common and combined format, and with what operators of nginx add to them.
 */
import { callerOf, looksLikeAddress } from '../addresses.ts';
import { address, forwarded, request, tried, virtualHost, wordEnd } from '../layouts/access-pieces.ts';
import { keep, layout, oneOf, optional, type Piece } from '../layouts/layout.ts';
import { bare, bracketed, decimal, int, quoted, rest, seconds, time, until, word } from '../layouts/pieces.ts';
import { levelOfStatus } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  closingQuote,
  dotCode,
  equalsCode,
  isDigit,
  isLetter,
  quoteCode,
  skipBlanks,
  underscoreCode,
} from '../text.ts';
import type { TextFormat } from './format.ts';

/** Addresses that proxies put in front of the line; the client's may be any of them. */
const clients = 'nginx.access.remote_ip_list';
const responseTime = 'nginx.access.upstream.response_time';

/** Names that operators give to times in their log_format. */
const timeNames: ReadonlyMap<string, string> = new Map([
  ['rt', 'event.duration'],
  ['request_time', 'event.duration'],
  ['uct', 'nginx.access.upstream.connect_time'],
  ['uht', 'nginx.access.upstream.header_time'],
  ['urt', responseTime],
  ['upstream_response_time', responseTime],
]);

/**
 * Access logs of nginx, and of everything that writes the common and combined formats (Apache, Traefik, Caddy …):
 * with a virtual host in front, a list of forwarded addresses, the forwarded-for header, ingress-nginx's upstream
 * columns, or request and upstream times behind. The level is the status's: 5xx is an error, 4xx a warning.
 */
export const nginxAccess: TextFormat = {
  name: 'nginx_access',
  layouts: access(),
  finish: finishAccess,
  samples: [
    {
      line: '10.0.0.7 - alice [29/Jan/2026:08:51:24 +0000] "GET /cart?id=7 HTTP/1.1" 502 157 "-" "curl/8.5.0"',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'GET /cart?id=7 502',
      fields: {
        'source.ip': '10.0.0.7',
        'source.address': '10.0.0.7',
        'user.name': 'alice',
        'http.request.method': 'GET',
        'url.original': '/cart?id=7',
        'http.version': '1.1',
        'http.response.status_code': 502,
        'http.response.body.bytes': 157,
        'user_agent.original': 'curl/8.5.0',
      },
    },
    {
      line: '::1 - - [26/Dec/2016:16:16:48 +0200] "-" 408 -',
      time: '2016-12-26T14:16:48.000Z',
      level: 'WARN',
      message: '408',
      fields: { 'source.ip': '::1', 'source.address': '::1', 'http.response.status_code': 408 },
    },
    {
      line:
        'shop.example 10.0.0.2, 10.0.0.1 - - [07/Dec/2016:11:05:07 +0100] "POST /pay HTTP/2.0" 200 5 "https:/' +
        '/shop.example/" "Mozilla/5.0 (\\"X\\")" rt=0.125 uct="0.001" uht="0.100" urt="0.120"',
      time: '2016-12-07T10:05:07.000Z',
      level: 'INFO',
      message: 'POST /pay 200',
      fields: {
        'destination.domain': 'shop.example',
        'source.ip': '10.0.0.2',
        'source.address': '10.0.0.2',
        'nginx.access.remote_ip_list': '10.0.0.1',
        'http.request.method': 'POST',
        'url.original': '/pay',
        'http.version': '2.0',
        'http.response.status_code': 200,
        'http.response.body.bytes': 5,
        'http.request.referrer': 'https://shop.example/',
        'user_agent.original': 'Mozilla/5.0 (\\"X\\")',
        'event.duration': 125_000_000,
        'nginx.access.upstream.connect_time': 0.001,
        'nginx.access.upstream.header_time': 0.1,
        'nginx.access.upstream.response_time': 0.12,
      },
    },
    {
      line:
        '192.0.2.9 - - [29/Jan/2026:08:51:24 +0000] "GET /api HTTP/1.1" 404 12 "-" "-" 431 0.005 [default-api' +
        '-80] [] 10.4.0.9:8080 12 0.004 404 9f0e8a7c6b5d4e3f2a1b0c9d8e7f6a5b',
      time: '2026-01-29T08:51:24.000Z',
      level: 'WARN',
      message: 'GET /api 404',
      fields: {
        'source.ip': '192.0.2.9',
        'source.address': '192.0.2.9',
        'http.request.method': 'GET',
        'url.original': '/api',
        'http.version': '1.1',
        'http.response.status_code': 404,
        'http.response.body.bytes': 12,
        'http.request.bytes': 431,
        'event.duration': 5_000_000,
        'nginx.ingress_controller.upstream.name': 'default-api-80',
        'nginx.ingress_controller.upstream.address': '10.4.0.9:8080',
        'nginx.ingress_controller.upstream.response.length': 12,
        'nginx.access.upstream.response_time': 0.004,
        'nginx.ingress_controller.upstream.response.status_code': 404,
        'http.request.id': '9f0e8a7c6b5d4e3f2a1b0c9d8e7f6a5b',
      },
    },
    {
      line:
        '198.51.100.4 - - [29/Jan/2026:08:51:24 +0000] "GET / HTTP/1.1" 200 612 "-" "Wget/1.21" "203.0.113.8"' +
        ' 0.250 0.249 .',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'GET / 200',
      fields: {
        'source.ip': '198.51.100.4',
        'source.address': '198.51.100.4',
        'http.request.method': 'GET',
        'url.original': '/',
        'http.version': '1.1',
        'http.response.status_code': 200,
        'http.response.body.bytes': 612,
        'user_agent.original': 'Wget/1.21',
        'network.forwarded_ip': '203.0.113.8',
        'event.duration': 250_000_000,
        'nginx.access.upstream.response_time': 0.249,
        'nginx.access.extra': '.',
      },
    },
  ],
};

function access(): TextFormat['layouts'] {
  const ingress = [
    ...[int('http.request.bytes'), ' ', seconds('event.duration'), ' '],
    ...[bracketed('nginx.ingress_controller.upstream.name'), ' '],
    ...[optional(bracketed('nginx.ingress_controller.upstream.alternative_name'), ' ')],
    // One of each for every upstream that was asked; the last answered.
    ...[tried, word('nginx.ingress_controller.upstream.address'), ' '],
    ...[tried, int('nginx.ingress_controller.upstream.response.length'), ' ', tried, decimal(responseTime), ' '],
    ...[tried, int('nginx.ingress_controller.upstream.response.status_code'), ' ', word('http.request.id')],
  ];
  const times = [seconds('event.duration'), optional(' ', decimal(responseTime))];
  return [
    layout(
      ...[
        bare(' ['),
        optional(virtualHost(), ' '),
        optional(quoted(clients), ' '),
        address(),
        optional(', ', forwarded(clients)),
        ' ',
      ],
      ...[word('client.identity'), ' ', until('user.name', ' ['), time, '] ', request(), ' '],
      ...[int('http.response.status_code'), ' ', int('http.response.body.bytes')],
      optional(' ', quoted('http.request.referrer'), ' ', quoted('user_agent.original')),
      optional(' ', quoted('network.forwarded_ip')),
      optional(' ', oneOf(ingress, times, [namedTimes()])),
      // Operators append columns of their own; they are kept as they are.
      optional(' ', rest('nginx.access.extra')),
    ),
  ];
}

/** `rt=0.125 uct="0.001" urt="-"`, in any order; ends before the first name that is none of these. */
function namedTimes(): Piece {
  return {
    make: (capture) => {
      const groups = new Map<string, number>();
      for (const [name, field] of timeNames)
        groups.set(name, capture(field, field === 'event.duration' ? 'nanoseconds' : 'decimal'));
      return (text, at, match) => {
        let end = -1;
        for (let equals = nameEnd(text, at); text.charCodeAt(equals) === equalsCode; equals = nameEnd(text, at)) {
          const group = groups.get(text.slice(at, equals));
          if (group === undefined) break;
          const start = equals + (text.charCodeAt(equals + 1) === quoteCode ? 2 : 1);
          let stop = start;
          while (isDigit(text.charCodeAt(stop)) || text.charCodeAt(stop) === dotCode) stop++;
          if (stop > start) keep(match, group, start, stop);
          end = start === equals + 1 ? wordEnd(text, stop) : closingQuote(text, start) + 1;
          if (end <= 0) return -1;
          at = skipBlanks(text, end);
        }
        return end;
      };
    },
  };
}

export function finishAccess(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const status = fields['http.response.status_code'];
  const method = fields['http.request.method'];
  const target = fields['url.original'] ?? fields['http.request.line'];
  log.message = `${method === undefined ? '' : `${method} `}${target === undefined ? '' : `${target} `}${status ?? ''}`;
  if (typeof status === 'number') log.level = levelOfStatus(status);
  const from = fields['source.address'];
  const via = fields[clients];
  const client = via === undefined ? String(from) : callerOf(`${from}, ${via}`);
  if (looksLikeAddress(client, 0, client.length)) fields['source.ip'] = withoutPort(client);
}

/** `10.0.0.7` of `10.0.0.7:1664`. */
function withoutPort(address: string): string {
  const colon = address.indexOf(':');
  return colon > 0 && address.includes('.') && colon === address.lastIndexOf(':') ? address.slice(0, colon) : address;
}

function nameEnd(text: string, at: number): number {
  while (isLetter(text.charCodeAt(at)) || text.charCodeAt(at) === underscoreCode) at++;
  return at;
}
