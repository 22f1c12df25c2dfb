/** A process of its own for the tests of the embedded store: commits epoch after epoch until it is killed. */
import { embeddedState } from '../../../state/embedded.ts';

const store = await embeddedState(process.argv[2]!);
const task = await store.open('job', 'task');
for (let n = (task.meta?.epoch ?? -1) + 1; ; n++) {
  const meta = { generation: 1, epoch: n, commitId: `commit-${n}`, positions: {}, runtime: null };
  const deltas = Array.from({ length: 500 }, (_, i) => {
    return { space: 'count/value', key: `key-${i}`, sub: '', value: Buffer.from(String(n)) };
  });
  await task.commit({ meta, deltas, outbox: [{ lane: 'topics', seq: n, epoch: n, payload: Buffer.alloc(1000) }] });
  process.stdout.write(`${n}\n`);
}
