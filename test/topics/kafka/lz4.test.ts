import fc from 'fast-check';
import { compress } from 'lz4js';
import { describe, expect, test } from 'vitest';
import { Gathering } from '../../../topics/kafka/protocol/lz4.ts';

const most = 64 << 20;

function inflated(...frames: readonly Uint8Array[]): Buffer {
  const gathering = new Gathering();
  for (const frame of frames) gathering.inflate(Buffer.from(frame), most);
  return gathering.take();
}

/** Texts that repeat themselves near and far, short and long, as logs do. */
const content = fc
  .array(
    fc.tuple(fc.string({ maxLength: 40 }), fc.nat(60), fc.nat(3)).map(([piece, times, far]) => {
      return piece.repeat(far === 0 ? times * 50 : times);
    }),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.from([...pieces, ...pieces.slice(0, 5)].join('')));

const linked = 0x00;
const independent = 0x20;

/** A frame of blocks of at most 64 KiB; `flags` besides the version. */
function frame(blocks: readonly (readonly number[])[], flags = independent): Buffer {
  const parts = [[0x04, 0x22, 0x4d, 0x18, 0x40 | flags, 0x40], flags & 0x08 ? [9, 0, 0, 0, 0, 0, 0, 0] : [], [0x99]];
  const sized = blocks.flatMap((b) => [[b.length, 0, 0, 0], b, flags & 0x10 ? [1, 2, 3, 4] : []]);
  return Buffer.from([...parts, ...sized, [0, 0, 0, 0], flags & 0x04 ? [5, 6, 7, 8] : []].flat());
}

/** 'abcd' as literals, then a match of `length` at `offset`, then the last literal. */
const sequence = (offset: number, length: number): number[] => [
  0x40 | (length - 4),
  ...Buffer.from('abcd'),
  offset & 0xff,
  offset >> 8,
  0x10,
  0x21,
];

describe('what is right', () => {
  test('whatever was compressed comes out again, frame behind frame', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), (contents) => {
        expect(inflated(...contents.map((c) => compress(c))).equals(Buffer.concat(contents))).toBe(true);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test('memory is used again: what was taken before stays as it was', () => {
    const gathering = new Gathering();
    gathering.inflate(Buffer.from(compress(Buffer.from('first '.repeat(50)))), most);
    const first = gathering.take();
    gathering.clear();
    gathering.append(Buffer.from('plain, then '));
    gathering.inflate(Buffer.from(compress(Buffer.from('second '.repeat(60)))), most);
    expect(first.toString()).toBe('first '.repeat(50));
    expect(gathering.take().toString()).toBe(`plain, then ${'second '.repeat(60)}`);
  });

  test.each([1, 2, 3, 4])('a match may overlap what it makes: offset %i', (offset) => {
    const tail = 'abcd'.slice(-offset);
    expect(inflated(frame([sequence(offset, 14)])).toString()).toBe(`abcd${tail.repeat(14).slice(0, 14)}!`);
  });

  test('checksums and the content size are passed over', () => {
    expect(inflated(frame([sequence(4, 4)], independent | 0x10 | 0x08 | 0x04)).toString()).toBe('abcdabcd!');
  });

  test('a block that is not compressed is copied', () => {
    const raw = frame([[0x68, 0x69]]);
    raw[10] = 0x80;
    expect(inflated(raw).toString()).toBe('hi');
  });

  test('linked blocks refer to earlier ones, independent ones must not', () => {
    const far = [0x00, 9, 0, 0x10, 0x3f];
    expect(inflated(frame([sequence(4, 4), far], linked)).toString()).toBe('abcdabcd!abcd?');
    expect(() => inflated(frame([sequence(4, 4), far]))).toThrow(RangeError);
  });
});

describe('what is wrong', () => {
  const right = Buffer.from(compress(Buffer.from('a line that comes again, '.repeat(20))));

  test('a frame cut off anywhere is refused', () => {
    for (let cut = 0; cut < right.length; cut++) {
      // What lz4js puts behind the end mark is a checksum, which is not read.
      if (cut < right.length - 4) expect(() => inflated(right.subarray(0, cut)), `cut at ${cut}`).toThrow(RangeError);
    }
  });

  test.each([
    ['no literals behind a match', [0x40, 0x61, 0x62, 0x63, 0x64, 4, 0]],
    ['literals longer than the block', [0x50, 0x61]],
    ['a length that never ends', [0xf0, 0xff, 0xff]],
    ['a match without an offset', [0x10, 0x61, 0x01]],
    ['offset 0', sequence(0, 4)],
    ['a match before the beginning', sequence(5, 4)],
    ['nothing at all', []],
    ['more than a block may hold', [0x1f, 0x61, 1, 0, ...Array<number>(300).fill(0xff), 0, 0x10, 0x61]],
  ])('%s', (_, block) => {
    expect(() => inflated(frame(block.length === 0 ? [[0x10]] : [block]))).toThrow(RangeError);
  });

  test('other formats, versions, dictionaries and sizes are refused', () => {
    for (const [at, to] of [
      [0, 5],
      [4, 0x00],
      [4, 0x61],
      [5, 0x30],
    ] as const) {
      const changed = Buffer.from(right);
      changed[at] = to;
      expect(() => inflated(changed)).toThrow(RangeError);
    }
  });

  test('changed bytes are refused or give other content, never anything from outside', () => {
    const secret = 0xee;
    const changes = fc.array(fc.tuple(fc.nat(right.length - 8), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, (places) => {
        // The frame lies amid foreign bytes, and so does the memory it is written to.
        const room = Buffer.alloc(right.length + 200, secret);
        right.copy(room, 100);
        const damaged = room.subarray(100, 100 + right.length);
        for (const [at, to] of places) damaged[at + 7] = to === secret ? 0 : to;
        const gathering = new Gathering();
        gathering.append(Buffer.alloc(70_000, secret));
        gathering.clear();
        gathering.append(Buffer.from('before'));
        try {
          gathering.inflate(damaged, most);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect(gathering.take().toString()).toBe('before');
          return;
        }
        expect(gathering.take().includes(secret, 6)).toBe(false);
      }),
      { seed: 5, numRuns: 3_000 },
    );
  });
});
