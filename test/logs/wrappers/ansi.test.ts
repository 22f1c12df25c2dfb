/**
 * Coloured lines read as plain ones do, whatever became of the escape character on the way.
 */
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../logs/wrappers/ansi.ts';
import { fluentBit, parse } from '../../support/lines-of.ts';

const [red, green, off, defaults] = ['\u001b[31m', '\u001b[1;38;5;40m', '\u001b[0m', '\u001b[39m'];

describe('control sequences', () => {
  test.each([
    ['colours', `${red}ERROR${off} no ${green}stock${defaults}`, 'ERROR no stock'],
    ['an empty one', 'a\u001b[mb', 'ab'],
    ['erasing and moving', '\u001b[2K\u001b[1Gweb', 'web'],
    ['the cursor hidden and shown', '\u001b[?25lx\u001b[?25h', 'x'],
    ['a link', '\u001b]8;;http://a/b\u0007here\u001b]8;;\u001b\\ now', 'here now'],
    ['a character set', '\u001b(Bx', 'x'],
    ['one that is cut', 'x\u001b[3', 'x'],
    ['an escape at the end', 'x\u001b', 'x'],
    ['a title that nothing ends', 'a\u001b]0;title', 'a0;title'],
  ])('%s', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});

describe('escape characters that were spelled out or lost', () => {
  test.each([
    ['in JSON', '{"level":"\\u001b[31merror\\u001b[39m"}', '{"level":"error"}'],
    ['in JSON inside of JSON', '{"log":"{\\"a\\":\\"\\\\u001b[31mb\\\\u001B[39m\\"}"}', '{"log":"{\\"a\\":\\"b\\"}"}'],
    ['by rsyslog', '#033[31mERROR#033[0m x', 'ERROR x'],
    ['by a pager', '^[[31mERROR^[[m x', 'ERROR x'],
    ['by Python', '\\x1b[1;31mERROR\\x1b[0m x', 'ERROR x'],
    ['lost', '[31mERROR[0m x', 'ERROR x'],
  ])('%s', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test.each(['rate(errors[5m])', 'took [3m 2s]', '[main] x', '[1m of [2m', 'x[0m', '[3mm] a [0]'])(
    'no colours: %s',
    (text) => expect(plainText(text)).toBe(text),
  );
});

describe('events', () => {
  test.each([
    [`${green}2026-01-29 08:51:24,123${off} ${red}ERROR${off} payment declined`, 'payment declined'],
    [`[${green}2026-01-29T08:51:24.123Z${defaults}] ${red}ERROR${off}: payment declined`, 'payment declined'],
    [`\u001b[2m2026-01-29T08:51:24.123Z${off} ${red}ERROR${off} \u001b[2mshop::cart:${off} no stock`, 'no stock'],
    ['[32m2026-01-29 08:51:24,123[0m [31mERROR[0m payment declined', 'payment declined'],
  ])('%s', (line, message) => {
    const time = Date.UTC(2026, 0, 29, 8, 51, 24, 123);
    expect(parse(line)).toMatchObject({ level: 'ERROR', message, timestamp: time, timestampSource: 'line' });
  });

  test('in a record, and in a record around it', () => {
    const inner = JSON.stringify({ level: `${red}error${defaults}`, msg: `no ${red}stock${off}` });
    expect(parse(inner)).toMatchObject({ level: 'ERROR', message: 'no stock' });
    expect(parse(fluentBit(inner, { pod_name: 'cart-1' }))).toMatchObject({ level: 'ERROR', message: 'no stock' });
  });

  test('in the lines of a trace', () => {
    const log = parse(`${red}ERROR${off} failed\n${red}java.lang.Error: x${off}\n\tat ${red}a.B.c(B.java:1)${off}`);
    expect(log.parsed_fields).toMatchObject({ 'error.type': 'java.lang.Error', 'error.message': 'x' });
  });
});
