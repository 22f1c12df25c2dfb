/**
 * Lines of many sources become events in event time.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventLines, newSource, type OpenLines, wakeAt } from '../../../logs/lines/event-lines.ts';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import { lineReader } from '../../../logs/lines/raw-line.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { paneMs } from '../../../signals/panes.ts';

const source = 'cart/pod-1';
const stamp = (second: number) => `2026-01-29 08:51:${String(second).padStart(2, '0')},000`;
const trace = ['java.lang.IllegalStateException: none left', ...Array(29).fill('\tat shop.Cart.add(Cart.java:12)')];

/** Lines of a trace with a header each, between lines of another program. */
const headed = ['java.lang.IllegalStateException: none left', '\tat a.B.c(D.java:1)', 'Caused by: e.F: g'].flatMap(
  (text) => [`Jan 29 08:51:24 web-1 cart[4]: ${text}`, 'Jan 29 08:51:24 web-1 cron[5]: job has begun'],
);

/** The events of lines; every so often all that is kept is stored and read again, as after a crash. */
function events(lines: readonly string[], crashEvery = Number.POSITIVE_INFINITY): ParsedLog[] {
  let open = newSource(source);
  let [reader, joining] = fresh();
  const logs: ParsedLog[] = [];
  lines.forEach((line, i) => {
    if (i % crashEvery === crashEvery - 1) {
      open = JSON.parse(JSON.stringify(open)) as OpenLines;
      [reader, joining] = fresh();
    }
    const read = reader.read({ line, source, time: 1e12 + i });
    logs.push(...joining.over(joining.add(open, read, read.time), open).map(({ log }) => log));
  });
  logs.push(...joining.over(joining.end(open, Number.POSITIVE_INFINITY), open).map(({ log }) => log));
  logs.push(...joining.endTraces(open, Number.POSITIVE_INFINITY).map(({ log }) => log));
  return logs;
}

function fresh() {
  const reader = lineReader({});
  return [reader, new EventLines(reader)] as const;
}

describe('lines joined to events', () => {
  const lines = [`${stamp(1)} ERROR no stock`, ...trace, `${stamp(2)} INFO next`];

  test('a trace of thirty lines is one error, with time, level and service of its first line', () => {
    const [error, next, ...rest] = events(lines);
    expect(error).toMatchObject({ level: 'ERROR', service: 'cart', timestamp: Date.UTC(2026, 0, 29, 8, 51, 1) });
    expect(error!.message.split('\n').length).toBe(31);
    expect(next).toMatchObject({ level: 'INFO', message: 'next' });
    expect(rest).toEqual([]);
  });

  test.each([
    ['a colour', '\u001b[90m2026-01-29 08:51:01\u001b[0m \u001b[31mERROR\u001b[0m no stock'],
    ['blanks and its time', '  2026-01-29 08:51:01 ERROR no stock'],
    ['a blank and its level', ' ERROR 2026-01-29 08:51:01 no stock'],
  ])('a line that begins with %s happened at its own time', (_, line) => {
    const read = lineReader({}).read({ line, source: 'cart/pod-1', time: 1e12 });
    expect(new Date(read.time).toISOString()).toBe('2026-01-29T08:51:01.000Z');
  });

  test.each(['26/01/29 08:51:2', '1/29/26 8:51:2', 'Jan-29 08:51:2', '*Jan 29 08:51:2', 'janv. 29 08:51:2'])(
    'a line begins an event with its time: %s',
    (time) => {
      const logs = events([`${time}4 ERROR gone`, ...trace, `${time}5 WARN late`]);
      expect(logs.map(({ level }) => level)).toEqual(['ERROR', 'WARN']);
    },
  );

  test('a crash between any two lines changes nothing', () => {
    const mixed = [
      ...lines,
      '{"level":"info","time":"2026-01-29T08:51:02Z","msg":"a"}',
      ...lines,
      '',
      `${stamp(3)} WARN low`,
      '  indented',
      ...headed,
    ];
    const straight = events(mixed);
    for (const every of [1, 2, 3, 7]) expect(events(mixed, every)).toEqual(straight);
  });

  test('an event is over when event time has come to it, and looked for at the end of its pane', () => {
    const [reader, joining] = fresh();
    const open = newSource(source);
    joining.add(open, reader.read({ line: `${stamp(5)} ERROR no stock`, source, time: 0 }), 5_000);
    expect(wakeAt(open, paneMs)).toBe(paneMs - 1);
    expect(joining.end(open, 4_999)).toBeNull();
    expect(joining.end(open, 5_000)).toMatchObject({ time: 5_000, log: { level: 'ERROR' } });
    expect(joining.end(open, 6_000)).toBeNull();
    expect(wakeAt(open, paneMs)).toBeGreaterThan(paneMs);
  });

  test('a trace with a header in each line is one error, and is looked for at the end of the pane of its first', () => {
    const [reader, joining] = fresh();
    const open = newSource(source);
    const over = headed.flatMap((line) => {
      const { time, ...read } = reader.read({ line, source, time: 0 });
      return [...joining.over(joining.add(open, read, time), open)];
    });
    expect(over.map(({ log }) => log.service)).toEqual(['cron', 'cron']);
    const { time } = open.traces![0]!.event;
    joining.add(open, { raw: { line: 'x', source, time: 0 }, log: null }, time + 3 * paneMs);
    open.lines = [];
    expect(wakeAt(open, paneMs)).toBe((Math.floor(time / paneMs) + 1) * paneMs - 1);
    expect(joining.endTraces(open, time - 1)).toEqual([]);
    expect(joining.endTraces(open, time)).toMatchObject([{ lines: 3, log: { level: 'ERROR', service: 'cart' } }]);
    expect(open.traces).toBeUndefined();
  });

  test('pieces that a container runtime cut are one event, also where the pieces look alike', () => {
    const cri = (tag: string, text: string) => `2026-01-29T08:51:24.967Z stdout ${tag} ${text}`;
    const made = events([
      cri('F', '2026-01-29 08:51:24,000 INFO [a] x - one'),
      cri('P', '2026-01-29 08:51:24,000 INFO [a] x - two '),
      cri('F', 'and its rest'),
      cri('F', '2026-01-29 08:51:24,000 INFO [a] x - three'),
    ]);
    expect(made.map((log) => log.message.slice(-12))).toEqual([
      expect.stringMatching(/one$/),
      'and its rest',
      expect.stringMatching(/three$/),
    ]);
  });

  test('every line is in exactly one event, and in the event in which the joiner puts it', () => {
    const line = fc.constantFrom(
      `${stamp(1)} ERROR no stock`,
      `${stamp(2)} [main] INFO  c.e.Cart - served in 7 ms`,
      '{"level":"info","time":"2026-01-29T08:51:24Z","msg":"served"}',
      '\tat shop.Cart.add(Cart.java:12)',
      'Caused by: java.io.IOException: gone',
      'Traceback (most recent call last):',
      'KeyError: 1',
      '',
      'plain text',
      '2026-01-29T08:51:24.967Z stderr P half',
      '2026-01-29T08:51:24.967Z stdout F 2026-01-29 08:51:24,000 INFO done',
      '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/8.5.0"',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const joiner = new LineJoiner();
        const expected = lines.map((l) => joiner.push(l)).concat([joiner.flush()]);
        const sizes: number[] = [];
        const [reader, joining] = fresh();
        const open = newSource(source);
        for (const l of lines) {
          const before = open.lines.length;
          const read = reader.read({ line: l, source, time: 0 });
          if (joining.add(open, read, 0) !== null) sizes.push(before);
        }
        if (open.lines.length > 0) sizes.push(open.lines.length);
        expect(sizes).toEqual(expected.filter((e) => e !== null).map((e) => e.length));
      }),
    );
  });
});
