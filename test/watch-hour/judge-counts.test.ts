/** The judge on counts made by hand, and the report of what it found. */
import { expect, test } from 'vitest';
import { at, falseKinds, length, start, truth } from './hand-made.ts';
import { judgeLines, judgePanes, linesAtEnd } from './judge-counts.ts';
import { report } from './report.ts';

test('panes hold what was written, no more and no less, and none is missing or invented', () => {
  const rows = Array.from({ length: length / 10_000 }, (_, i) => start + i * 10_000).flatMap((begin) =>
    Object.entries(truth.counts).flatMap(([service, { events, errors }]) => {
      const second = (begin - start) / 1_000;
      const sum = (column: readonly number[]) => column.slice(second, second + 10).reduce((a, b) => a + b, 0);
      return sum(events) === 0 ? [] : [{ service, start: begin, lines: sum(events), errors: sum(errors) }];
    }),
  );
  const wrong = (panes: typeof rows) => judgePanes(truth, panes).filter(({ isTrue }) => !isTrue).length;
  expect(wrong(rows)).toBe(0);
  expect(wrong(rows.slice(1))).toBe(1);
  expect(wrong(rows.with(3, { ...rows[3]!, lines: 19 }))).toBe(1);
  expect(wrong([...rows, { service: 'ghost', start, lines: 1, errors: 0 }])).toBe(1);
  expect(wrong([...rows, { service: 'mail', start: at('10:21:00'), lines: 1, errors: 0 }])).toBe(1);
});

test('lines read and unread at the ends are the lines written', () => {
  const lines = truth.lines.reduce((a, b) => a + b, 0);
  const end = (read: number, rest = '0 set aside as dead letters, 0 of them late') =>
    `millrace: ${read} lines read, ${rest}`;
  expect(falseKinds(judgeLines(truth, { ends: [end(100), end(lines - 100)] }))).toEqual([]);
  expect(falseKinds(judgeLines(truth, { ends: [end(100), end(lines - 107, '0 dead, 0 late, 7 unread')] }))).toEqual([]);
  expect(falseKinds(judgeLines(truth, { ends: [end(100), end(lines - 107)] }))).toEqual(['lines at the end']);
  expect(falseKinds(judgeLines(truth, { ends: [end(lines), 'gone'] }))).toEqual(['lines at the end']);
  expect(falseKinds(judgeLines(truth, { ends: [end(lines, '2 set aside as dead letters, 1 of them late')] }))).toEqual([
    'lines set aside',
  ]);
  expect(linesAtEnd('millrace: 1,204 lines read, 3 set aside as dead letters, 2 of them late')).toEqual({
    read: 1_204,
    dead: 3,
    late: 2,
    unread: 0,
  });
});

test('the report counts by kind, quotes what is false, and passes only if something was checked', () => {
  const verdict = { kind: 'calm', at: start, isTrue: true, said: 'no open incidents', truth: 'shop: errors' };
  expect(report([verdict]).isTrue).toBe(true);
  expect(report([]).isTrue).toBe(false);
  const { text, isTrue } = report([verdict, { ...verdict, isTrue: false }]);
  expect(isTrue).toBe(false);
  expect(text).toMatch(/^calm +2 +1 +1$/m);
  expect(text).toContain('10:00:00  said:  no open incidents');
});
