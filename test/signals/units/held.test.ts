import { expect, test } from 'vitest';
import { freezeHeld, type HeldUnit, learnLeft, takeLeft } from '../../../signals/units/held.ts';
import { minutes } from '../../../time/duration.ts';

const heldAt = (...starts: readonly number[]): HeldUnit<number>[] =>
  starts.map((minute) => {
    const at = minutes(minute);
    return { start: at, closed: at, did: minute, isFrozen: false };
  });
const minutesOf = (held: readonly HeldUnit<number>[]): readonly number[] => held.map(({ did }) => did);

test('what began in an anomaly is not learned when it leaves the window, and is forgotten when the anomaly is over', () => {
  const held = heldAt(1, 3, 4);
  freezeHeld(held, minutes(3));
  expect(held.map(({ isFrozen }) => isFrozen)).toEqual([false, true, true]);
  freezeHeld(held, undefined);
  expect(minutesOf(held)).toEqual([1]);
});

test('three units are held together with those of the last minute, the oldest leave first, none stays five minutes', () => {
  const held = heldAt(1, 2, 3, 4);
  expect(minutesOf(takeLeft(held, { recent: 1, now: minutes(5) }))).toEqual([1, 2]);
  expect(minutesOf(held)).toEqual([3, 4]);
  expect(minutesOf(takeLeft(held, { recent: 0, now: minutes(8) }))).toEqual([3]);
  expect(minutesOf(held)).toEqual([4]);
});

test('what was marked or learned is written, and nothing else', () => {
  const written: string[] = [];
  const known = new Map(
    ['cart', 'stock', 'web'].map((name) => [name, { held: heldAt(name === 'web' ? -9 : 3) }] as const),
  );
  const learned: number[] = [];
  const watched = {
    ...{ get: known.get.bind(known), delete: known.delete.bind(known), entries: () => known.entries() },
    set: (name: string) => written.push(name),
  };
  learnLeft(watched, {
    frozenFrom: (name) => (name === 'cart' ? minutes(2) : undefined),
    recentOf: () => 0,
    learn: (_, did: number) => void learned.push(did),
    now: minutes(5),
  });
  expect(written).toEqual(['cart', 'web']);
  expect(learned).toEqual([-9]);
});
