/**
 * ArcSight's Common Event Format: `CEF:0|vendor|product|version|id|name|severity|key=value …`, bare or behind a syslog
 * header. The name is the message unless the extension has one.
 */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { rest, time, word } from '../layouts/pieces.ts';
import type { Level } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { backslashCode, barCode, isWordCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const cef: TextFormat = {
  name: 'cef',
  layouts: [
    layout('CEF:', ...header(), rest('extension')),
    layout(time, ' ', word('host.hostname'), ' CEF:', ...header(), rest('extension')),
  ],
  finish,
  beginnings: ['CEF:'],
  samples: [
    {
      line: 'CEF:0|Acme|Wall|1.2|100|blocked \\| twice|8|src=10.0.0.7 spt=38630 dst=10.4.0.9 act=deny msg=no way in here',
      time: null,
      level: 'ERROR',
      message: 'no way in here',
      fields: {
        'cef.version': '0',
        'observer.vendor': 'Acme',
        'observer.product': 'Wall',
        'observer.version': '1.2',
        'event.code': '100',
        'log.level': '8',
        'source.ip': '10.0.0.7',
        'source.port': 38630,
        'destination.ip': '10.4.0.9',
        'event.action': 'deny',
      },
    },
    {
      line: 'Jan 29 08:51:24 fw-1 CEF:0|Acme|Wall|1.2|100|allowed|2|suser=shop',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'allowed',
      fields: {
        'host.hostname': 'fw-1',
        'cef.version': '0',
        'observer.vendor': 'Acme',
        'observer.product': 'Wall',
        'observer.version': '1.2',
        'event.code': '100',
        'log.level': '2',
        'source.user.name': 'shop',
      },
    },
  ],
};

function header(): readonly Piece[] {
  return [
    ...[column('cef.version'), column('observer.vendor'), column('observer.product'), column('observer.version')],
    ...[column('event.code'), column('message'), column('log.level')],
  ];
}

/** Up to a bar that no backslash escapes. */
function column(name: string): Piece {
  return {
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        for (let end = at; end < text.length; end++) {
          const code = text.charCodeAt(end);
          if (code === backslashCode) end++;
          else if (code === barCode) {
            if (end > at) keep(match, group, at, end);
            return end + 1;
          }
        }
        return -1;
      };
    },
  };
}

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  log.message = unescaped(log.message);
  log.level = levelOf(String(fields['log.level']));
  const text = String(fields['extension'] ?? '');
  delete fields['extension'];
  // A value ends where the next key begins.
  let key = '';
  let start = 0;
  for (let equals = text.indexOf('='); ; equals = text.indexOf('=', equals + 1)) {
    if (equals >= 0 && text.charCodeAt(equals - 1) === backslashCode) continue;
    let next = equals < 0 ? text.length : equals;
    while (equals >= 0 && isWordCode(text.charCodeAt(next - 1))) next--;
    if (key !== '') note(log, key, unescaped(text.slice(start, next).trim()));
    if (equals < 0) break;
    key = text.slice(next, equals);
    start = equals + 1;
  }
}

function note(log: ParsedLog, key: string, value: string): void {
  if (key === 'msg') log.message = value;
  else if (value !== '') {
    const name = names.get(key) ?? `cef.extensions.${key}`;
    log.parsed_fields[name] = name.endsWith('.port') && /^\d{1,5}$/.test(value) ? Number(value) : value;
  }
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\|=])/g, '$1') : text;
}

/** Severities are 0 to 10, or words. */
function levelOf(severity: string): Level {
  const value = Number(severity);
  if (severity === 'Very-High' || value >= 9) return 'CRITICAL';
  if (severity === 'High' || value >= 7) return 'ERROR';
  return severity === 'Medium' || value >= 4 ? 'WARN' : 'INFO';
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    src: 'source.ip',
    spt: 'source.port',
    dst: 'destination.ip',
    dpt: 'destination.port',
    suser: 'source.user.name',
    duser: 'destination.user.name',
    shost: 'source.domain',
    dhost: 'destination.domain',
    act: 'event.action',
    outcome: 'event.outcome',
    proto: 'network.transport',
    request: 'url.original',
    requestMethod: 'http.request.method',
    dvchost: 'observer.hostname',
  }),
);
