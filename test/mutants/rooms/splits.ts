/** Rules about the life of a file, about splits that bring nothing, and about times that leap ahead. */
import type { Mutant } from '../mutant.ts';

export const splits: readonly Mutant[] = [
  {
    rule: 'a file at its end is looked at again',
    file: 'connectors/files/life.ts',
    from: "rested: 'listed'",
    to: "rested: 'resting'",
    killedBy: ['test/connectors/files/life.test.ts'],
  },
  {
    rule: 'an inode that is used again is not read as the old file',
    file: 'connectors/files/split.ts',
    from: 'if (!listed && !this.#isSure',
    to: 'if (false && !this.#isSure',
    killedBy: ['test/connectors/files/split.test.ts'],
  },
  {
    rule: 'a file is looked at before each read',
    file: 'connectors/files/reader.ts',
    from: '(await stampAt(split, path)) === undefined',
    to: 'false',
    killedBy: ['test/connectors/files/split.test.ts'],
  },
  {
    rule: 'a file that is gone is told once',
    file: 'connectors/files/reader.ts',
    from: 'gone !== true && this',
    to: 'this',
    killedBy: ['test/connectors/files/reader.test.ts'],
  },
  {
    rule: 'a time that leaps ahead needs more witnesses than doubters',
    file: 'time/watermark.ts',
    from: 'this.#ahead > this.#behind',
    to: 'true',
    killedBy: ['test/time/leap.test.ts'],
  },
  {
    rule: 'the last time of a split is doubted when others contradict it',
    file: 'time/watermark.ts',
    from: 'this.#behind > 0 || this.#high > clockNow',
    to: 'this.#high > clockNow',
    killedBy: ['test/time/leap.test.ts'],
  },
  {
    rule: 'an idle split holds the watermark at its last poll',
    file: 'runtime/circuit/split-times.ts',
    from: 'Math.min(clockNow, asked), outOfOrder',
    to: 'clockNow, outOfOrder',
    killedBy: ['test/runtime/circuit/split-times.test.ts'],
  },
  {
    rule: 'a quiet split is asked before the others',
    file: 'runtime/task/reading.ts',
    from: 'waited >= askEvery',
    to: 'false',
    killedBy: ['test/runtime/task/reading.test.ts'],
  },
  {
    rule: 'files that are followed do not end',
    file: 'runtime/task/reading.ts',
    from: "known?.state === 'ended' && reader.goesOn?.() === true",
    to: 'false',
    killedBy: ['test/runtime/task/reading.test.ts'],
  },
];
