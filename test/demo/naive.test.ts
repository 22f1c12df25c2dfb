import { describe, expect, test } from 'vitest';
import { NaiveDetector, saysError } from '../../demo/naive.ts';
import { day, minute } from '../support/demo-lines.ts';

/** The alarms of a service that has so many errors in each minute, as minutes. */
function alarms(errors: readonly number[]): number[] {
  const naive = new NaiveDetector({ factor: 3, least: 5 });
  for (const [i, n] of [...errors, 0].entries()) naive.add('cart', day + i * minute, n);
  return naive.events.map((event) => (Date.parse(event.detected_at) - day) / minute);
}

const hour = (n: number) => new Array<number>(60).fill(n);

describe('NaiveDetector', () => {
  test('alarms at the end of a minute with three times the usual and five errors', () => {
    expect(alarms([...hour(2), 6])).toEqual([61]);
    expect(alarms([...hour(2), 5])).toEqual([]);
    expect(alarms([...hour(1), 4])).toEqual([]);
    expect(alarms([...hour(0), 5])).toEqual([61]);
  });

  test('says nothing of a service that it has known for less than an hour', () => {
    expect(alarms([...hour(0).slice(1), 50])).toEqual([]);
  });

  test('is quiet while minutes go on being too high and for ten minutes after', () => {
    const calm = new Array<number>(10).fill(0);
    expect(alarms([...hour(0), 50, 50, 50, 0, 0, 50])).toEqual([61]);
    expect(alarms([...hour(0), 50, ...calm, 500])).toEqual([61, 72]);
  });

  test('names the service as the cause', () => {
    const naive = new NaiveDetector({ factor: 3, least: 5 });
    for (let i = 0; i <= 61; i++) naive.add('cart', day + i * minute, i === 60 ? 9 : 0);
    expect(naive.events).toMatchObject([{ event: 'opened', services: ['cart'], root_causes: [{ service: 'cart' }] }]);
  });

  test('an error is a level or a status, in any of the shop’s layouts', () => {
    expect(saysError('2026-01-05 12:00:00.000 ERROR [cart] lost')).toBe(true);
    expect(saysError('{\\"level\\":50,\\"msg\\":\\"x\\"}')).toBe(true);
    expect(saysError('1.2.3.4 - - [05/Jan/2026] "GET / HTTP/1.1" 503 12')).toBe(true);
    expect(saysError('2026-01-05 12:00:00.000 INFO [cart] no error')).toBe(false);
    expect(saysError('1.2.3.4 - - [05/Jan/2026] "GET / HTTP/1.1" 200 503')).toBe(false);
  });
});
