/** State in a file whose process is killed, is not the only one, or finds no space. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { embeddedState } from '../../state/embedded.ts';
import { epoch, loaded, value } from '../conformance/state-steps.ts';
import { printed, startChild } from '../support/processes/child.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-state-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const script = join(import.meta.dirname, '../support/processes/committer.ts');

test('a process killed during its commits leaves whole epochs, with every acknowledged one', async () => {
  const path = directory();
  let seen = -1;
  for (let round = 0; round < 3; round++) {
    const child = startChild(script, path);
    const exited = once(child, 'exit');
    seen = await printed(child, seen + 5);
    child.kill('SIGKILL');
    await exited;
    const store = await embeddedState(path);
    const task = await store.open('job', 'task');
    const last = task.meta!.epoch;
    expect(last).toBeGreaterThanOrEqual(seen);
    const keys = Array.from({ length: 500 }, (_, i) => `key-${i}`);
    expect(new Set((await loaded(task, value, keys)).map((entries) => entries[0]![1]))).toEqual(
      new Set([String(last)]),
    );
    expect((await task.outbox()).map(({ seq }) => seq)).toEqual(Array.from({ length: last + 1 }, (_, i) => i));
    await store.close();
    seen = last;
  }
});

test('a second process is refused, and the error names the owner', async () => {
  const path = directory();
  const child = startChild(script, path);
  const exited = once(child, 'exit');
  await printed(child, 0);
  await expect(embeddedState(path)).rejects.toEqual(
    expect.objectContaining({ code: 'EMBEDDED_IN_USE', detail: { path, pid: child.pid } }),
  );
  child.kill('SIGKILL');
  await exited;
  await (await embeddedState(path)).close();
});

test('a commit for which there is no space is refused whole, and the store keeps working', async () => {
  const path = directory();
  const child = startChild(script, path, 'ulimit -f 1000;');
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text) => (errors += text));
  child.stdout!.resume();
  await once(child, 'close');
  expect(errors).toContain('EMBEDDED_DISK_FULL');
  const store = await embeddedState(path);
  const task = await store.open('job', 'task');
  const last = task.meta!.epoch;
  const keys = Array.from({ length: 500 }, (_, i) => `key-${i}`);
  expect(new Set((await loaded(task, value, keys)).map((entries) => entries[0]![1]))).toEqual(new Set([String(last)]));
  await task.commit(epoch(last + 1));
  await store.close();
});
