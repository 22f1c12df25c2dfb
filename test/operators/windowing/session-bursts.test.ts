/** Values that were folded by several senders before they came to the operator. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Folded } from '../../../graph/op.ts';
import { window } from '../../../operators/window.ts';
import { sessionFold } from '../../../operators/windowing/sessions.ts';
import { type Drive, drive } from '../../../testing/drive.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { session } from '../../../windows/assigner.ts';
import { fired } from '../../support/window-result.ts';

const visits = session(30_000, { lateness: 5_000 });
const total = sum((n: number) => n);
const fold = sessionFold(visits, total);

type Event = readonly [time: number, value: number];

/** What one sender makes of its events: a fold for every stretch of time, as bytes. */
function bursts(events: readonly Event[]): readonly (readonly [slot: number, bytes: Uint8Array])[] {
  const gathered = new Map<number, ReturnType<typeof fold.create>>();
  for (const [time, value] of events) {
    const slot = fold.slot(time);
    gathered.set(slot, fold.add(gathered.get(slot) ?? fold.create(), value, time));
  }
  return [...gathered].map(([slot, burst]) => [slot, fold.codec.encode(burst)]);
}

async function sessionsOf(say: (d: Drive<number>) => void): Promise<readonly string[]> {
  const d = drive(window('sum', visits, total));
  say(d);
  d.watermark(10_000_000);
  return (await d.seen).toSorted();
}

const event = fc.tuple(fc.integer({ min: -200_000, max: 400_000 }), fc.integer({ min: 1, max: 9 }));

test('folds of several senders make the sessions that their values make', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { maxLength: 12 }), { maxLength: 4 }), async (senders) => {
      const alone = await sessionsOf((d) => {
        for (const [time, value] of senders.flat()) d.data(time, value);
      });
      const folded = await sessionsOf((d) => {
        for (const [slot, bytes] of senders.flatMap(bursts))
          d.data(slot, new Folded(fold.codec.decode(bytes)) as unknown as number);
      });
      expect(folded).toEqual(alone);
    }),
  );
});

test('a fold that prolongs a session that fired takes it back', async () => {
  const seen = await sessionsOf((d) => {
    d.data(0, 1);
    d.watermark(30_999);
    const late: readonly Event[] = [
      [29_000, 2],
      [15_000, 3],
    ];
    for (const [slot, bytes] of bursts(late)) d.data(slot, new Folded(fold.codec.decode(bytes)) as unknown as number);
  });
  expect(seen.filter((line) => !line.startsWith('~'))).toEqual(
    [
      fired(0, 30_000, 1, { at: 30_999 }),
      fired(0, 30_000, 1, { at: 30_999, revision: 1, retracted: true }),
      fired(0, 59_000, 6, { at: 59_999 }),
    ].toSorted(),
  );
});

test('a value is sent by itself when the stretch it falls in may be over', () => {
  // The session of a value at 0 ends at 30,000, is complete at 30,999 and forgotten at 35,999.
  expect(fold.isLate(fold.slot(0), 35_998)).toBe(false);
  expect(fold.isLate(fold.slot(0), 35_999)).toBe(true);
  expect(fold.isLate(fold.slot(29_999), 35_999)).toBe(true);
});
