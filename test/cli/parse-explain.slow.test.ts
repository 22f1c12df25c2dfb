import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceReport } from '../../logs/explained/source-report.ts';
import { millrace } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const stamp = '2026-01-29T08:51:24.967Z';
const lines = [
  `${stamp} ERROR no stock`,
  '\tat shop.Cart.add(Cart.java:12)',
  '{"level":"warn","msg":"slow"}',
  'no idea',
];

test('millrace parse --explain prints how each file was read in place of its events', async () => {
  const folder = emptyDirectory();
  const files = ['a.log', 'b.log'].map((name) => join(folder, name));
  writeFileSync(files[0]!, lines.join('\n'));
  writeFileSync(files[1]!, `${lines[0]}\n`);
  const { code, out } = await millrace(['parse', '--explain', ...files]);
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.startsWith(folder))).toEqual([
    `${files[0]}: 4 lines, 3 events; time and level known of 33.3 %`,
    `${files[1]}: 1 line, 1 event; time and level known of 100 %`,
  ]);
  expect(out).toContain('no time: {"…":"…","…":"…"}');
});

test('with --json as one object', async () => {
  const { out } = await millrace(['parse', '--explain', '--json', '-', '-'], { input: lines.join('\n') });
  const { sources } = JSON.parse(out) as { sources: readonly SourceReport[] };
  expect(sources[0]).toMatchObject({ source: '-', lines: 4, events: 3, understood: 1 });
  expect(sources[0]!.formats.map(({ format, first_line }) => [format, first_line])).toEqual([
    ['text', 1],
    ['json', 3],
  ]);
});
