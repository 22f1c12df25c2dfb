import { describe, expect, test } from 'vitest';
import { readMetricPoint } from '../../../signals/series/metric-point.ts';

const fields = { timestamp: '2026-01-29T08:00:00Z', service: 'cart', name: 'cpu', value: 0.4 };
const read = (changed: object) => readMetricPoint(JSON.stringify({ ...fields, ...changed }));

describe('a point of a metric', () => {
  test('has what its record says', () => {
    expect(read({ instance: 'cart-1', start: '2026-01-29T07:00:00Z', unit: 'share' })).toEqual({
      ...fields,
      time: Date.UTC(2026, 0, 29, 8),
      instance: 'cart-1',
      kind: 'gauge',
      start: Date.UTC(2026, 0, 29, 7),
    });
  });

  test('is a counter’s if it says so, or says nothing and its name is one', () => {
    expect(read({ kind: 'counter' }).kind).toBe('counter');
    expect(read({ name: 'orders_total' }).kind).toBe('counter');
    expect(read({ name: 'orders_total', kind: 'gauge' }).kind).toBe('gauge');
    expect(read({ name: 'total' }).kind).toBe('gauge');
  });

  test.each([null, 'NaN', '+Inf', '-Inf'])('with the value %s has none', (value) => {
    expect(read({ value }).value).toBeNaN();
  });

  test.each([
    [{ value: '0.4' }, 'value is "0.4", not a number or null'],
    [{ value: undefined }, 'value is missing, not a number or null'],
    [{ timestamp: 1_769_673_600 }, 'timestamp is 1769673600, not a time as'],
    [{ timestamp: '2026-01-29T08:00:00' }, 'timestamp is "2026-01-29T08:00:00", not a time as'],
    [{ start: 'yesterday' }, 'start is "yesterday", not a time as'],
    [{ service: undefined }, 'service is missing, not a text'],
    [{ name: 7 }, 'name is 7, not a text'],
    [{ instance: {} }, 'instance is {}, not a text'],
    [{ kind: 'histogram' }, 'kind is "histogram", not gauge or counter'],
  ])('is none with %j', (changed, reason) => {
    expect(() => read(changed)).toThrow(reason);
  });

  test.each([
    ['{"timestamp":', 'it is no JSON'],
    ['[]', 'a point is an object, not []'],
    ['null', 'a point is an object, not null'],
  ])('is not in %s', (text, reason) => {
    expect(() => readMetricPoint(text)).toThrow(reason);
  });
});
