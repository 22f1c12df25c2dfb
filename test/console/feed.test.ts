import { expect, test } from 'vitest';
import { emptyFeed, needsSnapshot, receive } from '../../console/feed.ts';
import type { ConsoleEvent, Snapshot } from '../../console/snapshot.ts';

const snapshot = (revision: number): ConsoleEvent => ({
  kind: 'snapshot',
  snapshot: { revision, now: revision, linesTotal: 0 } as Snapshot,
});
const delta = (revision: number): ConsoleEvent => ({ kind: 'delta', delta: { revision, now: revision } });
const after = (...events: readonly ConsoleEvent[]) => events.reduce(receive, emptyFeed);

test('deltas that come before the snapshot are applied once it is there', () => {
  const feed = after(delta(4), delta(5), snapshot(4));
  expect(feed.snapshot?.now).toBe(5);
  expect(needsSnapshot(feed)).toBe(false);
});

test('a delta that the snapshot contains already is skipped', () => {
  expect(after(snapshot(4), delta(3)).snapshot?.now).toBe(4);
});

test('a gap shows the old state and asks for a snapshot, which closes it', () => {
  const gapped = after(snapshot(1), delta(3));
  expect(gapped.snapshot?.now).toBe(1);
  expect(needsSnapshot(gapped)).toBe(true);
  const closed = receive(gapped, snapshot(2));
  expect(closed.snapshot?.now).toBe(3);
  expect(needsSnapshot(closed)).toBe(false);
});

test('a snapshot that was overtaken by deltas does not turn time back', () => {
  expect(after(snapshot(1), delta(2), delta(3), snapshot(2)).snapshot?.now).toBe(3);
});

test('what waits is bounded', () => {
  const many = Array.from({ length: 500 }, (_, i) => delta(i + 10));
  expect(after(...many).waiting.length).toBeLessThan(100);
});
