/** Linux' kernel ring buffer as dmesg shows it: `[seconds since boot] text`, perhaps with `<priority>` before. */

import { levelOfKernel } from '../codes.ts';
import { layout, type Piece } from '../layouts/layout.ts';
import { blanks, decimal, int, message } from '../layouts/pieces.ts';
import { type Level, levelOfSyslog } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
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

/** In the ring buffer nothing joins the lines of a report, so that the trace in it is told by its first line. */
const levelOfRing = (message: string): Level | null =>
  message.startsWith('Call Trace:') ? 'ERROR' : levelOfKernel(message);

export const kernel: TextFormat = {
  name: 'kernel',
  layouts: [
    layout('[', blanks, uptime, '] ', message),
    layout('<', int('log.syslog.priority'), '>[', blanks, uptime, '] ', message),
  ],
  finish: (log: ParsedLog) => {
    const priority = log.parsed_fields['log.syslog.priority'];
    log.level = typeof priority === 'number' ? levelOfSyslog(priority & 7) : levelOfRing(log.message);
  },
  samples: [
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
