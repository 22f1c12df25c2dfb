/** Lines are joined on evidence: what shows none is not swallowed, and a trace of its own is an event. */
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

function sizes(text: string): number[] {
  const joiner = new LineJoiner();
  const events = [...text.split('\n').map((line) => joiner.push(line)), joiner.flush()];
  return events.filter((event) => event !== null).map((event) => event.length);
}

const time = '2026-01-29 08:51:24,967';

describe('a bare trace behind a line with a time', () => {
  const java = 'shop.AError: b\n\tat c.D.e(F.java:1)';
  test.each([
    ['Java below INFO was not caught there', `${time} INFO ready\n${java}\n${time} INFO next`, [1, 2, 1]],
    ['nor below DEBUG', `${time} DEBUG ready\n${java}\n${time} INFO next`, [1, 2, 1]],
    ['Elixir below INFO', `${time} [info] ready\n** (RuntimeError) b\n    (shop 0.1.0) a.ex:3: B.c/1`, [1, 2]],
    ['below INFO and more of it', `${time} INFO a\n  more\n${java}\n${time} INFO next`, [2, 2, 1]],
    ['INFO that announces it', `${time} INFO order 7, because of:\n${java}\n${time} INFO next`, [3, 1]],
    ['INFO that names it', `${time} INFO caught AError, again\n${java}\n${time} INFO next`, [3, 1]],
    ['below WARN', `${time} WARN a\n${java}\n${time} INFO next`, [3, 1]],
    ['below a line without a level', `${time} a\n${java}\n${time} next`, [3, 1]],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });
});

describe('nothing is swallowed', () => {
  const words = 'a\nb\nc\nd\ne\nf\ng\nh';
  test.each([
    ['by the directives of a table', `#Fields: a b c\none\ntwo words\nERROR: c`, [1, 1, 1, 1]],
    ['by a remark', `#Software: x\none\ntwo`, [1, 1, 1]],
    ['by a comment', '# one\n# more of it\ntwo\n# three\nfour', [2, 1, 1, 1]],
    ['by a number that is no frame', 'one\n#1 INFO two\n#2 three', [1, 1, 1]],
    ['by a query that has ended', '# User@Host: shop\nuse shop;\nSELECT 1;\nstray\nlines', [3, 1, 1]],
    ['by a bracket that is not closed', `START a\n${time} INFO b {\n${words}`, [1, 6, 1, 1, 1]],
    ['by a quote that is not closed', `START a\n${time} INFO say "\n${words}`, [1, 6, 1, 1, 1]],
    ['by a report of a sanitizer', `==7==ERROR: AddressSanitizer: x\nREAD of\n    #0 0x1 in f\n\none\ntwo`, [4, 1, 1]],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });

  test('but what a bracket holds', () => {
    const held = Array.from({ length: 20 }, (_, i) => `"key-${i}": ${i},`).join('\n');
    expect(sizes(`START a\n${time} INFO b {\n${held}\n}\n${time} INFO c`)).toEqual([1, 22, 1]);
  });

  test('and a line that shows that it is held, below some that do not', () => {
    expect(sizes(`START a\n${time} INFO b {\na\nb\nc\nd\ne\n"f": 1\ng\n${time} INFO c`)).toEqual([1, 8, 1]);
  });

  test('a sanitizer’s report ends with its own words, and the next begins', () => {
    const report = '=====\n==7==ERROR: AddressSanitizer: x\nREAD of\n    #0 0x1 in f\n\n0x1 is near\nfreed by:';
    const end = '    #0 0x1 in g\nSUMMARY: AddressSanitizer: x\nShadow bytes:\n=>0x1: fa\n==7==ABORTING';
    const short = '=====\n==8==ERROR: LeakSanitizer: y\n\nDirect leak:\n    #0 0x1\nSUMMARY: y';
    expect(sizes(`${report}\n${end}\n${short}\n${short}\nready`)).toEqual([12, 6, 6, 1]);
  });
});

describe('what stands behind the frames', () => {
  test.each([
    ['Dart', 'Unhandled exception:\nBad state: b\n#0      main (a.dart:3)\n<asynchronous suspension>\nready', [4, 1]],
    ['Kotlin', 'shop.AError: b\n\tat c.D.e(F.kt:1)\n(Coroutine boundary)\n\tat c.D.e(F.kt:1)\nready', [4, 1]],
    ['a debugger', `${time} ERROR a\n#0  0x00007f in raise ()\n#1  main () at a.c:3\n${time} INFO b`, [3, 1]],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });
});

test.each(['#12', '#', '*', '--', '|', '+', '$', '}', '...', '>', '#12 ['])(
  'a line with a date and a level behind %s begins an event',
  (sign) => {
    const close = sign.endsWith('[') ? ']' : '';
    const gap = close === '' ? ' ' : '';
    const line = (second: number, level: string) =>
      `${sign}${gap}2026-11-30 12:00:0${second}${close} ${level} order ${second}`;
    const joiner = new LineJoiner();
    const events = [line(1, 'INFO'), line(2, 'ERROR'), line(3, 'INFO')].flatMap((text) => joiner.push(text) ?? []);
    expect([...events, ...(joiner.flush() ?? [])]).toHaveLength(3);
    expect(events[0]).toBe(line(1, 'INFO'));
  },
);
