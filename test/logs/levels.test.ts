/**
 * Severities of all vendors become one of seven levels.
 */
import { expect, test } from 'vitest';
import {
  levelOf,
  levelOfLogback,
  levelOfOtel,
  levelOfPino,
  levelOfPython,
  levelOfStatus,
  levelOfSyslog,
  plainLevelOf,
} from '../../logs/levels.ts';

test.each([
  ['warning', 'WARN'],
  ['WRN', 'WARN'],
  ['Note', 'INFO'],
  ['LOG', 'INFO'],
  ['trace3', 'TRACE'],
  ['DEPRECATION', 'WARN'],
  ['Severe', 'ERROR'],
  ['eRRor', 'ERROR'],
  ['crit', 'CRITICAL'],
  ['emerg', 'FATAL'],
  ['dpanic', 'FATAL'],
] as const)('%s is %s', (word, level) => {
  expect(levelOf(word)).toBe(level);
});

test('a word that is no level has none, nor have names of object members', () => {
  for (const word of ['hello', '', 'constructor', '__proto__', 'errors']) expect(levelOf(word)).toBeNull();
});

test('a guess takes no word that means something else', () => {
  expect(plainLevelOf('statement')).toBeNull();
  expect(plainLevelOf('log')).toBeNull();
  expect(plainLevelOf('ERROR')).toBe('ERROR');
});

test('each numbering has its own meaning of 30', () => {
  expect(levelOfPino(30)).toBe('INFO');
  expect(levelOfPython(30)).toBe('WARN');
  expect(levelOfOtel(30)).toBeNull();
  expect(levelOfLogback(30_000)).toBe('WARN');
});

test('numbers between two levels mean the lower one', () => {
  expect(levelOfPino(35)).toBe('INFO');
  expect(levelOfPino(5)).toBeNull();
});

test('syslog counts from the worst, and a status says whose fault it is', () => {
  expect([0, 3, 4, 7, 8].map(levelOfSyslog)).toEqual(['FATAL', 'ERROR', 'WARN', 'DEBUG', null]);
  expect([200, 404, 503].map(levelOfStatus)).toEqual(['INFO', 'WARN', 'ERROR']);
});
