/**
 * The error log of Apache's httpd: `[time] [module:level] [pid n:tid n] [client address] text` since 2.4, `[time]
 * [level] [client address] text` before.
 */
import { looksLikeAddress } from '../addresses.ts';
import { firstIsNothing } from '../layouts/first-set.ts';
import { layout, optional, type Piece } from '../layouts/layout.ts';
import { chars, int, level, message, time, unless } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { closeBracketCode, isLower, isWordCode, numeric, spaceCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

/** Reads nothing, before a small letter: httpd writes its levels so, other programs in capitals. */
const small: Piece = { first: firstIsNothing, make: () => (text, at) => (isLower(text.charCodeAt(at)) ? at : -1) };

export const apacheError: TextFormat = {
  name: 'apache_error',
  layouts: [
    layout(
      ...[
        '[',
        time,
        '] [',
        optional(chars('apache.error.module', (code) => isWordCode(code) || code === underscoreCode)),
        ':',
        level,
      ],
      ...['] ', optional('[pid ', int('process.pid'), optional(':tid ', int('process.thread.id')), '] ')],
      ...[
        optional(
          '[client ',
          chars('source.address', (code) => code > spaceCode && code !== closeBracketCode),
          '] ',
        ),
        message,
      ],
    ),
    layout(
      ...[
        '[',
        time,
        '] [',
        level,
        '] [client ',
        chars('source.address', (code) => code > spaceCode && code !== closeBracketCode),
        '] ',
        message,
      ],
    ),
    layout('[', time, '] [', small, level, '] ', unless('[client '), message),
  ],
  finish,
  samples: [
    {
      line: '[Thu Jan 29 08:51:24.967123 2026] [core:error] [pid 42:tid 140413273032448] [client 10.0.0.7:38350] AH00126: Invalid URI',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      message: 'AH00126: Invalid URI',
      fields: {
        'apache.error.module': 'core',
        'log.level': 'error',
        'process.pid': 42,
        'process.thread.id': 140413273032448,
        'source.address': '10.0.0.7:38350',
        'source.ip': '10.0.0.7',
        'source.port': 38350,
      },
    },
    {
      line: '[Thu Jan 29 08:51:24.967123 2026] [mpm_prefork:notice] [pid 42] AH00163: Apache/2.4.23 configured',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'INFO',
      message: 'AH00163: Apache/2.4.23 configured',
      fields: {
        'apache.error.module': 'mpm_prefork',
        'log.level': 'notice',
        'process.pid': 42,
      },
    },
    {
      line: '[Thu Jan 29 08:51:24.967123 2026] [ssl:info] [pid 42] [client 2001:db8::1:443] AH01964: Connection',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'INFO',
      message: 'AH01964: Connection',
      fields: {
        'apache.error.module': 'ssl',
        'log.level': 'info',
        'process.pid': 42,
        'source.address': '2001:db8::1:443',
        'source.ip': '2001:db8::1',
        'source.port': 443,
      },
    },
    {
      line: '[Thu Jan 29 08:51:24 2026] [error] [client ::1] File does not exist: /cart',
      time: '2026-01-29T08:51:24.000Z',
      level: 'ERROR',
      message: 'File does not exist: /cart',
      fields: {
        'log.level': 'error',
        'source.address': '::1',
        'source.ip': '::1',
      },
    },
  ],
};

function finish(log: ParsedLog): void {
  const address = log.parsed_fields['source.address'];
  if (typeof address !== 'string') return;
  const colon = address.lastIndexOf(':');
  // Since 2.4, which names the process, a port follows; of version 6, too, without brackets.
  const numbered = log.parsed_fields['process.pid'] !== undefined && /:\d{1,5}$/.test(address);
  const ported = colon > 0 && (address.indexOf(':') === colon || (numbered && address[colon - 1] !== ':'));
  const ip = ported ? address.slice(0, colon) : address;
  if (looksLikeAddress(ip, 0, ip.length)) log.parsed_fields['source.ip'] = ip;
  if (ported) log.parsed_fields['source.port'] = numeric(address.slice(colon + 1));
}
