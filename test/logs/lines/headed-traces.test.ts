/** Traces of which every line has a header of its own: each is one event, also where programs alternate. */
import { describe, expect, test } from 'vitest';
import { TracesInOrder } from '../../../logs/lines/in-order.ts';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

interface Event {
  readonly log: ParsedLog;
  lines: number;
  texts: readonly string[];
}

/** The events of lines, as `millrace parse` reads them. */
function eventsOf(lines: readonly string[]): Event[] {
  const events: Event[] = [];
  const [parser, joiner] = [logParser({}), new LineJoiner()];
  const traces = new TracesInOrder<Event>((event) => events.push(event));
  const take = (texts: readonly string[] | null) => {
    if (texts === null) return;
    traces.add({ log: parser.parse(texts.join('\n'), 'file', Date.UTC(2026, 11)), lines: texts.length, texts });
  };
  for (const line of lines) take(joiner.push(line));
  take(joiner.flush());
  traces.end();
  return events;
}

type Header = (program: string, n: number, text: string) => string;

const headers: Readonly<Record<string, Header>> = {
  syslog: (program, n, text) => `Nov 30 12:00:0${n} web-1 ${program}[4]: ${text}`,
  'syslog with a priority': (program, n, text) => `<30>Nov 30 12:00:0${n} web-1 ${program}[4]: ${text}`,
  'syslog with tabs spelled out': (program, n, text) =>
    `Nov 30 12:00:0${n} web-1 ${program}[4]: ${text.replaceAll('\t', '#011')}`,
  'files of rsyslog': (program, n, text) => `2026-11-30T12:00:0${n}.123456+01:00 web-1 ${program}[4]: ${text}`,
  'RFC 5424': (program, n, text) =>
    `<14>1 2026-11-30T12:00:0${n}.1Z web-1 ${program} 4 - [meta sequenceId="${n + 7}"] ${text}`,
  Heroku: (program, n, text) => `2026-11-30T12:00:0${n}.123456+00:00 app[${program}.1]: ${text}`,
  'a runner of apps': (program, n, text) => `2026-11-30T12:00:0${n}Z ${program}[8f3] fra [info] ${text}`,
  'a supervisor': (program, n, text) => `[2026-11-30 12:00:0${n}] [${program} stderr] ${text}`,
  'a name without brackets': (program, n, text) => `2026-11-30T12:00:0${n}.1Z ${program} ${text}`,
  compose: (program, _, text) => `${`${program}-1`.padEnd(12)}| ${text}`,
  stern: (program, _, text) => `${program}-84bf9d7c6-x7kzv ${program} ${text}`,
  'kubectl with times': (program, n, text) => `[pod/${program}-0/app] 2026-11-30T12:00:0${n}.1234${n}Z ${text}`,
  CRI: (program, n, text) => `2026-11-30T12:00:0${n}.1Z ${program === 'pay' ? 'stderr' : 'stdout'} F ${text}`,
  'the journal as JSON': (program, n, text) =>
    JSON.stringify({ __REALTIME_TIMESTAMP: `176967668496712${n}`, MESSAGE: text, PRIORITY: '6', _HOSTNAME: program }),
};

/** A trace of each runtime, what was thrown and what it said. */
const traces: Readonly<Record<string, readonly [lines: string, type: string, message: string]>> = {
  Java: [
    'java.lang.IllegalStateException: none left\n\tat shop.Cart.add(Cart.java:12)\nCaused by: java.io.IOException: x\n\t... 12 more',
    'java.lang.IllegalStateException',
    'none left',
  ],
  Python: [
    'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nValueError: bad',
    'ValueError',
    'bad',
  ],
  Go: [
    'panic: out of stock\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1b\nexit status 2',
    'panic',
    'out of stock',
  ],
  Rust: [
    "thread 'main' panicked at src/main.rs:4:5:\nnone left\nnote: run with `RUST_BACKTRACE=1`",
    'panic',
    'none left',
  ],
  'Node.js': ['TypeError: x\n    at add (/app/cart.js:12:9) {\n  code: 7\n}', 'TypeError', 'x'],
  '.NET': [
    'Unhandled exception. System.IO.IOException: gone\n   at Shop.Add() in /a.cs:line 12',
    'System.IO.IOException',
    'gone',
  ],
  Elixir: ['** (RuntimeError) none left\n    (shop 0.1.0) lib/shop.ex:3: Shop.add/1', 'RuntimeError', 'none left'],
};

const [first, second] = [traces['Java']!, traces['Python']!];

describe.each(Object.entries(headers))('%s', (_, header) => {
  test.each(Object.entries(traces))('%s', (_name, [text, type, message]) => {
    const lines = ['started', ...text.split('\n'), 'ready'].map((line, i) => header('pay', Math.floor(i / 4), line));
    const events = eventsOf(lines);
    expect(events.map(({ lines: count }) => count)).toEqual([1, lines.length - 2, 1]);
    const { log } = events[1]!;
    expect(log.parsed_fields).toMatchObject({ 'error.type': type, 'error.message': message });
    expect(['ERROR', 'FATAL']).toContain(log.level);
    if (log.timestampSource !== 'ingest') expect(new Date(log.timestamp!).getUTCSeconds() % 4).toBe(0);
  });

  test('two programs that alternate, line by line', () => {
    const [a, b] = [first[0].split('\n'), second[0].split('\n')];
    const lines = a.flatMap((line, i) => [header('pay', 1, line), header('cart', 1, b[i]!)]);
    const events = eventsOf(lines);
    expect(events.map(({ lines: count, log }) => [count, log.parsed_fields['error.type']])).toEqual([
      [a.length, first[1]],
      [b.length, second[1]],
    ]);
  });
});

test('a word that a line shares with the next and that names what was thrown is no error without a trace', () => {
  const lines = ['retry java.io.IOException: gone', 'retry order 8'].map((text) => `2026-11-30T12:00:01Z ${text}`);
  const read = eventsOf(lines).map(({ log }) => [log.level, log.message]);
  expect(read).toEqual([
    [null, 'retry java.io.IOException: gone'],
    [null, 'retry order 8'],
  ]);
});

describe('what is no trace stays one event a line', () => {
  test.each([
    'sshd[7]: error: kex exchange: closed\n  host key\nsshd[7]: Failed password for root',
    'cart[7]: java.lang.IllegalStateException: none left\norder 8 taken',
    'cart[7]: order 7 failed:\norder 8 taken',
    'cart[7]: ERROR no stock\n  order 8',
    'cart[7]: Traceback (most recent call last):\nINFO: next',
  ])('%s', (text) => {
    const lines = text
      .split('\n')
      .map((line) => `Nov 30 12:00:01 web-1 ${line.includes(']: ') ? line : `cart[7]: ${line}`}`);
    expect(eventsOf(lines).map(({ lines: count }) => count)).toEqual(lines.map(() => 1));
  });

  test('lines that their logger calls errors, each', () => {
    const lines = first[0].split('\n').map((line) => `2026-11-30 12:00:01,123 | ERROR | stderr | ${line}`);
    expect(eventsOf(lines).map(({ lines: count, log }) => [count, log.level])).toEqual(lines.map(() => [1, 'ERROR']));
  });
});

test('a trace belongs to the line with the same header that says that something failed', () => {
  const lines = ['ERROR order 7 failed', ...second[0].split('\n')].map((line) => headers['syslog']!('cart', 1, line));
  const events = eventsOf(lines);
  expect(events.map(({ lines: count }) => count)).toEqual([5]);
  expect(events[0]!.log).toMatchObject({ level: 'ERROR', service: 'cart' });
  expect(events[0]!.log.message).toMatch(/order 7 failed\nTraceback/);
});

test('events are handed on in their order, and a trace waits for so many lines only', () => {
  const header = headers['syslog']!;
  const other = Array.from({ length: 70 }, (_, i) => header('cart', 1, `order ${i} taken`));
  const events = eventsOf([
    header('pay', 1, first[0].split('\n')[0]!),
    ...other,
    header('pay', 2, '\tat a.B.c(D.java:1)'),
  ]);
  expect(events.map(({ log }) => log.message)).toEqual([
    'java.lang.IllegalStateException: none left',
    ...other.map((_, i) => `order ${i} taken`),
    'at a.B.c(D.java:1)',
  ]);
});

const syslog = headers['syslog']!;

test('what only looks like a frame opens no trace, and mild lines stay mild', () => {
  const lines = ['#12 paid (visa)', '#13 paid (visa)', 'at noon (12:00) batch', 'Caused by: nothing (7)'];
  const said = eventsOf(lines.map((line, n) => syslog('shop', n, line)));
  expect(said.map(({ log }) => [log.level, log.message])).toEqual(lines.map((line) => [null, line]));
  const named = lines.map((line, n) => `2026-11-30T12:00:0${n}Z INFO ${line}`);
  expect(eventsOf(named).map(({ log }) => log.level)).toEqual(lines.map(() => 'INFO'));
});

test('what is thrown again and again behind a line that announced one is as many events', () => {
  const thrown = (n: number) => syslog('shop', n, `java.net.ConnectException: refused ${n}`);
  const events = eventsOf([syslog('shop', 0, 'Sync failed:'), ...[1, 2, 3, 4, 5].map(thrown)]);
  expect(events.map(({ log }) => log.level)).toEqual(Array.from({ length: 5 }, () => 'ERROR'));
  expect(events[0]!.log.message).toBe('Sync failed:\njava.net.ConnectException: refused 1');
});

test('a trace is no longer than an event may be, and takes no line that is not of it', () => {
  const first = syslog('shop', 0, 'java.io.IOException: boom');
  const frame = (n: number) => syslog('shop', 1, `\tat a.b(X.java:${n})`);
  const long = eventsOf([first, ...Array.from({ length: 2_000 }, (_, n) => frame(n))]);
  expect(Math.max(...long.map(({ lines }) => lines))).toBeLessThanOrEqual(500);
  expect(long.reduce((sum, { lines }) => sum + lines, 0)).toBe(2_001);
  // An indented line without a header goes on with the line above it, and so with the trace.
  const bare = '    at c.d(Y.java:7)';
  const calm = syslog('shop', 0, 'ok');
  const pairs = eventsOf([calm, first, ...Array.from({ length: 1_000 }, (_, n) => [frame(n), bare]).flat()]);
  expect(Math.max(...pairs.map(({ lines }) => lines))).toBeLessThanOrEqual(500);
  const mixed = eventsOf([
    calm,
    first,
    ...Array.from({ length: 500 }, (_, n) => [
      frame(n),
      `order ${n} was placed`,
      frame(n),
      `- order ${n} was packed`,
    ]).flat(),
  ]);
  expect(mixed.find(({ log }) => log.message.includes('boom'))!.log.message).not.toContain('order');
});
