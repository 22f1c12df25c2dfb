import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { millrace, objects } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { drawing } from '../support/series/kinds.ts';

const start = Date.UTC(2026, 0, 5);
const draw = drawing(7);
const point = (minute: number, fields: object): string =>
  JSON.stringify({ timestamp: new Date(start + minute * 60_000).toISOString(), service: 'cart', ...fields });

test('each point of several series gets its answer, in order, and a counter that of its increase', async () => {
  const lines: string[] = [];
  for (let i = 0; i < 300; i++) {
    lines.push(point(i, { name: 'cpu', instance: 'cart-1', value: i === 250 ? 0.98 : 0.3 + 0.01 * draw.normal() }));
    lines.push(point(i, { name: 'orders_total', value: 1_000 + 10 * i }));
  }
  const dir = emptyDirectory();
  writeFileSync(join(dir, 'metrics.ndjson.gz'), gzipSync(lines.slice(0, 400).join('\n')));
  const rest = lines.slice(400).join('\n');
  const { code, out, err } = await millrace(['anomalies', 'metrics.ndjson.gz', '-'], { cwd: dir, input: rest });
  expect(err).toBe('');
  expect(code).toBe(0);
  const found = objects(out);
  expect(found.map((f) => f['timestamp'])).toEqual(lines.map((line) => JSON.parse(line).timestamp));
  expect(Object.keys(found[0]!)).toEqual(
    expect.arrayContaining(['timestamp', 'service', 'instance', 'name', 'value', 'expected', 'low', 'high', 'score']),
  );
  expect(found[0]).toMatchObject({ learning: true, expected: null, anomalous: false, service: 'cart', name: 'cpu' });
  expect(found.flatMap((f, i) => (f['anomalous'] === true ? [i] : []))).toEqual([500]);
  expect(found[501]).toMatchObject({ name: 'orders_total', value: 3_500, increase: 10, learning: false });
  expect(found[501]!['expected']).toBeCloseTo(10, 6);
});

test('a point without a value is answered, and says that it taught nothing', async () => {
  const input = [0, 1, 2].map((i) => point(i, { name: 'cpu', value: i === 1 ? null : 1 })).join('\n');
  const { code, out } = await millrace(['anomalies', '-'], { input });
  expect(code).toBe(0);
  expect(objects(out).map(({ value, ignored = false }) => [value, ignored])).toEqual([
    [1, false],
    [null, true],
    [1, false],
  ]);
});

test('a line that is no point ends the command with 2, a code and its number, after what stands before it', async () => {
  const input = [point(0, { name: 'cpu', value: 1 }), '', point(1, { name: 'cpu', value: 'high' })].join('\n');
  const { code, out, err } = await millrace(['anomalies', '-'], { input });
  expect(code).toBe(2);
  expect(objects(out)).toHaveLength(1);
  expect(err).toMatch(
    /^millrace: FILE_UNREADABLE: .*line 3: INPUT_FIELD_WRONG: metrics: value is "high", not a finite number or null/,
  );
});

test('a file that is not there ends with 2', async () => {
  const { code, err } = await millrace(['anomalies', 'nowhere.ndjson']);
  expect(code).toBe(2);
  expect(err).toContain('FILE_MISSING');
});
