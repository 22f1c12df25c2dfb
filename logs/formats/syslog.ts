/**
 * Syslog: RFC 5424 (`<pri>1 time host app procid msgid [data] text`) and what RFC 3164 describes (`<pri>` if at all,
 * a time mostly without year, host, `tag[pid]:`, text), also as rsyslog writes it to files with an ISO time, with a
 * level in words before or behind the host, and as network devices write it. The tag names the service. Behind a
 * priority anything may stand.
 */
import { looksLikeAddress } from '../addresses.ts';
import { levelOfKernel } from '../codes.ts';
import { deviceHeader } from '../layouts/device-header.ts';
import { keep, layout, oneOf, optional, type Piece } from '../layouts/layout.ts';
import { chars, int, message, time, word } from '../layouts/pieces.ts';
import { host, priority, program, severity } from '../layouts/syslog-header.ts';
import { levelOf, levelOfSyslog } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  byteOrderMarkCode,
  closeBracketCode,
  closingQuote,
  colonCode,
  dotCode,
  integer,
  isDigit,
  isHex,
  openBracketCode,
  quoteCode,
  spaceCode,
} from '../text.ts';
import type { TextFormat } from './format.ts';

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
      line: 'Jan 29 08:51:24 web-1 sshd[2738]: Failed password for root from 192.0.2.9 port 1786 ssh2',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'Failed password for root from 192.0.2.9 port 1786 ssh2',
      service: 'sshd',
      fields: {
        'host.hostname': 'web-1',
        'process.name': 'sshd',
        'process.pid': 2738,
        'source.ip': '192.0.2.9',
        'source.port': 1786,
      },
    },
    {
      line: 'Jan 29 08:51:24 mac-1 Slack Helper[42] (com.slack): ready',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'ready',
      service: 'Slack Helper',
      fields: { 'host.hostname': 'mac-1', 'process.name': 'Slack Helper', 'process.pid': 42 },
    },
    {
      line: 'Jan 29 08:51:24 --- last message repeated 1 time ---',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: '--- last message repeated 1 time ---',
      fields: {},
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

/**
 * One or more `[id name="value" …]`; a bracket inside quotes is content. Kept whole, without the outer brackets. `owned`
 * is for lines that nothing else shows to be syslog: the id has an `@` and the number of its owner.
 */
function structuredData(owned = false): Piece {
  return {
    make: (capture) => {
      const group = capture('log.syslog.structured_data');
      return (text, at, match) => {
        let end = at;
        if (owned && !/^\[[\w.-]{1,32}@\d/.test(text.slice(at, at + longestId))) return -1;
        while (text.charCodeAt(end) === openBracketCode) {
          for (end++; text.charCodeAt(end) !== closeBracketCode; end++) {
            if (text.charCodeAt(end) === quoteCode) end = closingQuote(text, end + 1);
            if (end < 0 || end >= text.length) return -1;
          }
          end++;
        }
        if (end === at) return -1;
        keep(match, group, at + 1, end - 1);
        return end;
      };
    },
  };
}

function layouts(): TextFormat['layouts'] {
  const version = chars('log.syslog.version', isDigit);
  const process = oneOf([int('process.pid')], [word('process.entity_id')]);
  const id = word('log.syslog.msgid');
  const start = [optional(priority()), time, ' '];
  return [
    layout(
      ...[priority(), version, ' ', oneOf([time], ['-']), ' ', word('host.hostname'), ' ', word('process.name'), ' '],
      // Heroku leaves the data out.
      ...[process, ' ', oneOf([id, ' ', oneOf(['-'], [structuredData()]), optional(' ')], ['- ']), message],
    ),
    layout(optional(priority()), deviceHeader(), message),
    layout(...start, severity(), host(), ' ', program(), message),
    // What OpenWrt prints has no host.
    layout(...start, severity(true), program(), message),
    layout(...start, host(), ' ', program(), message),
    layout(...start, host(), ' ', severity(), program(), message),
    layout(optional(priority(), optional(version, ' ')), time, ' ', program(true), message),
    layout(time, ' ', remark(), message),
    layout(
      ...[time, ' ', host(), ' ', word('process.name'), ' '],
      ...[oneOf([int('process.pid'), ' - - '], [process, ' ', id, ' ', structuredData(true), optional(' ')]), message],
    ),
    layout(priority(), optional(version, ' '), time, ' ', optional(host(true), ' '), message),
    layout(priority(), message),
  ];
}

/** `--- last message repeated 1 time ---`, which stays in the message. */
function remark(): Piece {
  return { make: () => (text, at) => (text.startsWith('--- ', at) ? at : -1) };
}

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  if (log.message.charCodeAt(0) === openBracketCode) noteMessageId(log);
  const priority = fields['log.syslog.priority'];
  if (typeof priority === 'number' && priority < 192) {
    fields['log.syslog.facility.code'] = priority >> 3;
    fields['log.syslog.severity.code'] = priority & 7;
    if (priority !== priorityOfHeroku) log.level ??= levelOfSyslog(priority & 7);
  }
  const data = fields['log.syslog.structured_data'];
  if (log.level === null && typeof data === 'string') log.level = levelOf(levelInData.exec(data)?.[1] ?? '');
  // RFC 5424 lets the text begin with a byte order mark.
  if (log.message.charCodeAt(0) === byteOrderMarkCode) log.message = log.message.slice(1);
  const name = fields['process.name'];
  if (typeof name !== 'string') return;
  log.service = name;
  if (name === 'sshd') noteCaller(log);
  else if (name === 'kernel') log.level ??= levelOfKernel(log.message);
}

/** Where the address stands that a text names as the other host, or where it says `from`; -1 for neither. */
function callerStart(text: string): number {
  const named = text.indexOf(' rhost=');
  if (named >= 0) return named + 7;
  const from = text.indexOf(' from ');
  return from < 0 ? -1 : from + 6;
}

/** Heroku gives all that its platform says the severity of an emergency of the syslog itself. */
const priorityOfHeroku = 40;
const levelInData = / (?:level|severity|lvl|loglevel|log_level)="(\w{1,13})"/i;
const longestId = 40;

/** `[ID 702911 user.error] `, which Solaris puts before the text. */
function noteMessageId(log: ParsedLog): void {
  const found = messageId.exec(log.message);
  if (found === null) return;
  const [all, id, severity] = found;
  log.level ??= levelOf(severity!);
  log.parsed_fields['event.code'] = id!;
  log.message = log.message.slice(all.length);
}

const messageId = /^\[ID (\d{1,9}) [a-z]\w{2,9}\.([a-z]{3,9})\] */;

/** Where a login came from: `… from 10.0.0.7 port 38630 …`, `rhost=10.0.0.7`. */
function noteCaller(log: ParsedLog): void {
  const text = log.message;
  const start = callerStart(text);
  if (start < 0) return;
  let end = start;
  while (isHex(text.charCodeAt(end)) || text.charCodeAt(end) === colonCode || text.charCodeAt(end) === dotCode) end++;
  // OpenSSH of old puts a colon behind the address.
  if (text.charCodeAt(end - 1) === colonCode && text.charCodeAt(end) === spaceCode) end--;
  if (!looksLikeAddress(text, start, end)) return;
  log.parsed_fields['source.ip'] = text.slice(start, end);
  if (!text.startsWith(' port ', end)) return;
  let portEnd = end + 6;
  while (portEnd < end + 11 && isDigit(text.charCodeAt(portEnd))) portEnd++;
  if (portEnd > end + 6) log.parsed_fields['source.port'] = integer(text, end + 6, portEnd);
}
