import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAddress, leaveAddress } from '../../../cli/parts/table-address.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const address = { url: 'http://127.0.0.1:1', token: 'secret' };

test('an address is found while its process runs, and is gone once it is taken away', () => {
  const dir = emptyDirectory();
  const remove = leaveAddress(dir, address);
  expect(findAddress(dir)).toEqual(address);
  remove();
  expect(existsSync(join(dir, 'tables.json'))).toBe(false);
});

test('an address of a process that has ended is not followed, since its port may be another’s', () => {
  const dir = emptyDirectory();
  leaveAddress(dir, address);
  const file = join(dir, 'tables.json');
  const { pid } = spawnSync('true');
  const left = JSON.parse(readFileSync(file, 'utf8'));
  for (const holder of [`${pid} 12345`, `${process.pid} 1`, undefined]) {
    writeFileSync(file, JSON.stringify({ ...left, process: holder }));
    expect(findAddress(dir), holder).toBeUndefined();
  }
});

test.each(['', '{', 'null', '[]', '{"url":1}'])('a file that says %j names none', (text) => {
  const dir = emptyDirectory();
  writeFileSync(join(dir, 'tables.json'), text);
  expect(findAddress(dir)).toBeUndefined();
});
