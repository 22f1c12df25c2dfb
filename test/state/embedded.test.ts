import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { embeddedState } from '../../state/embedded.ts';
import type { StateStore } from '../../state/store.ts';
import { stateConformance } from '../conformance/state.ts';
import { epoch, loaded, put, value } from '../conformance/state-steps.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-state-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

stateConformance('state in a file', async () => {
  const path = directory();
  let open: StateStore = await embeddedState(path);
  return {
    state: open,
    async reopen() {
      await open.close();
      open = await embeddedState(path);
      return open;
    },
    close: () => open.close(),
  };
});

test("one process can't open a store twice at a time, but can after closing it", async () => {
  const path = directory();
  const store = await embeddedState(path);
  await expect(embeddedState(path)).rejects.toEqual(expect.objectContaining({ code: 'EMBEDDED_IN_USE' }));
  await store.close();
  await (await embeddedState(path)).close();
});

test('an owner whose process id was given to another process is taken over', async () => {
  const path = directory();
  writeFileSync(join(path, 'owner'), `${process.pid} 1`);
  const store = await embeddedState(path);
  await expect(embeddedState(path)).rejects.toEqual(expect.objectContaining({ code: 'EMBEDDED_IN_USE' }));
  await store.close();
});

test('a key that no row can hold is refused before anything is written', async () => {
  const store = await embeddedState(directory());
  const task = await store.open('job', 't');
  const long = epoch(0, { deltas: [put(value, 'a', '1'), put(value, 'ü'.repeat(2100), '1')] });
  await expect(task.commit(long)).rejects.toEqual(expect.objectContaining({ code: 'KEY_TOO_LONG' }));
  expect(await task.spaces()).toEqual([]);
  await task.commit(epoch(0, { deltas: [put(value, 'ü'.repeat(1900), '1')] }));
  expect(await loaded(task, value, ['ü'.repeat(1900)])).toEqual([[['', '1']]]);
  await store.close();
});

describe('a damaged file is a coded error, not a signal', () => {
  const damages: Record<string, (file: string) => void> = {
    'another file in its place': (file) => writeFileSync(file, 'hello '.repeat(10_000)),
    'cut in the middle': (file) => truncateSync(file, 30_000),
    'cut to a hundred bytes': (file) => truncateSync(file, 100),
    'its head overwritten': (file) => overwrite(file, 0, 8192),
    'its second page overwritten': (file) => overwrite(file, 8192, 16_384),
    'its tree overwritten': (file) => overwrite(file, 16_384, readFileSync(file).length),
  };
  for (const [name, damage] of Object.entries(damages)) {
    test(name, async () => {
      const path = directory();
      const store = await embeddedState(path);
      const task = await store.open('job', 't');
      await task.commit(epoch(0, { deltas: Array.from({ length: 2000 }, (_, i) => put(value, `key-${i}`, 'text')) }));
      await store.close();
      damage(join(path, 'data.mdb'));
      const error = await embeddedState(path).catch((caught) => caught);
      expect(error).toEqual(expect.objectContaining({ code: 'STATE_CORRUPT' }));
      expect(error.message).toContain(join(path, 'data.mdb'));
    });
  }
});

function overwrite(file: string, from: number, to: number): void {
  writeFileSync(file, readFileSync(file).fill(0xa5, from, to));
}
