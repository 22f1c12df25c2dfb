import { describe, expect, test } from 'vitest';
import { newLog, type ParsedLog } from '../../../logs/parsed-log.ts';
import { placeOf, spanOfUnit, tracedLine } from '../../../signals/units/traced.ts';
import { readSpan } from '../../support/units.ts';

const said = (message: string, rest: Partial<ParsedLog> = {}): ParsedLog => ({ ...newLog('text', message), ...rest });
const place = (message: string, fields: ParsedLog['parsed_fields'] = {}) =>
  placeOf(said(message, { parsed_fields: fields }));

describe('the place of a line', () => {
  test('is the line of code where its fields name it, and tells neighbours apart', () => {
    const at = (line: number) => place('saved', { 'log.logger': 'shop.Cart', 'log.origin.file.line': line });
    expect([at(30), at(34)]).toEqual(['shop.Cart#30', 'shop.Cart#34']);
    expect(place('saved', { 'log.origin.file.name': 'cart.go', 'log.origin.file.line': 7 })).toBe('cart.go#7');
  });

  test.each([
    ['order 17 of "ann" took 3.5ms', 'order 18 of "bob" took 12.25ms'],
    ['cart 3fe1-77aa saved\n  at a', 'cart 9bc0-12ff saved\n  at b'],
    ['key deadbeef is gone', 'key feedfacecafe is gone'],
    ["no stock of 'red shoes'", "no stock of 'hats'"],
  ])('is else what does not differ: %j', (one, other) => {
    expect(place(one)).toBe(place(other));
    expect(place(one)).not.toBe(place('something else'));
  });

  test('is short, also of a long line', () => {
    expect(place('a '.repeat(100_000)).length).toBeLessThan(200);
    expect(place('x', { 'log.logger': 'y'.repeat(5_000), 'log.origin.file.line': 1 }).length).toBeLessThan(200);
  });
});

describe('a line of a trace', () => {
  test('names the trace and the span as spans do', () => {
    const [trace_id, span_id] = ['4BF92F3577B34DA6A3CE929D0E0E473', 'B7AD6B7169203331'];
    const line = tracedLine(said('saved', { trace_id, span_id, service: 'cart', level: 'INFO' }))!;
    const record = { trace_id, span_id, service: 'cart', name: 'GET /', start: 1e12, end: 1e12 + 5 };
    const span = spanOfUnit(readSpan(record));
    expect([line.trace, line.span]).toEqual([span.trace, span.id]);
    expect(span).toMatchObject({ parent: null, service: 'cart', name: 'GET /', start: 1e12, end: 1e12 + 5 });
  });

  test('is none where it names no trace', () => {
    expect(tracedLine(said('saved'))).toBeUndefined();
    expect(tracedLine(said('saved', { trace_id: 'not an id' }))).toMatchObject({ trace: 'not an id', span: null });
  });

  test.each([
    ['No instances available for stock', true],
    ['dial tcp 10.0.0.7:80: connect: Connection refused', true],
    ['java.net.UnknownHostException: stock', true],
    ['no stock', false],
  ])('says whether a service could not be reached: %s', (message, unreachable) => {
    expect(tracedLine(said(message, { trace_id: 'a1' }))).toMatchObject({ unreachable });
  });
});
