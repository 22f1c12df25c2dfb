/**
 * A date that is written as the last one is not read again; what a scanner finds does not depend on what it has read.
 */
import { expect, test } from 'vitest';
import { LastDay } from '../../../logs/times/last-day.ts';
import { TimestampScanner } from '../../../logs/times/timestamps.ts';
import { seeded } from '../../fuzz/materials.ts';
import { mutated } from '../../fuzz/mutations.ts';

const dates = ['2026-01-29', '2026-01-30', '2026/01/29', '2026-02-30', '2025-01-29', '2026-1-9', '29/Jan/2026'];
const joints = [' ', 'T', ':', '-', '.', 'x', '', '0 '];
const clocks = ['08:51:24', '08:51:24.967+02:00', '08:51', '25:00:00', '08.51.24', 'Z'];

test('a scanner that has read other times reads as a new one', () => {
  const random = seeded(3);
  const used = new TimestampScanner('UTC');
  const said = (scanner: TimestampScanner, text: string, at: number) => {
    if (!scanner.scan(text, at)) return null;
    const { ms, nanos, end, zoned, dated, epoch } = scanner;
    return { ms, nanos, end, zoned, dated, epoch };
  };
  const whole = dates.flatMap((date) => joints.flatMap((joint) => clocks.map((clock) => `${date}${joint}${clock}`)));
  let found = 0;
  for (let i = 0; i < 4_000; i++) {
    const text = i % 2 === 0 ? whole[random(whole.length)]! : mutated(whole[random(whole.length)]!, random);
    const at = random(3) === 0 ? random(4) : 0;
    const fresh = said(new TimestampScanner('UTC'), text, at);
    // Each is a source of its own: the order of day and month is learnt.
    used.source = `web-${i}`;
    expect(said(used, text, at), text).toEqual(fresh);
    if (fresh !== null) found++;
  }
  expect(found).toBeGreaterThan(500);
});

test('a day that does not exist is not taken for the last one', () => {
  const day = new LastDay();
  expect(day.writtenAt('2026-01-29', 0)).toBeNaN();
  const start = day.start(2026, 1, 29);
  day.note('2026-01-29');
  expect(day.start(2026, 2, 30)).toBeNaN();
  expect([day.start(2026, 1, 29), day.writtenAt('at 2026-01-29', 3)]).toEqual([start, start]);
  expect(day.writtenAt('2026-01-30', 0)).toBeNaN();
});
