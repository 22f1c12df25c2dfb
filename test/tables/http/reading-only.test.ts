import { expect, test } from 'vitest';
import { refusal, sortFunctions } from '../../../tables/http/reading-only.ts';

const functions = sortFunctions([
  { name: 'count', category: 'Aggregate Functions', aggregate: true },
  { name: 'If', category: 'combinator', aggregate: true },
  { name: 'length', category: 'String', aggregate: false },
  { name: 'file', category: 'Other', aggregate: false },
  { name: 'readMail', category: 'Of The Next Version', aggregate: false },
]);

test('a function of an unknown category is refused', () => {
  expect(refusal("SELECT readMail('x')", functions)).toMatch(/readMail/);
  expect(refusal('SELECT * APPLY readMail', functions)).toMatch(/readMail/);
});

test('aggregates may be combined', () => {
  expect(refusal('SELECT countIf(1), countIfIf(1, 1) FROM t', functions)).toBeUndefined();
  expect(refusal("SELECT fileIf('x', 1)", functions)).toMatch(/fileIf/);
});

test('what stands in strings, quoted names and holes is not taken for code, and nothing else is taken for them', () => {
  expect(refusal("SELECT 'file(\\'x\\')', `a file('x')`, {p:Array(String)} FROM t", functions)).toBeUndefined();
  expect(refusal("SELECT 'a\\\\', file('x')", functions)).toMatch(/'file'/);
  expect(refusal("SELECT `a\\\\`, `fi\\le`('x')", functions)).toMatch(/'file'/);
  expect(refusal("SELECT {p:String}, file('x'), '}'", functions)).toMatch(/'file'/);
});

test('what it can not read it refuses', () => {
  for (const sql of [
    "SELECT 'a",
    'SELECT {',
    "SELECT {file('x')}",
    'SELECT 1; SELECT 2',
    'SELECT 1 -- x',
    'SELECT /* x',
    'SELECT é',
    '',
  ]) {
    expect(refusal(sql, functions), sql).toBeDefined();
  }
});

test('a long statement is checked in linear time', () => {
  expect(refusal(`SELECT ${'length('.repeat(100_000)}${')'.repeat(100_000)}`, functions)).toBeUndefined();
  expect(refusal(`SELECT '${"\\'".repeat(500_000)}`, functions)).toBeDefined();
});
