import { describe, expect, test } from 'vitest';
import { addToTrace, closesAt, mostRecords, newTrace } from '../../../signals/units/open-trace.ts';
import { lineOf, spanOf } from '../../support/units.ts';

const root = spanOf({ id: 'a', parent: null });
const child = spanOf({ id: 'b', parent: 'a' });

describe('a trace is closed', () => {
  test('2 s after its last record if its root has ended', () => {
    const trace = newTrace(1_000);
    addToTrace(trace, child, 1_000);
    addToTrace(trace, root, 1_200);
    expect(closesAt(trace)).toBe(3_200);
    addToTrace(trace, lineOf({ span: 'a' }), 1_900);
    expect(closesAt(trace)).toBe(3_900);
  });

  test('after 10 s without a record if it has not', () => {
    const trace = newTrace(1_000);
    addToTrace(trace, child, 1_000);
    addToTrace(trace, lineOf({ span: 'b' }), 4_000);
    expect(closesAt(trace)).toBe(14_000);
  });

  test('after a minute in any case', () => {
    const trace = newTrace(1_000);
    for (let time = 1_000; time < 70_000; time += 500) addToTrace(trace, child, time);
    expect(closesAt(trace)).toBe(61_000);
  });

  test('no earlier because a record comes late', () => {
    const trace = newTrace(1_000);
    addToTrace(trace, root, 1_500);
    addToTrace(trace, child, 1_100);
    expect(closesAt(trace)).toBe(3_500);
  });
});

test('a trace has room for so many records, and counts the others', () => {
  const trace = newTrace(0);
  for (let i = 0; i < mostRecords; i++) expect(addToTrace(trace, i % 2 === 0 ? child : lineOf({}), i)).toBe(true);
  expect(addToTrace(trace, root, 7_000)).toBe(false);
  expect(addToTrace(trace, lineOf({}), 7_001)).toBe(false);
  expect([trace.spans.length + trace.lines.length, trace.leftOut]).toEqual([mostRecords, 2]);
  expect(trace.last).toBe(7_001);
});

test('a trace is plain JSON', () => {
  const trace = newTrace(5);
  addToTrace(trace, root, 6);
  addToTrace(trace, lineOf({ span: 'a' }), 7);
  expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
});
