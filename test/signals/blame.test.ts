import { describe, expect, test } from 'vitest';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { blamedBy, blamedIn, unnamedService } from '../../signals/blame.ts';

const log = (message: string, parsed_fields: ParsedLog['parsed_fields'] = {}): ParsedLog => ({
  timestamp: 0,
  timestampSource: 'line',
  level: 'ERROR',
  service: 'checkout',
  trace_id: null,
  span_id: null,
  message,
  format: 'text',
  parsed_fields,
});

describe('an error blames', () => {
  test.each([
    ['Call to payment failed: 503 from POST http://payment:8080 after 3 ms', 'payment'],
    ['request to http://stock.shop.svc.cluster.local:8080/x failed with status code 503', 'stock'],
    ['No instances available for ts-order-service', 'ts-order-service'],
    ['Unhandled exception: java.lang.NullPointerException', null],
    ['connect to http://10.0.0.7:80 failed', null],
  ])('%s: %s', (message, service) => {
    expect(blamedIn(message)).toBe(service);
  });

  test('the service that a field names, before what the message says', () => {
    expect(blamedBy(log('call to http://cart failed', { upstream: 'stock' }))).toBe('stock');
  });

  test('an unnamed service, if all there is is the status of a gateway', () => {
    expect(blamedBy(log('GET /cart 502', { 'http.response.status_code': 502 }))).toBe(unnamedService);
    expect(blamedBy(log('GET /cart 500', { 'http.response.status_code': 500 }))).toBeNull();
  });

  test('none far down a long message: only its beginning is read', () => {
    expect(blamedIn(`${'x'.repeat(600)} http://payment`)).toBeNull();
  });
});
