/** Rust: tracing's `time LEVEL span{…}: crate::module: text` and env_logger's `[time LEVEL crate::module] text`. */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { capitalLevel, message, time } from '../layouts/pieces.ts';
import { colonCode, isWordCode, openBraceCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const rust: TextFormat = {
  name: 'rust',
  layouts: [
    layout(time, ' ', capitalLevel, ' ', target(), ': ', message),
    layout('[', time, ' ', capitalLevel, ' ', target(), '] ', message),
  ],
  samples: [
    {
      line: '2026-01-29T08:51:24.967123Z  WARN shop::cart: no stock item=7',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'no stock item=7',
      fields: {
        'log.level': 'WARN',
        'log.logger': 'shop::cart',
      },
    },
    {
      line: '2026-01-29T08:51:24.967123Z ERROR request{id=7 path="/cart"}: shop::cart: no stock',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      message: 'no stock',
      fields: {
        'log.level': 'ERROR',
        'tracing.spans': 'request{id=7 path="/cart"}',
        'log.logger': 'shop::cart',
      },
    },
    {
      line: '[2026-01-29T08:51:24Z INFO  shop::cart] ready',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: 'ready',
      fields: {
        'log.level': 'INFO',
        'log.logger': 'shop::cart',
      },
    },
  ],
};

/** A path with `::` in it, perhaps behind spans. */
function target(): Piece {
  return {
    make: (capture) => {
      const spans = capture('tracing.spans');
      const logger = capture('log.logger');
      const path = pathEnd;
      return (text, at, match) => {
        let start = at;
        // Spans have braces; blanks and colons inside them are content.
        for (let brace = wordEnd(text, start); text.charCodeAt(brace) === openBraceCode; brace = wordEnd(text, start)) {
          const close = text.indexOf('}: ', brace);
          if (close < 0) return -1;
          start = close + 3;
        }
        if (start > at) keep(match, spans, at, start - 2);
        const end = path(text, start);
        return end > 0 ? keep(match, logger, start, end) : -1;
      };
    },
  };
}

function pathEnd(text: string, at: number): number {
  let end = at;
  let isSeparated = false;
  for (;;) {
    end = wordEnd(text, end);
    if (text.charCodeAt(end) !== colonCode || text.charCodeAt(end + 1) !== colonCode) break;
    isSeparated = true;
    end += 2;
  }
  return isSeparated && end > at ? end : -1;
}

function wordEnd(text: string, at: number): number {
  while (isWordCode(text.charCodeAt(at)) || text.charCodeAt(at) === underscoreCode) at++;
  return at;
}
