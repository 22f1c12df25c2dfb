import { expect, test } from 'vitest';
import { refusal, runAs, sortFunctions } from '../../../tables/http/reading-only.ts';

const functions = sortFunctions([
  { name: 'count', category: 'Aggregate Functions', aggregate: true },
  { name: 'If', category: 'combinator', aggregate: true },
  { name: 'length', category: 'String', aggregate: false },
  { name: 'file', category: 'Other', aggregate: false },
  { name: 'String', category: 'type', aggregate: false },
  { name: 'Array', category: 'type', aggregate: false },
  { name: 'DateTime', category: 'type', aggregate: false },
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
  expect(
    refusal("SELECT 'file(\\'x\\')', `a file('x')`, {p:Array(String)} FROM t", functions, { p: '[]' }),
  ).toBeUndefined();
  expect(refusal("SELECT 'a\\\\', file('x')", functions)).toMatch(/'file'/);
  expect(refusal("SELECT `a\\\\`, `fi\\le`('x')", functions)).toMatch(/'file'/);
  expect(refusal("SELECT {p:String}, file('x'), '}'", functions, { p: '' })).toMatch(/'file'/);
});

test('a hole takes a value that came with it, of a type of the engine, and nothing that could name a table or function', () => {
  const values = { x: 'file', t: 'stack_trace' };
  expect(refusal("SELECT {x:String}, {t:DateTime('Asia/Tokyo')}", functions, values)).toBeUndefined();
  for (const type of ['Identifier', 'identifier', 'OfTheNextVersion']) {
    expect(refusal(`SELECT length({x:${type}})`, functions, values), type).toMatch(type);
    expect(refusal(`SELECT 1 FROM system.{t:${type}}`, functions, values), type).toMatch(type);
  }
  expect(refusal('SELECT {y:String}', functions, values)).toMatch(/'y', for which no value/);
  expect(refusal('SELECT {toString:String}', functions, values)).toMatch(/'toString', for which no value/);
  expect(refusal("SELECT {x:Array('}')}, file('x')", functions, values)).toBeDefined();
});

test('of the tables of the system only those are read that tell of the engine, however they are written', () => {
  expect(refusal('SELECT name FROM system.columns', functions)).toBeUndefined();
  for (const name of ['system.users', 'SYSTEM.grants', '`system`.`users`', 'system.text_log', 'system . users']) {
    expect(refusal(`SELECT * FROM ${name}`, functions), name).toMatch(/the table 'system\.\w+' is not allowed here/);
  }
});

test('a quoted name that looks like a sign is none', () => {
  expect(refusal('SELECT file `.`', functions)).toMatch(/'file'/);
  expect(refusal('SELECT `.` file', functions)).toMatch(/'file'/);
});

test('EXISTS asks the list of tables, since the engine takes names of files for tables', () => {
  expect(runAs('EXISTS TABLE LICENSE')).toMatch(/^SELECT .* FROM system.tables WHERE name = 'LICENSE' /);
  expect(refusal(runAs('EXISTS TABLE `/etc/passwd`'), functions)).toMatch(/EXISTS/);
  expect(refusal(runAs('EXISTS TABLE default.LICENSE'), functions)).toMatch(/EXISTS/);
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
