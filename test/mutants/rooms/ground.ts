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
  {
    rule: 'a time that leaps ahead of its split needs witnesses',
    file: 'time/watermark.ts',
    from: 'if (time > this.#next + leap && this.#watermark !== Number.NEGATIVE_INFINITY)',
    to: 'if (false)',
    killedBy: ['test/time/leap.test.ts'],
  },
  {
    rule: 'the witnesses of a leap are ten',
    file: 'time/watermark.ts',
    from: 'const witnesses = 10;',
    to: 'const witnesses = 2;',
    killedBy: ['test/time/leap.test.ts'],
  },
  {
    rule: 'the witnesses of a leap are of more than one moment',
    file: 'time/watermark.ts',
    from: ' || high - low < Math.max(span, this.#outOfOrder)',
    to: '',
    killedBy: ['test/time/leap.test.ts'],
  },
  {
    rule: 'the witnesses of a leap are most of the records since',
    file: 'time/watermark.ts',
    from: 'const isMost = this.#ahead > this.#behind;',
    to: 'const isMost = true;',
    killedBy: ['test/time/leap.test.ts'],
  },
];
