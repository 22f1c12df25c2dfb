/** Reports of sanitizers and of tools that run a program: what is part of them, and what ends them. */
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

/** The lines of each event. */
function eventsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const joiner = new LineJoiner();
  const events = lines.flatMap((line) => {
    const event = joiner.push(line);
    return event === null ? [] : [event];
  });
  const last = joiner.flush();
  return last === null ? events : [...events, last];
}

const ruler = '='.repeat(65);
const address = [
  ruler,
  '==42==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f bp 0x7f sp 0x7e',
  'READ of size 4 at 0x602000000010 thread T0',
  '    #0 0x4f7a in main /app/a.c:7',
  '',
  '0x602000000010 is located 0 bytes inside of 4-byte region [0x602000000010,0x602000000014)',
  'freed by thread T0 here:',
  '    #0 0x4f in free (/app/a.out+0x4f)',
  '',
  'Address 0x7ffd is located in stack of thread T0 at offset 36 in frame',
  '    #0 0x4f in main /app/a.c:3',
  '',
  'AddressSanitizer can not provide additional info.',
  'SUMMARY: AddressSanitizer: heap-use-after-free /app/a.c:7 in main',
  'Shadow bytes around the buggy address:',
  '  0x0c047fff7fb0: fa fa fa fa',
  '=>0x0c047fff8000: fa fa[fd]fa',
];
const races = [
  [
    ruler,
    'WARNING: ThreadSanitizer: data race (pid=9337)',
    '  Write of size 4 at 0x7fe by thread T1:',
    '    #0 inc /app/race.c:4 (race+0x4a)',
    '',
    'SUMMARY: ThreadSanitizer: data race /app/race.c:4 in inc',
    ruler,
  ],
  [
    ruler,
    'WARNING: DATA RACE',
    'Read at 0x00c0000b4010 by goroutine 7:',
    '  main.main.func1()',
    '      /app/main.go:12 +0x38',
    '',
    'Goroutine 7 (running) created at:',
    '  main.main()',
    ruler,
  ],
];
const leak = [
  ruler,
  '==9==ERROR: LeakSanitizer: detected memory leaks',
  '',
  'Direct leak of 4 byte(s) in 1 object(s) allocated from:',
  '    #0 0x4f in malloc (/app/a.out+0x4f)',
  '',
  'SUMMARY: AddressSanitizer: 4 byte(s) leaked in 1 allocation(s).',
];
const timed = '2026-01-29 08:51:24 INFO order 6 done';

describe('a sanitizer’s report', () => {
  test.each([
    ['plain text', ['order 7 done']],
    ['a level', ['ERROR: no stock']],
    ['a time', [timed]],
    ['an epoch', ['1769676684 order 7 done']],
    ['a record', ['{"msg":"order 7 done"}']],
    ['a request', ['10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET / HTTP/1.1" 200 7']],
    ['Go’s panic', ['panic: no stock', '', 'goroutine 1 [running]:', 'main.main()', '\t/app/main.go:7 +0x1d']],
    ['Rust’s', ["thread 'main' panicked at src/main.rs:4:5:", 'none left', 'note: run with `RUST_BACKTRACE=1`']],
    ['Python’s traceback', ['Traceback (most recent call last):', '  File "a.py", line 7', 'ValueError: none left']],
    ['Python’s group', ['  + Exception Group Traceback (most recent call last):', '  |   File "a.py", line 7']],
    ['Java’s trace', ['java.lang.IllegalStateException: none left', '\tat shop.Cart.add(Cart.java:12)']],
    ['Node’s', ['Uncaught Error: none left', '    at add (/app/cart.js:7:9)']],
    ['the JVM’s report', ['#', '# A fatal error has been detected by the Java Runtime Environment:', '#']],
    ['another report', leak],
  ])('ends where %s begins', (_, next) => {
    for (const report of [address, leak, ...races])
      for (const cut of [report.length, 4]) {
        const part = report.slice(0, cut);
        // A line like the first may be the last.
        if (next === leak && cut === 4 && races.includes(report)) continue;
        expect(eventsOf([...part, ...next])).toEqual([part, next]);
        expect(eventsOf([timed, ...part.slice(1), ...next])).toEqual([[timed], part.slice(1), next]);
      }
  });

  test('of a program that is told to go on comes after another', () => {
    expect(eventsOf([...address, ...leak, ...races.flat(), 'order 7 done'])).toEqual([
      address,
      leak,
      ...races,
      ['order 7 done'],
    ]);
    expect(eventsOf([...address.slice(1), ...leak.slice(1)])).toEqual([address.slice(1), leak.slice(1)]);
  });

  test('takes no text in behind a blank line, but its own', () => {
    const [head, tail] = [address.slice(0, 5), ['HINT: this may be a false positive']];
    expect(eventsOf([...head, ...tail])).toEqual([[...head, ...tail]]);
    expect(eventsOf([...head, 'order 7 done'])).toEqual([head, ['order 7 done']]);
  });
});

describe('a tool that marks its lines with the process', () => {
  const [invalid, used] = [
    ['==42== Invalid read of size 4', '==42==    at 0x10916E: main (a.c:7)', '==42==  Address 0x4a is free', '==42== '],
    ['==42== Use of uninitialised value of size 8', '==42==    at 0x10916E: main (a.c:7)', '==42=='],
  ] as const;

  test('says one thing after another, beside the program', () => {
    const all = [['ready'], invalid, used, ['order 7 done'], used, ['panic: no stock'], invalid];
    expect(eventsOf(all.flat())).toEqual(all);
  });

  test('takes none of its lines in, and joins none of them', () => {
    const all = [
      [timed],
      used,
      [`${timed}:`],
      invalid,
      [timed, '\tat shop.Cart.add(Cart.java:12)'],
      ['==7== Exit'],
      invalid,
    ];
    expect(eventsOf(all.flat())).toEqual(all);
  });
});
