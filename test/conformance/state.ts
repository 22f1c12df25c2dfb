/** What every StateStore promises, whatever keeps it. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { StateStore } from '../../state/store.ts';
import { modelTests } from './state-model.ts';
import { epoch, lanes, loaded, map, put, type StateTest, type StateUnderTest, value, waiting } from './state-steps.ts';
import { type Skip, suite } from './suite.ts';

const refused = (code: string) => expect.objectContaining({ code });

/** Runs the suite; `make` gives an empty store, or one whose other jobs are not in the way. */
export function stateConformance(name: string, make: () => Promise<StateUnderTest>, skips: readonly Skip[] = []): void {
  const using = (run: (store: StateStore, job: string, under: StateUnderTest) => Promise<void>) => async () => {
    const under = await make();
    try {
      await run(under.state, `job-${randomUUID()}`, under);
    } finally {
      await under.close();
    }
  };
  const tests = { ...ownership, ...entries, ...delivery, ...modelTests };
  const bound = Object.entries(tests).map(([title, run]) => [title, using(run)] as const);
  suite(name, Object.fromEntries(bound), skips);
}

const ownership: Record<string, StateTest> = {
  async 'a task that never committed has no meta'(store, job) {
    expect((await store.open(job, 't')).meta).toBeUndefined();
  },
  async 'each owner has a higher fence and finds the meta of the last commit'(store, job) {
    const first = await store.open(job, 't');
    await first.commit(epoch(0));
    const last = epoch(1);
    await first.commit(last);
    const second = await store.open(job, 't', first.fence);
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(second.meta).toEqual(last.meta);
  },
  async 'tasks and jobs are separate'(store, job) {
    const [a, b, other] = [await store.open(job, 'a'), await store.open(job, 'b'), await store.open(`${job}x`, 'a')];
    await a.commit(epoch(0, { deltas: [put(value, 'k', 'a')], outbox: [waiting('topics', 0)] }));
    await b.commit(epoch(0, { deltas: [put(value, 'k', 'b')] }));
    expect(await loaded(b, value, ['k'])).toEqual([[['', 'b']]]);
    expect(await loaded(other, value, ['k'])).toEqual([[]]);
    expect(await lanes(b)).toEqual([]);
    expect(await other.spaces()).toEqual([]);
  },
  async 'the first epoch is 0'(store, job) {
    const task = await store.open(job, 't');
    await expect(task.commit(epoch(1))).rejects.toEqual(refused('STATE_EPOCH_GAP'));
    await task.commit(epoch(0));
  },
  async 'an epoch that does not follow the last one is refused whole'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0));
    const gap = epoch(2, { deltas: [put(value, 'k', 'gap')], outbox: [waiting('topics', 1)] });
    await expect(task.commit(gap)).rejects.toEqual(refused('STATE_EPOCH_GAP'));
    await expect(task.commit(epoch(0))).rejects.toEqual(refused('STATE_EPOCH_GAP'));
    expect(await loaded(task, value, ['k'])).toEqual([[]]);
    expect(await lanes(task)).toEqual([]);
    await task.commit(epoch(1));
  },
  async 'a former owner can write nothing'(store, job) {
    const zombie = await store.open(job, 't');
    await zombie.commit(epoch(0, { deltas: [put(value, 'k', 'kept')], outbox: [waiting('topics', 0)] }));
    const owner = await store.open(job, 't');
    const late = epoch(1, { deltas: [put(value, 'k', 'late')] });
    await expect(zombie.commit(late)).rejects.toEqual(refused('STATE_FENCED'));
    await expect(zombie.acknowledge('topics', 0)).rejects.toEqual(refused('STATE_FENCED'));
    await expect(zombie.drop([value])).rejects.toEqual(refused('STATE_FENCED'));
    expect(await loaded(owner, value, ['k'])).toEqual([[['', 'kept']]]);
    expect(await lanes(owner)).toEqual(['topics:0:topics-0']);
    await owner.commit(epoch(1));
  },
  async 'a resent commit is a success and changes nothing'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0));
    const commit = epoch(1, { commitId: 'same', deltas: [put(value, 'k', 'v')], outbox: [waiting('topics', 0)] });
    await task.commit(commit);
    await task.acknowledge('topics', 0);
    await task.commit(commit);
    expect(await lanes(task)).toEqual([]);
    await task.commit(epoch(2));
  },
  async 'a resent commit of a former owner is refused'(store, job) {
    const zombie = await store.open(job, 't');
    const commit = epoch(0);
    await zombie.commit(commit);
    await store.open(job, 't');
    await expect(zombie.commit(commit)).rejects.toEqual(refused('STATE_FENCED'));
  },
  async 'a fence below one already seen is a lost write'(store, job) {
    const { fence } = await store.open(job, 't');
    await expect(store.open(job, 't', fence + 1)).rejects.toEqual(refused('STATE_LOST_WRITES'));
    expect((await store.open(job, 't', fence)).fence).toBeGreaterThan(fence);
  },
  async 'reset forgets one job and fences its owners permanently'(store, job) {
    const before = await store.open(job, 't');
    await before.commit(
      epoch(0, { deltas: [put(value, 'k', 'v'), put(map, 'k', 'v', 's')], outbox: [waiting('t', 0)] }),
    );
    const other = await store.open(`${job}0`, 't');
    await other.commit(epoch(0, { deltas: [put(value, 'k', 'other')] }));
    await store.reset(job);
    const after = await store.open(job, 't', before.fence);
    expect(after.meta).toBeUndefined();
    expect([await after.spaces(), await lanes(after), await loaded(after, value, ['k'])]).toEqual([[], [], [[]]]);
    expect([before.resets, after.resets, (await store.open(job, 't')).resets]).toEqual([0, 1, 1]);
    await expect(before.commit(epoch(1))).rejects.toEqual(refused('STATE_FENCED'));
    await (await store.open(job, 't')).commit(epoch(0));
    expect(await loaded(other, value, ['k'])).toEqual([[['', 'other']]]);
  },
  async 'what was confirmed is there after reopening'(store, job, { reopen }) {
    const task = await store.open(job, 't');
    const deltas = [put(value, 'k', 'v'), put(map, 'k', 'one', '1'), put(map, 'k', 'two', '2')];
    const first = epoch(0, { deltas, outbox: [waiting('topics', 0), waiting('topics', 1)] });
    await task.commit(first);
    await task.acknowledge('topics', 0);
    await task.confirm();
    const again = await (await reopen!()).open(job, 't', task.fence);
    expect(again.fence).toBeGreaterThan(task.fence);
    expect(again.meta).toEqual(first.meta);
    expect(await loaded(again, map, ['k'])).toEqual([
      [
        ['1', 'one'],
        ['2', 'two'],
      ],
    ]);
    expect(await loaded(again, value, ['k'])).toEqual([[['', 'v']]]);
    expect(await lanes(again)).toEqual(['topics:1:topics-1']);
    expect(await again.spaces()).toEqual([value.name, map.name]);
    await again.commit(epoch(1));
  },
};

const entries: Record<string, StateTest> = {
  async 'deltas insert, replace and delete; the last of one entry wins'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0, { deltas: [put(value, 'a', '1'), put(value, 'b', '1'), put(value, 'c', '1')] }));
    const next = [put(value, 'a', '2'), put(value, 'b', null), put(value, 'c', null), put(value, 'c', '3')];
    await task.commit(epoch(1, { deltas: [...next, put(value, 'never', null)] }));
    expect(await loaded(task, value, ['a', 'b', 'c', 'never'])).toEqual([[['', '2']], [], [['', '3']], []]);
  },
  async 'a map holds many entries per key, each on its own'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(
      epoch(0, { deltas: [put(map, 'k', '1', 'a'), put(map, 'k', '2', 'b'), put(map, 'kk', '3', 'a')] }),
    );
    await task.commit(
      epoch(1, { deltas: [put(map, 'k', null, 'a'), put(map, 'k', '4', 'c'), put(map, 'ka', '5', '')] }),
    );
    const expected = [
      [
        ['b', '2'],
        ['c', '4'],
      ],
      [['a', '3']],
      [['', '5']],
    ];
    expect(await loaded(task, map, ['k', 'kk', 'ka'])).toEqual(expected);
  },
  async 'a map may outgrow its neighbours, be emptied and begin again'(store, job) {
    const task = await store.open(job, 't');
    const subs = Array.from({ length: 200 }, (_, i) => `sub-${String(i).padStart(3, '0')}`);
    const all = (from: number, to: number, text: string | null) =>
      subs.slice(from, to).map((sub) => put(map, 'large', text, sub));
    const small = put(map, 'small', '1', 'a');
    const expected = (from: number, text: string) => subs.slice(from).map((sub) => [sub, text]);
    const held = async () => {
      const found = await loaded(task, map, ['large', 'small', 'none']);
      const scanned: string[] = [];
      for await (const page of task.scan(map)) scanned.push(...page.map(([key, sub]) => `${key} ${sub}`));
      expect(scanned.sort()).toEqual([...found[0]!.map(([sub]) => `large ${sub}`), 'small a']);
      expect(found.slice(1)).toEqual([[['a', '1']], []]);
      return found[0];
    };
    await task.commit(epoch(0, { deltas: [...all(0, 3, 'few'), small] }));
    await task.commit(epoch(1, { deltas: all(0, 60, 'some') }));
    await task.commit(epoch(2, { deltas: all(0, 200, 'many') }));
    expect(await held()).toEqual(expected(0, 'many'));
    await task.commit(epoch(3, { deltas: [...all(0, 190, null), ...all(190, 200, 'left')] }));
    expect(await held()).toEqual(expected(190, 'left'));
    await task.commit(epoch(4, { deltas: [...all(190, 200, null), ...all(199, 200, 'again')] }));
    expect(await held()).toEqual(expected(199, 'again'));
    await task.commit(epoch(5, { deltas: [...all(0, 200, 'x'), ...all(0, 200, null)] }));
    expect(await held()).toEqual([]);
    await task.commit(epoch(6, { deltas: all(198, 200, 'new') }));
    expect(await held()).toEqual(expected(198, 'new'));
  },
  async 'load answers in the order of the keys, also for repeated and missing keys'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0, { deltas: [put(value, 'a', '1'), put(value, 'b', '2')] }));
    expect(await loaded(task, value, ['b', '-', 'a', 'b'])).toEqual([[['', '2']], [], [['', '1']], [['', '2']]]);
    expect(await loaded(task, value, [])).toEqual([]);
    expect(await loaded(task, { name: 'un/known', kind: 'map' }, ['a'])).toEqual([[]]);
  },
  async 'bytes stay what they were, empty and binary ones too'(store, job) {
    const task = await store.open(job, 't');
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const reused = Uint8Array.from([1, 2, 3]);
    const of = (key: string, bytes: Uint8Array) => ({ space: value.name, key, sub: '', value: bytes });
    await task.commit(epoch(0, { deltas: [of('all', all), of('empty', new Uint8Array()), of('reused', reused)] }));
    reused.fill(9);
    const first = (await task.load(value, ['all', 'empty', 'reused'])).map((found) => [...found[0]![1]]);
    expect(first).toEqual([[...all], [], [1, 2, 3]]);
    (await task.load(value, ['reused']))[0]![0]![1].fill(7);
    expect([...(await task.load(value, ['reused']))[0]![0]![1]]).toEqual([1, 2, 3]);
  },
  async 'scan gives every entry of one space once'(store, job) {
    const task = await store.open(job, 't');
    const deltas = Array.from({ length: 2_500 }, (_, i) => put(map, `key-${i % 50}`, String(i), `sub-${i}`));
    await task.commit(epoch(0, { deltas: [...deltas, put(value, 'k', 'not asked for')] }));
    const found: string[] = [];
    for await (const page of task.scan(map))
      for (const [key, sub, bytes] of page) found.push(`${key} ${sub} ${Buffer.from(bytes)}`);
    expect(found.sort()).toEqual(deltas.map(({ key, sub, value }) => `${key} ${sub} ${value}`).sort());
    for await (const page of task.scan({ name: 'un/known', kind: 'value' })) expect(page).toEqual([]);
  },
  async 'drop empties the named spaces, and spaces names those that hold entries'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(
      epoch(0, { deltas: [put(value, 'k', '1'), put(map, 'k', '1', 'a'), put({ ...map, name: 'x/y' }, 'k', '1')] }),
    );
    expect([...(await task.spaces())].sort()).toEqual(['count/value', 'join/map', 'x/y']);
    await task.drop([map, { name: 'un/known', kind: 'value' }]);
    await task.commit(epoch(1, { deltas: [put({ ...map, name: 'x/y' }, 'k', null)] }));
    expect(await task.spaces()).toEqual(['count/value']);
    expect(await loaded(task, map, ['k'])).toEqual([[]]);
  },
};

const delivery: Record<string, StateTest> = {
  async 'the outbox is ordered by lane and seq, across commits'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0, { outbox: [waiting('topics', 1), waiting('rows', 9), waiting('topics', 2)] }));
    await task.commit(epoch(1, { outbox: [waiting('topics', 10), waiting('rows', 10), waiting('rows', 300)] }));
    const order = ['rows:9', 'rows:10', 'rows:300', 'topics:1', 'topics:2', 'topics:10'];
    expect((await lanes(task)).map((entry) => entry.split(':', 2).join(':'))).toEqual(order);
  },
  async 'an entry keeps its epoch and payload over a take-over'(store, job) {
    const entry = { lane: 'rows', seq: 7, epoch: 3, payload: Uint8Array.from([0, 255, 10]) };
    await (await store.open(job, 't')).commit(epoch(0, { outbox: [entry] }));
    const [found] = await (await store.open(job, 't')).outbox();
    expect({ ...found, payload: [...found!.payload] }).toEqual({ ...entry, payload: [0, 255, 10] });
  },
  async 'acknowledging drops one lane up to and including seq'(store, job) {
    const task = await store.open(job, 't');
    await task.commit(epoch(0, { outbox: [waiting('a', 1), waiting('a', 2), waiting('a', 3), waiting('b', 1)] }));
    await task.acknowledge('a', 2);
    expect(await lanes(task)).toEqual(['a:3:a-3', 'b:1:b-1']);
    await task.acknowledge('a', 1);
    await task.acknowledge('unknown', 5);
    expect(await lanes(task)).toEqual(['a:3:a-3', 'b:1:b-1']);
  },
};
