/** Traefik's access log: the common format with referrer and agent, then number, router, server and duration. */
import { address, request } from '../layouts/access-pieces.ts';
import { layout, oneOf, optional, type Part } from '../layouts/layout.ts';
import { ahead, int, level, message, quoted, rest, time, until, word } from '../layouts/pieces.ts';
import type { TextFormat } from './format.ts';
import { finishAccess } from './nginx-access.ts';

export const traefik: TextFormat = {
  name: 'traefik_access',
  layouts: [
    layout(
      ...[
        ahead(' ['),
        address(),
        ' ',
        word('client.identity'),
        ' ',
        until('user.name', ' ['),
        time,
        '] ',
        request(),
        ' ',
      ],
      ...[int('http.response.status_code'), ' ', int('http.response.body.bytes'), ' ', quoted('http.request.referrer')],
      ...[' ', quoted('user_agent.original'), ' ', int('traefik.access.request_count'), ' '],
      ...[quoted('traefik.access.frontend_name'), ' ', quoted('traefik.access.backend_url'), ' '],
      ...[int('traefik.access.duration_ms'), 'ms'],
    ),
  ],
  finish: (log) => {
    finishAccess(log);
    const took = log.parsed_fields['traefik.access.duration_ms'];
    delete log.parsed_fields['traefik.access.duration_ms'];
    if (typeof took === 'number') log.parsed_fields['event.duration'] = took * 1e6;
  },
  samples: [
    {
      line: '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET /cart HTTP/1.1" 502 11 "-" "curl/8.5.0" 42 "shop@docker" "http://10.4.0.9:8080" 15ms',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'GET /cart 502',
      fields: {
        'source.address': '10.0.0.7',
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.version': '1.1',
        'http.response.status_code': 502,
        'http.response.body.bytes': 11,
        'user_agent.original': 'curl/8.5.0',
        'traefik.access.request_count': 42,
        'traefik.access.frontend_name': 'shop@docker',
        'traefik.access.backend_url': 'http://10.4.0.9:8080',
        'source.ip': '10.0.0.7',
        'event.duration': 15000000,
      },
    },
  ],
};

const details: readonly Part[] = [
  ...[' ', int('http.request.body.bytes'), ' ', int('http.response.body.bytes'), ' ', int('envoy.duration_ms'), ' '],
  ...[int('envoy.upstream_service_time'), ' ', quoted('network.forwarded_ip'), ' ', quoted('user_agent.original'), ' '],
  ...[quoted('http.request.id'), ' ', quoted('url.domain'), ' ', quoted('envoy.upstream_host')],
];

/** What newer versions put before the numbers. */
const reasons: readonly Part[] = [
  ...[' ', word('envoy.response_code_details'), ' ', word('envoy.connection_termination_details'), ' '],
  quoted('envoy.upstream_transport_failure_reason'),
];

/** Envoy's default access log, also with what Istio adds to it. */
export const envoyAccess: TextFormat = {
  name: 'envoy_access',
  layouts: [
    layout(
      ...['[', time, '] ', request(), ' ', int('http.response.status_code'), ' ', word('envoy.response_flags')],
      ...[oneOf(details, [...reasons, ...details]), optional(' ', rest('envoy.extra'))],
    ),
  ],
  finish: (log) => {
    finishAccess(log);
    // A connection has no status: its flags say whether it failed, and on whose side.
    const flags = log.parsed_fields['envoy.response_flags'];
    if (log.parsed_fields['http.response.status_code'] === 0 && flags !== undefined)
      log.level = flags === 'DC' ? 'WARN' : 'ERROR';
    const took = log.parsed_fields['envoy.duration_ms'];
    delete log.parsed_fields['envoy.duration_ms'];
    if (typeof took === 'number') log.parsed_fields['event.duration'] = took * 1e6;
  },
  samples: [
    {
      line: '[2026-01-29T08:51:24.967Z] "GET /cart HTTP/1.1" 503 UF 0 91 12 - "10.0.0.7" "curl/8.5.0" "9f0e-8a7c" "shop.example" "10.4.0.9:8080"',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'GET /cart 503',
      fields: {
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.version': '1.1',
        'http.response.status_code': 503,
        'envoy.response_flags': 'UF',
        'http.request.body.bytes': 0,
        'http.response.body.bytes': 91,
        'network.forwarded_ip': '10.0.0.7',
        'user_agent.original': 'curl/8.5.0',
        'http.request.id': '9f0e-8a7c',
        'url.domain': 'shop.example',
        'envoy.upstream_host': '10.4.0.9:8080',
        'event.duration': 12000000,
      },
    },
    {
      line: '[2026-01-29T08:51:24.967Z] "GET /cart HTTP/1.1" 200 - via_upstream - "-" 0 91 12 11 "-" "curl/8.5.0" "9f0e-8a7c" "shop.example" "10.4.0.9:8080" outbound|80||cart',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'GET /cart 200',
      fields: {
        'http.request.method': 'GET',
        'url.original': '/cart',
        'http.version': '1.1',
        'http.response.status_code': 200,
        'envoy.response_code_details': 'via_upstream',
        'http.request.body.bytes': 0,
        'http.response.body.bytes': 91,
        'envoy.upstream_service_time': 11,
        'user_agent.original': 'curl/8.5.0',
        'http.request.id': '9f0e-8a7c',
        'url.domain': 'shop.example',
        'envoy.upstream_host': '10.4.0.9:8080',
        'envoy.extra': 'outbound|80||cart',
        'event.duration': 12000000,
      },
    },
  ],
};

/** Envoy's own log: `[time][thread][level][component] [file:line] text`. */
export const envoy: TextFormat = {
  name: 'envoy',
  layouts: [
    layout(
      ...['[', time, '][', int('process.thread.id'), '][', level, '][', until('log.logger', ']'), ' '],
      ...[optional('[', until('log.origin.file.name', ':'), int('log.origin.file.line'), '] '), message],
    ),
  ],
  samples: [
    {
      line: '[2026-01-29 08:51:24.967][7][warning][main] [source/server/server.cc:249] no stock',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'no stock',
      fields: {
        'process.thread.id': 7,
        'log.level': 'warning',
        'log.logger': 'main',
        'log.origin.file.name': 'source/server/server.cc',
        'log.origin.file.line': 249,
      },
    },
  ],
};
