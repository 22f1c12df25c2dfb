import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endingWhen, Input } from '../../../cli/incidents/input.ts';
import { files } from '../../../connectors/files/files.ts';
import type { Ports, SourceReader } from '../../../graph/connector.ts';
import type { Json } from '../../../state/store.ts';
import { systemClock } from '../../../time/clock.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const ports = { clock: systemClock } as Ports;
const limit = { maxRecords: 3, maxBytes: 1 << 20 };

function log(lines: number): string {
  const path = join(emptyDirectory(), 'app.log');
  writeFileSync(path, Array.from({ length: lines }, (_, i) => `line ${i}\n`).join(''));
  return path;
}

/** Reads on from `position`; returns where it came to. */
async function readOn(reader: SourceReader<unknown>, position: Json, polls: number): Promise<Json> {
  const [split] = await reader.splits();
  for (let i = 0; i < polls; i++) {
    const batch = await reader.poll(split!, position, limit);
    if (typeof batch === 'object') position = batch.next;
  }
  return position;
}

test('lines that are read again after a failure are counted once', async () => {
  const input = new Input();
  const source = input.of(files([log(10)], { follow: false }));
  const first = await source.open(ports);
  const start = await first.start((await first.splits())[0]!);
  const committed = await readOn(first, start, 1);
  await readOn(first, committed, 1);
  await first.close();
  expect(input.lines).toBe(6);
  const second = await source.open(ports);
  await readOn(second, committed, 10);
  await second.close();
  expect(input.lines).toBe(10);
});

test('an input is over when every split of it is, and not before there is one', async () => {
  const input = new Input();
  expect(input.isOver).toBe(false);
  const reader = await input.of(files([log(2)], { follow: false })).open(ports);
  const start = await reader.start((await reader.splits())[0]!);
  const end = await readOn(reader, start, 1);
  expect(input.isOver).toBe(false);
  await readOn(reader, end, 2);
  expect(input.isOver).toBe(true);
  await reader.close();
});

test('a followed file ends when another input is over, with all that stood in it', async () => {
  let isOver = false;
  const path = log(1);
  const reader = await endingWhen(files([path]), () => isOver).open(ports);
  const [split] = await reader.splits();
  let position = await readOn(reader, await reader.start(split!), 1);
  expect(await reader.poll(split!, position, limit)).toBeUndefined();
  appendFileSync(path, 'the last line\n');
  isOver = true;
  const batch = await reader.poll(split!, position, limit);
  expect(batch).toMatchObject({ values: [{ line: 'the last line' }] });
  position = (batch as { next: Json }).next;
  expect(await reader.poll(split!, position, limit)).toBe('ended');
  await reader.close();
});
