/**
 * Lines that belong together become one event.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

function sizes(text: string, joiner = new LineJoiner()): number[] {
  return joined(text.split('\n'), joiner).map((lines) => lines.length);
}

function joined(lines: readonly string[], joiner = new LineJoiner()): (readonly string[])[] {
  const events = lines.map((line) => joiner.push(line)).concat([joiner.flush()]);
  return events.filter((event) => event !== null);
}

const time = '2026-01-29 08:51:24,967';
const traceback = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: bad';

describe('stack traces', () => {
  test.each([
    [
      'Java',
      `${time} ERROR [main] c.e.Cart - no stock
java.lang.IllegalStateException: none left
	at c.e.Cart.add(Cart.java:12)
Caused by: java.io.IOException: gone
	... 12 more
${time} INFO [main] c.e.Cart - next`,
      [5, 1],
    ],
    [
      'Python behind a line with a time',
      `${time} ERROR shop: no stock
Traceback (most recent call last):
  File "cart.py", line 12, in add
    raise KeyError(1)
KeyError: 1

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "cart.py", line 14, in add
ValueError: 2
${time} INFO shop: next`,
      [11, 1],
    ],
    [
      'Python alone',
      `starting
Traceback (most recent call last):
  File "cart.py", line 12, in add
KeyError: 1
starting again`,
      [1, 3, 1],
    ],
    [
      'Go',
      `starting
panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.main()
	/app/main.go:9 +0x1b
created by main.start in goroutine 1
	/app/main.go:4 +0x25
exit status 2
starting`,
      [1, 8, 1],
    ],
    [
      'a panic ends the event before it',
      `${time} INFO shop ready\npanic: out of stock\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9`,
      [1, 5],
    ],
    [
      'Node.js',
      `listening
Error: no stock
    at add (/app/cart.js:12:9) {
  code: 'E_STOCK'
}
listening`,
      [1, 4, 1],
    ],
    [
      '.NET',
      `${time} ERR no stock
System.InvalidOperationException: none left
   at Shop.Cart.Add() in /app/Cart.cs:line 12
--- End of stack trace from previous location ---
   at Shop.Program.Main()
${time} INF next`,
      [5, 1],
    ],
    [
      'Ruby',
      `I, [2026-01-29T08:51:24.967123 #7]  INFO -- : ready
E, [2026-01-29T08:51:25.967123 #7] ERROR -- : no stock (RuntimeError)
cart.rb:12:in 'add'
	from shop.rb:3:in '<main>'
I, [2026-01-29T08:51:26.967123 #7]  INFO -- : next`,
      [1, 3, 1],
    ],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });
});

describe('databases', () => {
  test('a SQL statement stays with its line, whatever dates it holds further on', () => {
    const text = `2026-01-29 08:51:24.967 UTC [7] LOG:  statement: SELECT *
FROM orders
	WHERE day >= '2026-01-01 00:00:00'
and x < TIMESTAMP '2026-01-29 00:00:00'
2026-01-29 08:51:25.000 UTC [7] LOG:  duration: 1 ms`;
    expect(sizes(text)).toEqual([4, 1]);
  });

  test('line breaks inside quotes of PostgreSQL’s csvlog', () => {
    const text = `2026-01-29 08:51:24.967 UTC,,,7,,6.7,1,,2026-01-29 08:51:24 UTC,,0,LOG,00000,"first ""a""
2026-01-29 00:00:00 UTC second",,,,,,,,,""
2026-01-29 08:51:25.967 UTC,,,7,,6.7,1,,2026-01-29 08:51:24 UTC,,0,LOG,00000,"one",,,,,,,,,""`;
    expect(sizes(text)).toEqual([2, 1]);
  });

  test('entries of MySQL’s slow log, with and without a time', () => {
    const text = `# Time: 2026-01-29T08:51:24.967123Z
# User@Host: shop[shop] @ web [10.0.0.7]  Id: 7
# Query_time: 2.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 9
SET timestamp=1769676684;
SELECT *
FROM orders;
# User@Host: shop[shop] @ web [10.0.0.7]  Id: 8
# Query_time: 2.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 9
SELECT 1;`;
    expect(sizes(text)).toEqual([6, 3]);
  });
});

describe('sources', () => {
  test('lines without any time are events of their own', () => {
    expect(sizes('one\ntwo\n\nthree\n  more of three')).toEqual([1, 2, 2]);
  });

  test('access and error lines in one stream are told apart', () => {
    const access = '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET / HTTP/1.1" 200 157';
    const error = '2026/01/29 08:51:24 [error] 1#1: *1 PHP message: a';
    expect(sizes([error, 'PHP message: b', access, 'a.BError: c', access, error].join('\n'))).toEqual([2, 1, 1, 1, 1]);
  });

  test('JSON records are events beside text, pretty-printed JSON is one', () => {
    expect(sizes(`${time} INFO a\n{"level":"info"}\n${time} INFO body {\n"a": [\n{\n}\n]\n}\n${time} INFO b`)).toEqual([
      1, 1, 6, 1,
    ]);
  });

  test('logfmt beside text', () => {
    expect(sizes(`${time} INFO a\nlevel=info msg=b\n${time} INFO c`)).toEqual([1, 1, 1]);
  });

  test('an event is bounded in lines', () => {
    const joiner = new LineJoiner({ maxLines: 3 });
    expect(sizes(`${time} INFO a\n${'\ttext\n'.repeat(5)}text`, joiner)).toEqual([3, 3, 1]);
  });

  test('an event is bounded in length, too', () => {
    const joiner = new LineJoiner({ maxLength: 100 });
    expect(sizes(`${time} INFO a\n\t${'x'.repeat(40)}\n\t${'x'.repeat(40)}`, joiner)).toEqual([2, 1]);
  });
});

describe('several layouts in one source', () => {
  test.each([
    [
      'a level of its own begins an event',
      `${time} ready\nWARNING: b\n[error] c:\nERROR d\n${time} INFO e`,
      [1, 1, 1, 1, 1],
    ],
    [
      'a request begins an event',
      `${time} INFO a\n10.0.0.7:42 - "GET /b HTTP/1.1" 500\nPOST /c 503\n${time} INFO d`,
      [1, 1, 1, 1],
    ],
    ['a class and its method are a heading', `Jan 29, 2026 8:51:24 AM shop.cart.Cart add\nSEVERE: none left`, [2]],
    ['epochs begin events', '1769676684123 a\n1769676684.5 b\n1769676685 c', [1, 1, 1]],
    ['numbers below a time do not', `${time} INFO a:\n1769676684123 b`, [2]],
    ['text that is asked for', `${time} INFO a\nplain\n${time} INFO b:\nc\nd`, [1, 1, 3]],
    ['plain text where the source writes it', `START a\n${time} INFO b\nEND c\n${time} INFO d {\ne`, [1, 1, 1, 2]],
    ['text behind an access line', `${time} INFO a\n- - [29/Jan/2026:08:51:24 +0000] b\nplain`, [1, 1, 1]],
    ['no message is that long', `${time} ERROR a\n${'plain\n'.repeat(6)}plain`, [6, 1, 1]],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });
});

describe('traces of other runtimes', () => {
  test.each([
    ['Python below INFO was not caught there', `${time} INFO a\n${traceback}\n${time} INFO b`, [1, 3, 1]],
    ['Python below a level', `${time} INFO a\nERROR: b\n${traceback}\n${time} INFO c`, [1, 4, 1]],
    ['Python twice', `${traceback}\n${traceback}\nnext`, [3, 3, 1]],
    ['Python, a group', '  + Exception Group Traceback (most recent call last):\n  | ValueError: 1\nnext', [2, 1]],
    ['Rust since 1.73', "thread 'main' panicked at src/main.rs:4:5:\nnone left\nready", [2, 1]],
    ['Dart', 'Unhandled exception:\nBad state: none left\n#0      main (a.dart:3)\nready', [3, 1]],
    [
      'Node.js, the place first',
      '/app/a.js:12\n    throw e\n    ^\n\nError: b\n    at c (/app/a.js:12:9)\n\nNode.js v20\nready',
      [8, 1],
    ],
    ['Java, nested', 'shop.AError: b;\n  nested exception is:\nshop.CError: d\n\tat e.F\nready', [4, 1]],
    [
      'an error of nginx throws nothing',
      `${time} [error] 7#7: a\nshop.AError: b\n\tat c.D\n${time} [info] 7#7: e`,
      [1, 2, 1],
    ],
    ['PHP, the next', '\tPHP\n#1 {main}\n\nNext LogicException: worse in /a.php:9\nready', [4, 1]],
    [
      'a sanitizer',
      '=====\n==7==ERROR: AddressSanitizer: x\nREAD of size 4\nSUMMARY: AddressSanitizer: x\nready',
      [4, 1],
    ],
    ['the JVM', '#\n# A fatal error\n#\n#  SIGSEGV\nready', [4, 1]],
  ])('%s', (_, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });
});

describe('envelopes', () => {
  const docker = (log: string): string => JSON.stringify({ log, stream: 'stdout', time: '2026-01-29T08:51:24.967Z' });

  test('Docker: a trace is joined by what is inside, pieces of a long line by their missing end', () => {
    const lines = [`${time} ERROR a\n`, 'java.lang.X: b\n', '\tat c.D\n', '\n', `${time} INFO e\n`];
    expect(joined(lines.map(docker)).map((event) => event.length)).toEqual([4, 1]);
    const pieces = ['x'.repeat(16_384), 'y\n', 'z\n'];
    expect(joined(pieces.map(docker)).map((event) => event.length)).toEqual([2, 1]);
    const lost = ['x'.repeat(16_384), `${time} INFO y\n`];
    expect(joined(lost.map(docker)).map((event) => event.length)).toEqual([1, 1]);
  });

  test('CRI: a trace and pieces', () => {
    const cri = (text: string): string => `2026-01-29T08:51:24.967123456Z stderr ${text}`;
    const lines = [
      cri(`F ${time} ERROR a`),
      cri('F \tat b'),
      cri('P half'),
      cri('F other half'),
      cri(`F ${time} INFO`),
    ];
    expect(joined(lines).map((event) => event.length)).toEqual([4, 1]);
  });

  test('CRI: the line behind a piece is its rest, also where it begins as an event does', () => {
    const cri = (tag: string, text: string): string => `2026-01-29T08:51:24.967Z stdout ${tag} ${text}`;
    const lines = (tag: string) => [
      cri('F', `${time} INFO a`),
      cri(tag, `${time} INFO repeated `),
      cri('F', `${time} INFO b`),
    ];
    expect(joined(lines('P')).map((event) => event.length)).toEqual([1, 2]);
    expect(joined(lines('F')).map((event) => event.length)).toEqual([1, 1, 1]);
  });

  test('Fluent Bit: lines of another pod do not continue', () => {
    const line = (log: string, pod: string): string =>
      JSON.stringify({ '@timestamp': 1769676684.967, log, kubernetes: { pod_name: pod } });
    const lines = [
      line(`${time} ERROR a`, 'p1'),
      line('java.lang.X: b', 'p1'),
      line(docker('java.lang.X: b\n'), 'p2'),
      line(docker('\tat d\n'), 'p2'),
    ];
    expect(joined(lines).map((event) => event.length)).toEqual([2, 2]);
  });
});

const beginnings = [
  time,
  `${time} UTC,"`,
  '{"log":"',
  '# Time: ',
  '\t',
  '',
  'Traceback (most recent call last):',
  'panic: ',
];
const anyLine = fc.tuple(fc.constantFrom(...beginnings, 'x'), fc.string({ maxLength: 40 })).map(([a, b]) => a + b);

test('every line belongs to exactly one event, in its order, within the bounds', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 60 }), (lines) => {
      const events = joined(lines, new LineJoiner({ maxLines: 5, maxLength: 200 }));
      expect(events.flat()).toEqual(lines);
      for (const event of events) {
        expect(event.length).toBeLessThanOrEqual(5);
        if (event.length > 1) expect(event.join('').length).toBeLessThanOrEqual(200);
      }
    }),
    { numRuns: 2000, seed: 7 },
  );
});
