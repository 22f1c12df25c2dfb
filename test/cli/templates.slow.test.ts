import { expect, test } from 'vitest';
import { millrace, objects } from '../support/command.ts';

test('lines of one kind share the id that their template has at the end', async () => {
  const lines = ['worker 1 took 3 ms', 'out of memory', '', 'worker 2 took 14 ms'];
  const { code, out } = await millrace(['templates', '-'], { input: lines.join('\n') });
  expect(code).toBe(0);
  const found = objects(out);
  expect(found.map((f) => f['line'])).toEqual([1, 2, 3, 4]);
  expect(found[0]).toMatchObject({ template: 'worker <*> took <*> ms' });
  expect(found[3]!['template_id']).toBe(found[0]!['template_id']);
  expect(found[1]!['template_id']).not.toBe(found[0]!['template_id']);
});

test('a file that is not there ends with 2', async () => {
  const { code, err } = await millrace(['templates', 'nowhere.txt']);
  expect(code).toBe(2);
  expect(err).toContain('FILE_MISSING');
});
