import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbedded } from '../../lmdb/environment.ts';
import { makeDirectory } from '../../lmdb/unusable.ts';
import { embeddedState } from '../../state/embedded.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const unusable = (path: string, reason: string) => ({ code: 'EMBEDDED_UNUSABLE', detail: { path, reason } });
const noDirectory = 'a file is where a directory should be';
const noFile = 'a directory is where a file should be';

test('a file where a directory should be, at any depth, is a coded error that names it', () => {
  const file = join(emptyDirectory(), 'state');
  writeFileSync(file, '');
  expect(() => openEmbedded(file)).toThrow(expect.objectContaining(unusable(file, noDirectory)));
  const below = join(file, 'state');
  expect(() => openEmbedded(below)).toThrow(expect.objectContaining(unusable(below, noDirectory)));
});

test.each(['data.mdb', 'owner'])('a directory in place of %s is a coded error, and is not waited for', (name) => {
  const path = emptyDirectory();
  mkdirSync(join(path, name));
  expect(() => openEmbedded(path)).toThrow(expect.objectContaining({ code: 'EMBEDDED_UNUSABLE' }));
  expect(() => openEmbedded(path)).toThrow(noFile);
  rmSync(join(path, name), { recursive: true });
  return openEmbedded(path).close();
});

test('a named pipe in the directory is a coded error, and is not waited for', () => {
  const path = emptyDirectory();
  // Nothing opens this name, so that without the rule this fails and does not wait.
  expect(spawnSync('mkfifo', [join(path, 'pipe')]).status).toBe(0);
  const reason = 'a named pipe, a socket or a device is where a file should be';
  expect(() => openEmbedded(path)).toThrow(expect.objectContaining(unusable(join(path, 'pipe'), reason)));
});

test('directories are made with those above them, unless they are there', () => {
  const path = join(emptyDirectory(), 'a', 'b');
  makeDirectory(path);
  makeDirectory(path);
  expect(existsSync(path)).toBe(true);
});

// Only Linux has such a place.
test.runIf(existsSync('/proc/self'))('a place where no directory can be made is a coded error', () => {
  const reason = 'the file system lets no directory be made there';
  expect(() => makeDirectory('/proc/none')).toThrow(expect.objectContaining(unusable('/proc/none', reason)));
});

test('names that make too long a key are a coded error, for state and for topics', async () => {
  const long = 'a'.repeat(5_000);
  const tooLong = { code: 'KEY_TOO_LONG', detail: { limit: 4_026 } };
  const state = await embeddedState(emptyDirectory());
  onTestFinished(() => state.close());
  await expect(state.open(long, 't')).rejects.toMatchObject(tooLong);
  const topics = await embeddedTopics(emptyDirectory());
  onTestFinished(() => topics.close());
  await expect(topics.create({ name: long, partitions: 1 })).rejects.toMatchObject(tooLong);
  await expect(topics.describe(long)).rejects.toMatchObject(tooLong);
});

test('a stored row that is no JSON is a damaged file', async () => {
  const path = emptyDirectory();
  const file = openEmbedded(path);
  await file.write(() => file.table('tasks').put(Buffer.from('["job","t"]'), Buffer.from('{"fence":')));
  await file.close();
  const state = await embeddedState(path);
  onTestFinished(() => state.close());
  await expect(state.open('job', 't')).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
});
