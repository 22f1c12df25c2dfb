/** Hostile lines: nothing may throw, and the cost of a line may only grow with its length. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialects, textFormats } from '../../logs/formats/index.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { logParser } from '../../logs/parser.ts';
import { charactersRead } from '../fuzz/work.ts';

const samples = [...textFormats, ...dialects].flatMap(({ samples }) => samples.map(({ line }) => line));

/** A sample with a piece cut out, doubled or replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...samples), fc.nat(400), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }))
  .map(([line, at, length, insert]) => line.slice(0, at) + insert + line.slice(at + length));

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'FATAL', null];

function check(line: string, ingest: number): void {
  const log = logParser({}).parse(line, 'source', ingest);
  expect(typeof log.message).toBe('string');
  expect(levels).toContain(log.level);
  expect(log.timestamp === null || Number.isFinite(log.timestamp) || log.timestampSource === 'ingest').toBe(true);
  for (const value of Object.values(log.parsed_fields)) expect(['string', 'number', 'boolean']).toContain(typeof value);
}

test('any text at all is parsed', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.double(), check), { numRuns: 3000, seed: 7 });
});

test('any JSON at all is parsed', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), fc.nat(), check), { numRuns: 1000, seed: 7 });
});

test('damaged lines of every format are parsed', () => {
  fc.assert(fc.property(mutated, fc.nat(), check), { numRuns: 5000, seed: 7 });
});

test('JSON nested ten thousand deep is parsed', () => {
  check(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 0);
  check(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 0);
});

/** Lines built to make a reader go over them again and again; each is a seed that is repeated. */
const hostile: readonly (readonly [string, string])[] = [
  ['', '['],
  ['', '[['],
  ['', 'a='],
  ['a=', '"\\'],
  ['a=1 ', 'b="'],
  ['', '\\"'],
  ['"', '\\\\"'],
  ['10.0.0.1 - - [29/Jan/2026:08:51:24 +0000] "', '\\"'],
  ['10.0.0.1 - - [29/Jan/2026:08:51:24 +0000] "GET /', ' HTTP/'],
  ['10.0.0.1, ', '10.0.0.1, '],
  ['<165>1 2026-01-29T08:51:24Z h a 1 - ', '[a b="\\"'],
  ['2026-01-29 08:51:24 INFO ', '[x] '],
  ['2026-01-29 08:51:24 INFO ', 'a.b'],
  ['2026/01/29 08:51:24 [error] 1#1: ', ', client: '],
  ['', 'traceid '],
  ['', 'trace_id=spanid='],
  ['', '2026-01-29 08:51:24 '],
  ['', 'ERROR '],
  ['', '1'],
  ['', ' '],
  ['', '\t'],
  ['{', '"a":{'],
  ['2026-01-29 08:51:24 UTC ', 'a: b '],
  ['2026-01-29 08:51:24 UTC,', '"a","'],
  ['2026-01-29 08:51:24 UTC [', '1]@1:['],
  ['2026-01-29 08:51:24 UTC LOG:  duration: 1 ms ', ' statement:'],
  ['# Time: 2026-01-29T08:51:24Z', '\n# Id: 1 Id: 2'],
  ['# User@Host: ', 'a[b] @ [c] '],
  ['[2026-01-29 08:51:24,967] INFO ', '[a] (b) '],
  ['[2026-01-29T08:51:24,967][INFO ][a] ', '[b] '],
  ['[2026-01-29T08:51:24,967][WARN ][index.search.slowlog] ', 'took['],
  ['[Thu Jan 29 08:51:24 2026] [error] ', '[client 10.0.0.7] '],
  ['[2026-01-29T08:51:24.967Z] "GET / HTTP/1.1" 200 - ', '"-" '],
  ['10.0.0.7:33317 [29/Jan/2026:08:51:24.967] a b/c ', '1/'],
  ['CEF:0|a|b|c|d|e|5|', 'a=b '],
  ['CEF:0|a|b|c|d|e|5|', '\\='],
  ['CEF:0|', 'a\\|'],
  ['type=SYSCALL msg=audit(1769676684.967:1): ', 'a="'],
  ['type=SYSCALL msg=audit(1769676684.967:1): ', 'pid=1 '],
  ['2026-01-29T08:51:24Z  INFO ', 'a{b}: '],
  ['2026-01-29T08:51:24Z  INFO ', 'a::'],
  ['[29-Jan-2026 08:51:24 UTC] PHP Warning:  ', ' in a on line '],
  ['Started GET "/', '" for "'],
  ['Jan 29 08:51:24 web-1 sshd[1]: ', ' from 1.1.1.1 rhost='],
  ['Jan 29 08:51:24 web-1 a[1] (', '('],
  ['java.lang.X: a', '\n\tat b.C'],
  ['Traceback (most recent call last):', '\na.B: c'],
  ['', 'a\n'],
  ['', 'ds: )\n'],
  ['', 'a:1:in b: c)\n'],
  ['', 'Exception in thread "a\n'],
  ['', 'http: panic serving a\n'],
  ['', "thread 'a\n"],
  ['', '/app/cart.js:7\n'],
  ['', 'at a\n'],
  ['', '==1==Sanitizer\n'],
  ['2026-01-29T08:51:24Z stdout F ', 'a\n2026-01-29T08:51:24Z stdout F '],
  ['2026-01-29T08:51:24Z stdout F ', '2026-01-29T08:51:24Z stdout F '],
];

/** Characters that are looked at while parsing. */
function workOf(line: string, joining = false): number {
  const parser = logParser({});
  const joiner = new LineJoiner();
  return charactersRead(() => {
    if (joining) for (const each of line.split('\n')) joiner.push(each);
    else parser.parse(line, 'source', 0);
  });
}

test.each(hostile)('%s%s… twice as long costs at most twice as much', (head, piece) => {
  const repeats = Math.ceil(2000 / piece.length);
  const short = workOf(head + piece.repeat(repeats));
  const long = workOf(head + piece.repeat(repeats * 2));
  expect(long).toBeLessThan(short * 2.2 + 1000);
});

test.each(hostile)('%s%s… is joined in linear time, too', (head, piece) => {
  const repeats = Math.ceil(2000 / piece.length);
  const short = workOf(head + piece.repeat(repeats), true);
  const long = workOf(head + piece.repeat(repeats * 2), true);
  expect(long).toBeLessThan(short * 2.2 + 1000);
});

test('the count of characters sees the whole of a line that is read to its end', () => {
  const line = `a=${'x'.repeat(5000)} b=c`;
  expect(workOf(line)).toBeGreaterThan(line.length);
});
