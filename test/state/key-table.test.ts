import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { mapState, valueState } from '../../state/cells.ts';
import type { KeySlot } from '../../state/entry.ts';
import type { Key } from '../../state/key.ts';
import { KeyTable } from '../../state/key-table.ts';
import { memoryState } from '../../state/memory.ts';
import type { Pace } from '../../state/reading-ahead.ts';
import type { StateStore, TaskState } from '../../state/store.ts';

/** A table with a value and a map, over a store; counts what it asks the store for. */
class Life {
  readonly table: KeyTable;
  readonly task: TaskState;
  readonly asked = { loads: 0, pages: 0 };
  readonly #value;
  readonly #map;

  static async open(store: StateStore, how: { limit: number; pace?: Pace; page?: number }): Promise<Life> {
    const life = new Life(await store.open('job', 't'), how);
    await life.table.warm();
    return life;
  }

  constructor(task: TaskState, { limit, pace, page = 3 }: { limit: number; pace?: Pace; page?: number }) {
    const { asked } = this;
    this.task = {
      ...task,
      load: (space, keys) => {
        asked.loads++;
        return task.load(space, keys);
      },
      async *scan(space) {
        for await (const entries of task.scan(space)) {
          for (let from = 0; from < entries.length; from += page) {
            asked.pages++;
            yield entries.slice(from, from + page);
          }
        }
      },
    };
    this.table = new KeyTable(this.task, limit, { ...(pace === undefined ? {} : { pace }) });
    const how = { codec: int, expiry: undefined, lazy: false };
    const declare = (name: string, kind: 'value' | 'map') =>
      this.table.declare({ space: { name, kind }, ...how } as Parameters<KeyTable['declare']>[0]);
    this.#value = valueState<number>(declare('op/value', 'value'));
    this.#map = mapState<string, number>(declare('op/map', 'map'), 100);
  }

  /** Brings the keys in, as a gate does, and does something with each. */
  async batch(keys: readonly Key[], act: (value: Life['value'], map: Life['map'], key: Key) => void): Promise<void> {
    const distinct = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
    const missing = distinct.filter((key) => this.#slotOf(key) === undefined);
    if (missing.length > 0) await this.table.load(missing);
    for (const key of keys) {
      this.table.current = this.table.find(key) as KeySlot;
      this.#slots.set(JSON.stringify(key), this.table.current);
      act(this.#value, this.#map, key);
    }
  }

  /** By the slot that the key had once, as a waiting timer holds it; that must be no other than the one it has. */
  #slotOf(key: Key): KeySlot | undefined {
    const slot = this.table.slotOf(this.#slots.get(JSON.stringify(key)) ?? key);
    expect(slot).toBe(this.table.find(key));
    return slot;
  }
  readonly #slots = new Map<string, KeySlot>();

  get value() {
    return this.#value;
  }

  get map() {
    return this.#map;
  }

  async commit(): Promise<number> {
    const deltas = this.table.freeze();
    const epoch = (this.#epoch ?? this.task.meta?.epoch ?? -1) + 1;
    this.#epoch = epoch;
    const meta = { generation: 1, epoch, commitId: `c${epoch}`, positions: {}, runtime: null };
    await this.task.commit({ meta, deltas, outbox: [] });
    this.table.evict();
    return deltas.length;
  }
  #epoch: number | undefined;
}

type Model = Map<string, { value: number | undefined; map: Map<string, number> }>;

const keys = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom('a', 'b', '1'), fc.constant(['a', 1] as const));
const change = fc.record({
  key: keys,
  value: fc.option(fc.nat(9)),
  sub: fc.constantFrom('x', 'y', 'z'),
  in: fc.nat(9),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(change, { minLength: 1, maxLength: 6 }) },
  { weight: 3, arbitrary: fc.constant('commit' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

for (const limit of [5, 15, 1_000]) {
  test(`any changes, commits and restarts of a table of ${limit} keys are those of a plain map`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(8), async (steps, first) => {
        const store = memoryState();
        const how = { limit, pace: { first, next: 4 } };
        let life = await Life.open(store, how);
        const model: Model = new Map();
        for (const each of steps) {
          if (each === 'commit') await life.commit();
          else if (each === 'restart') {
            await life.commit();
            life = await Life.open(store, how);
          } else await changeAll(life, model, each);
        }
        await life.commit();
        expect(life.table.size).toBeLessThanOrEqual(limit);
        const last = await Life.open(store, { limit: Number.POSITIVE_INFINITY });
        await changeAll(last, model, []);
      }),
      { numRuns: 150, seed: 11 },
    );
  });
}

/** Changes table and model alike; before, what the table holds of a key must be what the model does. */
async function changeAll(
  life: Life,
  model: Model,
  changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const all = changes.length > 0 ? changes.map((c) => c.key) : [...model.keys()].map((text) => JSON.parse(text) as Key);
  let i = 0;
  await life.batch(all, (value, map, key) => {
    const id = JSON.stringify(key);
    const held = model.get(id) ?? { value: undefined, map: new Map<string, number>() };
    expect([id, value.get(), [...map.entries()].sort()]).toEqual([id, held.value, [...held.map].sort()]);
    const next = changes[i++];
    if (next === undefined) return;
    if (next.value === null) {
      value.clear();
      map.clear();
      model.delete(id);
      return;
    }
    value.set(next.value);
    held.value = next.value;
    if (next.in > 6) map.delete(next.sub);
    else map.set(next.sub, next.in);
    if (next.in > 6) held.map.delete(next.sub);
    else held.map.set(next.sub, next.in);
    model.set(id, held);
  });
}

test('a large state is not read completely before the first key is loaded, but is complete some loads later', async () => {
  const store = memoryState();
  const first = await Life.open(store, { limit: 1e6 });
  const all = Array.from({ length: 1_000 }, (_, i) => i);
  await first.batch(all, (value, map, key) => {
    value.set(Number(key));
    map.set('x', 1);
  });
  await first.commit();
  const again = await Life.open(store, { limit: 1e6, page: 10, pace: { first: 20, next: 100 } });
  expect(again.asked.pages).toBeLessThanOrEqual(10);
  for (let from = 0; from < 1_000; from += 50) {
    await again.batch(all.slice(from, from + 50), (value, _map, key) => expect(value.get()).toBe(key));
  }
  const { loads } = again.asked;
  expect(loads).toBeLessThanOrEqual(2 * 20);
  // Now an unknown key needs no look-up.
  await again.batch([5_000], (value) => expect(value.get()).toBeUndefined());
  expect(again.asked.loads).toBe(loads);
});

test('an entry deleted while older pages are read stays deleted', async () => {
  const store = memoryState();
  const all = Array.from({ length: 100 }, (_, i) => i);
  const first = await Life.open(store, { limit: 1e6 });
  await first.batch(all, (value) => value.set(1));
  await first.commit();
  const again = await Life.open(store, { limit: 1e6, page: 5, pace: { first: 5, next: 5 } });
  await again.batch(all.slice(50), (value) => value.clear());
  await again.commit();
  for (const key of all.slice(0, 50)) await again.batch([key], (value) => expect(value.get()).toBe(1));
  expect(again.table.size).toBe(50);
  await again.batch(all.slice(50), (value) => expect(value.get()).toBeUndefined());
});

test('a key set ten times the limit works, and an epoch evicts what it brought in', async () => {
  const store = memoryState();
  const limit = 2_000;
  let life = await Life.open(store, { limit });
  const counts = new Map<number, number>();
  for (let epoch = 0; epoch < 60; epoch++) {
    if (epoch === 30) life = await Life.open(store, { limit, page: 500 });
    const keysNow = Array.from({ length: 1_000 }, (_, i) => (epoch * 7_919 + i * 13) % 20_000);
    await life.batch(keysNow, (value, _map, key) => {
      const before = counts.get(key as number);
      expect(value.get()).toBe(before);
      value.set((before ?? 0) + 1);
      counts.set(key as number, (before ?? 0) + 1);
    });
    await life.commit();
    expect(life.table.size).toBeLessThanOrEqual(limit);
  }
});

test('keys used in every epoch stay in memory while other keys come and go', async () => {
  const life = await Life.open(memoryState(), { limit: 100 });
  const hot = Array.from({ length: 50 }, (_, i) => i);
  for (let epoch = 0; epoch < 20; epoch++) {
    const kept = hot.filter((key) => life.table.find(key) !== undefined).length;
    if (epoch > 0) expect([epoch, kept]).toEqual([epoch, hot.length]);
    const passing = Array.from({ length: 40 }, (_, i) => 1_000 + epoch * 40 + i);
    await life.batch([...hot, ...passing], (value) => value.set(1));
    await life.commit();
  }
});
