/** Levels that a time behind them or the signs around them show, and words among signs that are none. */
import { describe, expect, it } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const time = '2026-01-29 08:51:24';
const ms = Date.UTC(2026, 0, 29, 8, 51, 24);

describe('the first word, with a time behind it', () => {
  it.each([
    [`Error  ${time} gone`, 'ERROR'],
    [`warning\t[${time}] gone`, 'WARN'],
    [`Error: ${time} gone`, 'ERROR'],
    [`error  : ${time} gone`, 'ERROR'],
    [`Notice ${time} - gone`, 'INFO'],
    [`Alert (${time}): gone`, 'CRITICAL'],
    [`E | ${time} | gone`, 'ERROR'],
    [`W> ${time} gone`, 'WARN'],
    [`Fatal;${time};gone`, 'FATAL'],
    [`CRIT/${time} gone`, 'CRITICAL'],
    [`"Error", ${time}, gone`, 'ERROR'],
    [`*ERROR* ${time} gone`, 'ERROR'],
    [`❌ Error => ${time} gone`, 'ERROR'],
    [`Fehler: ${time} gone`, 'ERROR'],
    ['Error: Jan 29 08:51:24 gone', 'ERROR'],
    ['Error\t1769676684\tgone', 'ERROR'],
  ])('%s', (line, level) => {
    expect(read(line)).toMatchObject({ level, timestamp: ms, message: 'gone' });
  });

  it.each([`Error at ${time} gone`, `A ${time} gone`, `error-${time}.txt gone`, `Error 1769676684 gone`])(
    '%s has none',
    (line) => {
      expect(read(line).level).toBeNull();
    },
  );
});

describe('a word among signs', () => {
  it.each([
    [`=== ${time} === [ALERT] gone`, 'CRITICAL'],
    [`*** ${time} *** ERROR gone`, 'ERROR'],
    [`=== ${time} === Error: gone`, 'ERROR'],
    [`${time} # error # gone`, 'ERROR'],
    [`${time} ~ Error ~ gone`, 'ERROR'],
    [`${time} !warning!: gone`, 'WARN'],
    [`${time} // Error // gone`, 'ERROR'],
    [`${time} ## [ Error ] ## gone`, 'ERROR'],
    ['*warning* gone', 'WARN'],
  ])('%s', (line, level) => {
    expect(read(line)).toMatchObject({ level, message: 'gone' });
  });

  it.each([`${time} /error/ gone`, `${time} # error gone`, '+ error handling gone', `${time} *errors* gone`])(
    '%s has none',
    (line) => {
      expect(read(line).level).toBeNull();
    },
  );
});

it('such lines are events among lines that begin with a time', () => {
  const joiner = new LineJoiner();
  const lines = [`${time} ready`, `${time} on`, `Error: ${time} lost`, `*** ${time} *** odd`, `warning\t${time} low`];
  const events = [...lines.map((line) => joiner.push(line)), joiner.flush()];
  expect(events.filter((event) => event !== null)).toStrictEqual(lines.map((line) => [line]));
});
