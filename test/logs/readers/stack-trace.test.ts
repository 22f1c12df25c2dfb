/**
 * What was thrown, as the trace of each runtime tells it.
 */
import { describe, expect, test } from 'vitest';
import { logParser } from '../../../logs/parser.ts';

const parse = (text: string) => logParser({}).parse(text, 'pod', 0);

describe('a bare trace is an error that says what was thrown', () => {
  test.each([
    ['Java, the outermost', 'shop.AError: b\n\tat c.D(D.java:1)\nCaused by: shop.EError: f', 'shop.AError', 'b'],
    ['Java, a thread', 'Exception in thread "main" a.b.CException: d\n\tat e.F(F.java:1)', 'a.b.CException', 'd'],
    ['Java, named behind a bare word', 'Exception\nshop.AError: b\n\tat c.D(D.java:1)', 'shop.AError', 'b'],
    ['Java, one line', 'java.lang.OutOfMemoryError: Java heap space', 'java.lang.OutOfMemoryError', 'Java heap space'],
    ['.NET', 'Unhandled exception. A.BException: c ---> A.DException: e\n   at F.G() in H', 'A.BException', 'c'],
    ['Node.js', "Error: a\n    at b (/c.js:1:2) {\n  code: 'D'\n}", 'Error', 'a'],
    ['Python, the last', pythons(['AError: b', 'shop.Worse: c']), 'shop.Worse', 'c'],
    ['Go', 'panic: a\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1', 'panic', 'a'],
    ['Go, caught', 'http: panic serving [::1]:54143: a\ngoroutine 24 [running]:', 'panic', 'a'],
    ['Rust', "thread 'main' panicked at a.rs:4:5:\nb\nnote: c", 'panic', 'b'],
    ['Rust before 1.73', "thread 'main' panicked at 'a', b.rs:4:5", 'panic', 'a'],
    ['Ruby', "/a.rb:6:in 'b': c (DError)\n\tfrom /a.rb:7:in '<main>'", 'DError', 'c'],
    ['Rails', 'NoMethodError (no a):\n  app/b.rb:69:in `c`', 'NoMethodError', 'no a'],
    ['PHP', 'PHP Fatal error:  Uncaught AException: b in /c.php:5\n#0 {main}', 'AException', 'b'],
    ['Elixir', '** (ArithmeticError) a\n    (b 0.1.0) c.ex:12: D.e/1', 'ArithmeticError', 'a'],
    ['Dart', 'Unhandled exception:\nFormatException: a\n#0      main (b.dart:3)', 'FormatException', 'a'],
    ['C++', "terminate called after throwing an instance of 'a::b'\n  what():  c", 'a::b', undefined],
    [
      'a sanitizer',
      '==7==ERROR: AddressSanitizer: heap-use-after-free on a\n    #0 b',
      'heap-use-after-free',
      undefined,
    ],
  ])('%s', (_, text, type, message) => {
    const log = parse(text);
    expect(log.level).toBeOneOf(['ERROR', 'FATAL']);
    expect(log.parsed_fields['error.type']).toBe(type);
    if (message !== undefined) expect(log.parsed_fields['error.message']).toBe(message);
  });

  test('a header keeps its level; its first words are not what was thrown', () => {
    const log = parse('2026-01-29 08:51:24,967 - shop - WARNING - SEVERE: a\nshop.BError: c\n\tat d.E(E.java:1)');
    expect(log).toMatchObject({ level: 'WARN', parsed_fields: { 'error.type': 'shop.BError' } });
  });

  test('prose is none', () => {
    expect(parse('It ends like a cry: Error\nnothing was thrown at all')).toMatchObject({
      level: null,
      parsed_fields: {},
    });
  });
});

function pythons(thrown: readonly string[]): string {
  const trace = (line: string) => `Traceback (most recent call last):\n  File "a.py", line 3, in b\n${line}`;
  return thrown.map(trace).join('\n\nDuring handling of the above exception, another exception occurred:\n\n');
}
