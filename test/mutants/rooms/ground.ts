/** Rules of time and of texts. */
import type { Mutant } from '../mutant.ts';

export const ground: readonly Mutant[] = [
  {
    rule: 'no text is cut within a character',
    file: 'codecs/utf8.ts',
    from: 'text.slice(0, isHalf ? units - 1 : units)',
    to: 'text.slice(0, units)',
    killedBy: ['test/codecs/utf8.test.ts'],
  },
  {
    rule: 'a watermark is one less than the granule that it has reached',
    file: 'time/watermark.ts',
    from: 'this.#watermark = floor - 1;',
    to: 'this.#watermark = floor;',
    killedBy: ['test/time/watermark.test.ts'],
  },
  {
    rule: 'what is merged of watermarks is the least',
    file: 'time/watermark.ts',
    from: 'if (input !== IDLE && (min === IDLE || input < min)) min = input;',
    to: 'if (input !== IDLE && (min === IDLE || input > min)) min = input;',
    killedBy: ['test/time/watermark.test.ts'],
  },
];
