import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as millrace from '../../index.ts';
import * as testing from '../../testing/index.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the first job of the README is the first job of the project', () => {
  const job = readFileSync(join(root, 'jobs/error-spikes.ts'), 'utf8');
  const body = job.slice(job.lastIndexOf("from '") + job.slice(job.lastIndexOf("from '")).indexOf('\n')).trim();
  expect(readme).toContain(body);
  expect(job.trim().split('\n').length).toBeLessThanOrEqual(40);
});

test('the README names every public function', () => {
  const functions = Object.entries({ ...millrace, ...testing })
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  expect(functions.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
