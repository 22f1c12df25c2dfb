/**
 * Linux' kernel ring buffer as dmesg shows it: `[seconds since boot] text`, perhaps with `<priority>` before, and
 * systemd's journal with such times: `[seconds] host program[pid]: text`.
 */
import { layout, type Piece } from '../layouts/layout.ts';
import { blanks, chars, decimal, int, message } from '../layouts/pieces.ts';
import { levelOfSyslog } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { isWordCode } from '../text.ts';
import type { TextFormat } from './format.ts';

/** Seconds since boot always have decimals; a whole number is the time of something else. */
const uptime: Piece = {
  ...decimal('kernel.uptime'),
  make: (capture) => {
    const step = decimal('kernel.uptime').make(capture);
    return (text, at, match) => {
      const end = step(text, at, match);
      return end > 0 && text.slice(at, end).includes('.') ? end : -1;
    };
  },
};

const isNameCode = (code: number): boolean => isWordCode(code) || nameSigns.includes(String.fromCharCode(code));
const nameSigns = '-_.@';

export const kernel: TextFormat = {
  name: 'kernel',
  layouts: [
    layout(
      ...['[', blanks, uptime, '] ', chars('host.hostname', isNameCode), ' ', chars('process.name', isNameCode)],
      ...['[', int('process.pid'), ']: ', message],
    ),
    layout('[', blanks, uptime, '] ', message),
    layout('<', int('log.syslog.priority'), '>[', blanks, uptime, '] ', message),
  ],
  finish: (log: ParsedLog) => {
    const priority = log.parsed_fields['log.syslog.priority'];
    if (typeof priority === 'number') log.level = levelOfSyslog(priority & 7);
    const program = log.parsed_fields['process.name'];
    if (typeof program === 'string') log.service = program;
  },
  samples: [
    {
      line: '[12345.678901] web-1 cart[42]: ERROR: no stock',
      time: null,
      level: 'ERROR',
      message: 'no stock',
      service: 'cart',
      fields: {
        'kernel.uptime': 12_345.678901,
        'host.hostname': 'web-1',
        'process.name': 'cart',
        'process.pid': 42,
        'log.level': 'ERROR',
      },
    },
    {
      line: '[    7.967123] Out of memory: Killed process 42 (cart)',
      time: null,
      level: 'ERROR',
      message: 'Out of memory: Killed process 42 (cart)',
      fields: {
        'kernel.uptime': 7.967123,
      },
    },
    {
      line: '<4>[  967.123456] eth0: link down',
      time: null,
      level: 'WARN',
      message: 'eth0: link down',
      fields: {
        'log.syslog.priority': 4,
        'kernel.uptime': 967.123456,
      },
    },
  ],
};
