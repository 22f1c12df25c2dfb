/** What searches, runners of several programs and the cluster's own tools write in front of lines. */
import { describe, expect, it } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const time = '2026-01-29 08:51:24';
const record = '{"level":"error","time":"2026-01-29T08:51:24Z","msg":"gone"}';

describe('a line behind a prefix', () => {
  it.each<[prefix: string, service: string, fields: Readonly<Record<string, unknown>>]>([
    ['app.log:', 'unknown', { 'log.file.path': 'app.log' }],
    ['logs/app-7.log:412:', 'unknown', { 'log.file.path': 'logs/app-7.log', 'log.file.line': 412 }],
    ['/var/log/app.log-411-', 'unknown', { 'log.file.path': '/var/log/app.log', 'log.file.line': 411 }],
    ['./app.log:9:', 'unknown', { 'log.file.path': './app.log', 'log.file.line': 9 }],
    ['412:', 'unknown', { 'log.file.line': 412 }],
    ['0|api  | ', 'api', { 'container.name': 'api' }],
    ['12|worker-7 | ', 'worker', { 'container.name': 'worker-7' }],
    ['cart-0 server ', 'cart', { 'kubernetes.pod.name': 'cart-0', 'kubernetes.container.name': 'server' }],
    ['shop cart-75ff987878-kh56q server ', 'cart', { 'kubernetes.pod.name': 'cart-75ff987878-kh56q' }],
    ['(Core_DP0 pid=42) ', 'unknown', { 'process.pid': 42, 'process.name': 'Core_DP0' }],
    ['(pid=42, ip=10.0.0.7) ', 'unknown', { 'process.pid': 42 }],
  ])('%s', (prefix, service, fields) => {
    for (const line of [`${prefix}${time} ERROR gone`, `${prefix}${record}`]) {
      const log = read(line);
      expect(log).toMatchObject({
        level: 'ERROR',
        message: 'gone',
        service,
        timestamp: Date.UTC(2026, 0, 29, 8, 51, 24),
      });
      expect(log.parsed_fields).toMatchObject(fields);
    }
  });

  it.each([
    ['/ecs/cart ecs/cart/7f', 'ERROR gone'],
    ['cart:', 'ERROR gone'],
    ['(raylet)', '- ERROR - gone'],
  ])('%s of an unknown tool', (prefix, rest) => {
    const log = read(`${prefix} ${time} ${rest}`);
    expect(log).toMatchObject({ level: 'ERROR', message: 'gone', service: 'unknown' });
  });

  it.each(['1', 'api', 'web'])('[%s] before a record is a label', (name) => {
    expect(read(`[${name}] ${record}`)).toMatchObject({ level: 'ERROR', message: 'gone' });
    expect(read(`[${name}] ${record}`).parsed_fields['log.label']).toBe(name);
  });

  it('a level in capitals behind a bar is a program’s', () => {
    expect(read('cart | ERROR gone')).toMatchObject({ level: 'ERROR', service: 'cart' });
    expect(read('cart | ERROR | 7')).toMatchObject({ service: 'unknown' });
  });

  it('the name of a runner’s command stands in signs', () => {
    expect(read(`${time} ##[error]gone`)).toMatchObject({ level: 'ERROR', message: 'gone' });
    expect(read(`${time} ##[group]Run tests`)).toMatchObject({ level: null, message: '##[group]Run tests' });
  });
});

it.each([
  ['10.0.0.7:8080 is up'],
  ['see logs/app.log:412 for more'],
  ['a.b:c'],
  ['12:30 is noon'],
  ['order-7 server is up'],
  ['shop cart-75ff987878-kh56q is gone'],
  ['(as pid 42) gone'],
  ['(two words) gone'],
  ['[1] of two'],
  ['copied five rows at 2026-01-29 08:51:24 ERROR gone'],
])('%s has no prefix', (line) => {
  expect(read(line)).toMatchObject({ message: line, service: 'unknown' });
});

describe('events', () => {
  it.each([
    ['12|api | Error: gone', '12|api |     at f (/a.js:7:5)', '12|api |     at g (/a.js:9:5)'],
    [
      '(A pid=4) Traceback (most recent call last):',
      '(A pid=4)   File "a.py", line 7, in f',
      '(A pid=4) ValueError: gone',
    ],
  ])('%s goes on', (...lines) => {
    expect(eventsOf(lines)).toEqual([3]);
  });

  it.each([
    [`logs/a.log-411-${time} INFO ok`, `logs/a.log:412:${time} ERROR gone`],
    [`[0] ${time} ERROR gone`, `[1] ${record}`],
  ])('%s is one', (...lines) => {
    expect(eventsOf(lines)).toEqual([1, 1]);
  });
});

/** How many lines each event has. */
function eventsOf(lines: readonly string[]): readonly number[] {
  const joiner = new LineJoiner();
  const events = [...lines.map((line) => joiner.push(line)), joiner.flush()];
  return events.flatMap((event) => (event === null ? [] : event.length));
}
