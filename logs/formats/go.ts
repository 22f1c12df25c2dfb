/** Go's standard log with the file's name and line. */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { int, message, time } from '../layouts/pieces.ts';
import { dotCode, isWordCode, minusCode, slashCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const go: TextFormat = {
  name: 'go',
  layouts: [layout(time, ' ', goFile(), ':', int('log.origin.file.line'), ': ', message)],
  samples: [
    {
      line: '2026/01/29 08:51:24.967123 cart.go:42: no stock',
      time: '2026-01-29T08:51:24.967123Z',
      level: null,
      message: 'no stock',
      fields: {
        'log.origin.file.name': 'cart.go',
        'log.origin.file.line': 42,
      },
    },
  ],
};

/** A path that ends with `.go`. */
function goFile(): Piece {
  return {
    make: (capture) => {
      const group = capture('log.origin.file.name');
      return (text, at, match) => {
        let end = at;
        while (isFileCode(text.charCodeAt(end))) end++;
        return text.endsWith('.go', end) && end > at + 3 ? keep(match, group, at, end) : -1;
      };
    },
  };
}

function isFileCode(code: number): boolean {
  return isWordCode(code) || code === minusCode || code === dotCode || code === slashCode || code === underscoreCode;
}
