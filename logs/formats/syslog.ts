import type { TextFormat } from '../format.ts';
import { levelOfSyslog } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { chars, int, keep, layout, message, oneOf, optional, type Piece, time, word } from '../pattern.ts';
import {
  CLOSE,
  COLON,
  closingQuote,
  DOT,
  isDigit,
  isWordCode,
  MINUS,
  OPEN,
  QUOTE,
  SPACE,
  UNDERSCORE,
} from '../text.ts';

/**
 * Syslog: RFC 5424 (`<pri>1 time host app procid msgid [data] text`) and what RFC 3164 describes (`<pri>` if at all,
 * a time mostly without year, host, `tag[pid]:`, text), also as rsyslog writes it to files with an ISO time. The tag
 * names the service.
 */
export const syslog: TextFormat = {
  name: 'syslog',
  layouts: layouts(),
  finish,
  samples: [
    {
      line: '<165>1 2026-01-29T08:51:24.000967Z web-1 cart 42 ID47 [meta@1 seq="7" note="a\\"]b"] no stock',
      time: '2026-01-29T08:51:24.000967Z',
      level: 'INFO',
      message: 'no stock',
      service: 'cart',
      fields: {
        'log.syslog.priority': 165,
        'log.syslog.facility.code': 20,
        'log.syslog.severity.code': 5,
        'log.syslog.version': '1',
        'host.hostname': 'web-1',
        'process.name': 'cart',
        'process.pid': 42,
        'log.syslog.msgid': 'ID47',
        'log.syslog.structured_data': 'meta@1 seq="7" note="a\\"]b"',
      },
    },
    {
      line: '<11>Jan 29 08:51:24 web-1 sshd[2738]: Failed password for root',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'Failed password for root',
      service: 'sshd',
      fields: {
        'log.syslog.priority': 11,
        'log.syslog.facility.code': 1,
        'log.syslog.severity.code': 3,
        'host.hostname': 'web-1',
        'process.name': 'sshd',
        'process.pid': 2738,
      },
    },
    {
      line: 'Dec  9 21:19:40 precise32 sudo:  vagrant : TTY=pts/0',
      time: '2025-12-09T21:19:40.000Z',
      level: null,
      message: 'vagrant : TTY=pts/0',
      service: 'sudo',
      fields: { 'host.hostname': 'precise32', 'process.name': 'sudo' },
    },
    {
      line: '2026-01-29T08:51:24.967123+02:00 web-1 systemd[1]: Started cart.',
      time: '2026-01-29T06:51:24.967123Z',
      level: null,
      message: 'Started cart.',
      service: 'systemd',
      fields: { 'host.hostname': 'web-1', 'process.name': 'systemd', 'process.pid': 1 },
    },
  ],
};

/** One or more `[id name="value" …]`; a bracket inside quotes is content. Kept whole, without the outer brackets. */
function structuredData(): Piece {
  return {
    make: (capture) => {
      const slot = capture('log.syslog.structured_data');
      return (text, at, match) => {
        let end = at;
        while (text.charCodeAt(end) === OPEN) {
          for (end++; text.charCodeAt(end) !== CLOSE; end++) {
            if (text.charCodeAt(end) === QUOTE) end = closingQuote(text, end + 1);
            if (end < 0 || end >= text.length) return -1;
          }
          end++;
        }
        if (end === at) return -1;
        keep(match, slot, at + 1, end - 1);
        return end;
      };
    },
  };
}

function layouts(): TextFormat['layouts'] {
  const priority = ['<', int('log.syslog.priority'), '>'];
  const tag = chars('process.name', (code) => code > SPACE && code !== OPEN && code !== COLON);
  return [
    layout(
      ...[
        ...priority,
        chars('log.syslog.version', isDigit),
        ' ',
        oneOf([time], ['-']),
        ' ',
        word('host.hostname'),
        ' ',
      ],
      ...[word('process.name'), ' ', oneOf([int('process.pid'), ' '], [word('process.entity_id'), ' '])],
      ...[word('log.syslog.msgid'), ' ', oneOf(['-'], [structuredData()]), optional(' '), message],
    ),
    layout(
      ...[optional(...priority), time, ' ', chars('host.hostname', isHostCode), ' ', tag],
      ...[optional('[', int('process.pid'), ']'), ':', message],
    ),
  ];
}

function isHostCode(code: number): boolean {
  return isWordCode(code) || code === MINUS || code === DOT || code === COLON || code === UNDERSCORE;
}

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const priority = fields['log.syslog.priority'];
  if (typeof priority === 'number' && priority < 192) {
    fields['log.syslog.facility.code'] = priority >> 3;
    fields['log.syslog.severity.code'] = priority & 7;
    log.level = levelOfSyslog(priority & 7);
  }
  // RFC 5424 lets the text begin with a byte order mark.
  if (log.message.charCodeAt(0) === 0xfeff) log.message = log.message.slice(1);
  const name = fields['process.name'];
  if (typeof name === 'string') log.service = name;
}
