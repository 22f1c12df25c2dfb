/** Lines that begin events among those with another beginning, and what goes on with them. */
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

const time = '2026-01-29 08:51:24,967';

/** How many lines each event has. */
function sizes(text: string): number[] {
  const joiner = new LineJoiner();
  const events = [...text.split('\n').map((line) => joiner.push(line)), joiner.flush()];
  return events.filter((event) => event !== null).map((lines) => lines.length);
}

describe('lines that another tool has put among events', () => {
  test.each([
    ['of a journal', `Jan 29 08:51:24 web-1 cart[7]: gone\n-- Boot 0f1e2d3c --\nJan 29 08:52:24 web-1 cart[7]: on`, 3],
    [
      'by another time',
      `F, [2026-01-29T08:51:24 #7] FATAL -- : gone:\n2026-01-29T08:51:25.967Z pid=7 tid=4 INFO: on`,
      2,
    ],
    ['with ids and a level', `${time} FATAL gone\npid=7 tid=4x2 class=Job INFO: on\n7 TID-4 Job JID-9 INFO: on`, 3],
    ['with prose and a level', `${time} WARN gone\nserver sent this ERROR: no`, 1],
    ['of a ruled list', `${time} WARN gone\n-- 7 --\n-- 8 --`, 1],
  ])('%s', (_, text, events) => {
    expect(sizes(text)).toHaveLength(events);
  });

  test('a statement in a slow log is no request', () => {
    const head = '# Time: 2026-01-29T08:51:24.967Z\n# User@Host: shop[shop] @ web-1 []  Id: 7\n# Query_time: 3.0';
    expect(sizes(`${head}\nSET timestamp=1769676684;\nDELETE FROM orders\nWHERE id = 7;`)).toStrictEqual([6]);
    expect(sizes(`${head}\nSELECT 1\nGET /cart HTTP/1.1`)).toStrictEqual([4, 1]);
  });
});
