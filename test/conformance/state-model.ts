/** Random operations against a model that is too simple to be wrong. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { OutboxEntry, TaskState } from '../../state/store.ts';
import { epoch, map, put, type StateTest, value } from './state-steps.ts';

/** Short keys out of few, so that they meet; with bytes that separators and encodings are made of. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'aa', 'b', '\0', 'a\0', '0', 'ü', '😀', '￿'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

/** Some long, so that a few of them are too many to be kept together. */
const content = fc.oneof({ weight: 4, arbitrary: fc.string({ maxLength: 5 }) }, fc.constant('x'.repeat(700)));

const delta = fc.record({
  isMap: fc.boolean(),
  key: text,
  sub: text,
  bytes: fc.option(content, { freq: 3 }),
});

const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      deltas: fc.array(delta, { maxLength: 12 }),
      lanes: fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take over' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      lane: fc.constantFrom('a', 'b'),
      behind: fc.nat(4),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), isMap: fc.boolean() }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

class Model {
  entries = new Map<string, string>();
  outbox: OutboxEntry[] = [];
  epoch = -1;
  seq = 0;

  /** Does the operation to model and task alike; the result is the task's owner from now on. */
  async apply(op: Operation, task: TaskState, takeOver: () => Promise<TaskState>): Promise<TaskState> {
    if (op.kind === 'take over') return takeOver();
    if (op.kind === 'acknowledge') {
      const seq = this.seq - op.behind;
      if (seq < 0) return task;
      await task.acknowledge(op.lane, seq);
      this.outbox = this.outbox.filter((entry) => entry.lane !== op.lane || entry.seq > seq);
    }
    if (op.kind === 'drop') {
      const space = op.isMap ? map : value;
      await task.drop([space]);
      for (const id of [...this.entries.keys()]) if (JSON.parse(id)[0] === space.name) this.entries.delete(id);
    }
    if (op.kind === 'commit') {
      const deltas = op.deltas.map((d) => put(d.isMap ? map : value, d.key, d.bytes, d.isMap ? d.sub : ''));
      const outbox = op.lanes.map((lane) => ({
        lane,
        seq: this.seq++,
        epoch: this.epoch + 1,
        payload: Buffer.from(lane),
      }));
      await task.commit(epoch(++this.epoch, { deltas, outbox }));
      for (const { space, key, sub, value: bytes } of deltas) {
        const id = JSON.stringify([space, key, sub]);
        if (bytes === null) this.entries.delete(id);
        else this.entries.set(id, bytes.toString());
      }
      this.outbox.push(...outbox);
    }
    return task;
  }
}

async function contents(task: TaskState): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const space of [value, map]) {
    for await (const page of task.scan(space)) {
      for (const [key, sub, bytes] of page)
        found.set(JSON.stringify([space.name, key, sub]), Buffer.from(bytes).toString());
    }
  }
  return found;
}

async function contentsByKey(task: TaskState, model: Model): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const space of [value, map]) {
    const ids = [...model.entries.keys()].map((id) => JSON.parse(id) as [string, string, string]);
    const keys = [...new Set(ids.filter(([name]) => name === space.name).map(([, key]) => key))];
    const all = await task.load(space, keys);
    all.forEach((entries, i) => {
      for (const [sub, bytes] of entries)
        found.set(JSON.stringify([space.name, keys[i], sub]), Buffer.from(bytes).toString());
    });
  }
  return found;
}

const sorted = (entries: Iterable<readonly [string, string]>) => [...entries].map((entry) => entry.join(' ')).sort();

export const modelTests: Record<string, StateTest> = {
  async 'any operations leave what a plain model holds'(store, job) {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        const name = `task-${run++}`;
        const model = new Model();
        let task = await store.open(job, name);
        for (const op of operations) task = await model.apply(op, task, () => store.open(job, name, task.fence));
        expect(sorted(await contents(task))).toEqual(sorted(model.entries));
        expect(sorted(await contentsByKey(task, model))).toEqual(sorted(model.entries));
        const spaces = new Set([...model.entries.keys()].map((id) => JSON.parse(id)[0] as string));
        expect([...(await task.spaces())].sort()).toEqual([...spaces].sort());
        const order = [...model.outbox].sort((a, b) => (a.lane === b.lane ? a.seq - b.seq : a.lane < b.lane ? -1 : 1));
        expect((await task.outbox()).map(({ lane, seq, epoch }) => ({ lane, seq, epoch }))).toEqual(
          order.map(({ lane, seq, epoch }) => ({ lane, seq, epoch })),
        );
      }),
      { numRuns: 60, seed: 7 },
    );
  },
};
