/** Linux' audit daemon: `type=RECORD msg=audit(epoch:serial): key=value …`. */
import { layout, optional } from '../layouts/layout.ts';
import { int, rest, time, word } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { apostropheCode, closingQuote, isWordCode, minusCode, quoteCode, spaceCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const auditd: TextFormat = {
  name: 'auditd',
  layouts: [
    layout(
      optional('node=', word('host.hostname'), ' '),
      'type=',
      word('auditd.log.record_type'),
      ' msg=audit(',
      time,
      ':',
      int('auditd.log.sequence'),
      '):',
      rest('message'),
    ),
  ],
  finish,
  beginnings: ['type='],
  beginsAsLogfmt: (text) =>
    (text.startsWith('type=') || text.startsWith('node=')) && text.slice(0, 160).includes(' msg=audit('),
  samples: [
    {
      line: 'type=USER_LOGIN msg=audit(1769676684.967:4242): pid=42 uid=0 msg=\'op=login acct="shop" exe="/usr/sbin/sshd" hostname=? addr=10.0.0.7 terminal=ssh res=failed\'',
      time: '2026-01-29T08:51:24.967Z',
      level: null,
      message:
        'pid=42 uid=0 msg=\'op=login acct="shop" exe="/usr/sbin/sshd" hostname=? addr=10.0.0.7 terminal=ssh res=failed\'',
      fields: {
        'auditd.log.record_type': 'USER_LOGIN',
        'auditd.log.sequence': 4242,
        'process.pid': 42,
        'user.id': 0,
        'event.action': 'login',
        'user.name': 'shop',
        'process.executable': '/usr/sbin/sshd',
        'source.ip': '10.0.0.7',
        'auditd.log.terminal': 'ssh',
        'event.outcome': 'failure',
      },
    },
    {
      line: 'node=web-1 type=SYSCALL msg=audit(1769676684.967:4243): arch=c000003e syscall=59 success=yes pid=43 comm="sh" exe="/bin/sh" key=(null)',
      time: '2026-01-29T08:51:24.967Z',
      level: null,
      message: 'arch=c000003e syscall=59 success=yes pid=43 comm="sh" exe="/bin/sh" key=(null)',
      fields: {
        'host.hostname': 'web-1',
        'auditd.log.record_type': 'SYSCALL',
        'auditd.log.sequence': 4243,
        'auditd.log.syscall': 59,
        'event.outcome': 'success',
        'process.pid': 43,
        'process.name': 'sh',
        'process.executable': '/bin/sh',
      },
    },
  ],
};

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const text = log.message;
  for (let equals = text.indexOf('='); equals > 0; equals = text.indexOf('=', equals + 1)) {
    let start = equals;
    while (isKeyCode(text.charCodeAt(start - 1))) start--;
    const name = names.get(text.slice(start, equals));
    if (name === undefined) continue;
    const quoted = text.charCodeAt(equals + 1) === quoteCode;
    const stop = quoted ? closingQuote(text, equals + 2) : wordEnd(text, equals + 1);
    if (stop < 0) continue;
    const value = text.slice(quoted ? equals + 2 : equals + 1, stop);
    if (value === '?' || value === '(null)') continue;
    fields[name] ??= /^\d{1,15}$/.test(value) ? Number(value) : value;
    equals = stop - 1;
  }
  if (fields['event.outcome'] !== undefined)
    fields['event.outcome'] = /^(success|yes|1)$/.test(String(fields['event.outcome'])) ? 'success' : 'failure';
}

function isKeyCode(code: number): boolean {
  return isWordCode(code) || code === underscoreCode || code === minusCode;
}

function wordEnd(text: string, at: number): number {
  while (text.charCodeAt(at) > spaceCode && text.charCodeAt(at) !== apostropheCode) at++;
  return at;
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    pid: 'process.pid',
    ppid: 'process.parent.pid',
    uid: 'user.id',
    auid: 'user.audit.id',
    acct: 'user.name',
    comm: 'process.name',
    exe: 'process.executable',
    addr: 'source.ip',
    hostname: 'source.domain',
    terminal: 'auditd.log.terminal',
    syscall: 'auditd.log.syscall',
    success: 'event.outcome',
    res: 'event.outcome',
    op: 'event.action',
  }),
);
