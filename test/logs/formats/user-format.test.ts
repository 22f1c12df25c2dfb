/**
 * Formats that users write compile to layouts or are refused with the reason.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

function parse(pattern: string, line: string): ParsedLog {
  return logParser({ formats: [{ name: 'own', pattern }] }).parse(line, 'source', 0);
}

describe('a user’s format', () => {
  test('reads time, level, message and fields of every type, before the built-in ones', () => {
    const log = parse(
      '%{TIMESTAMP_ISO8601} <%{LOGLEVEL}> %{IP:source.ip} %{WORD:http.request.method} %{PATH:url.path} ' +
        '%{INT:http.response.status_code:int} %{NUMBER:took} %{QS:user_agent.original} %{GREEDYDATA:message}',
      '2026-01-29T08:51:24.967Z <warn> 10.0.0.7 GET /cart 502 0.25 "curl 8" no stock left',
    );
    expect(log).toMatchObject({
      format: 'own',
      level: 'WARN',
      message: 'no stock left',
      timestamp: Date.UTC(2026, 0, 29, 8, 51, 24, 967),
    });
    expect(log.parsed_fields).toEqual({
      'log.level': 'warn',
      'source.ip': '10.0.0.7',
      'http.request.method': 'GET',
      'url.path': '/cart',
      'http.response.status_code': 502,
      took: 0.25,
      'user_agent.original': 'curl 8',
    });
  });

  test('DATA reaches to the literal behind it; a group may be missing; a backslash takes the meaning away', () => {
    const pattern = '\\(%{DATA:a}\\)(  user=%{WORD:user.name})? - %{GREEDYDATA:message}';
    expect(parse(pattern, '(x y) user=shop - hi')).toMatchObject({
      format: 'own',
      message: 'hi',
      parsed_fields: { a: 'x y', 'user.name': 'shop' },
    });
    expect(parse(pattern, '(x y) - hi')).toMatchObject({ format: 'own', parsed_fields: { a: 'x y' } });
    expect(parse(pattern, '(x y - hi').format).toBe('text');
  });

  test('what has no field is read over', () => {
    expect(parse('%{INT} %{NOTSPACE} %{GREEDYDATA:message}', '7 x hi')).toMatchObject({
      message: 'hi',
      parsed_fields: {},
    });
  });

  test.each([
    ['%{NONSENSE:a}', 'NONSENSE'],
    ['%{WORD:a', '%{WORD:a'],
    ['a+', 'backslash'],
    ['(a', 'behind a group'],
    ['%{DATA:a}%{WORD:b}', 'literal text'],
    ['%{GREEDYDATA:message} x', 'at the end'],
    ['', 'something to read'],
  ])('%s is refused with a reason', (pattern, reason) => {
    expect(() => parse(pattern, '')).toThrow(reason);
  });

  test('any pattern is compiled or refused, and any line then parsed', () => {
    const piece = fc.constantFrom(
      '%{DATA:a}',
      '%{WORD:b}',
      '%{INT:c}',
      ' ',
      '(',
      ')?',
      ':',
      '\\',
      'x',
      '%{GREEDYDATA:d}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ maxLength: 60 }), (parts, line) => {
        try {
          expect(typeof parse(parts.join(''), line).message).toBe('string');
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPTION_INVALID' });
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

test('blanks may stand where the pattern has SPACE, and need not', () => {
  const pattern = '[%{SPACE}%{WORD:shop.state}%{SPACE}] %{GREEDYDATA:message}';
  for (const line of ['[ open ] no stock', '[open] no stock']) {
    const expected = { format: 'own', message: 'no stock', parsed_fields: { 'shop.state': 'open' } };
    expect(parse(pattern, line)).toMatchObject(expected);
  }
});
