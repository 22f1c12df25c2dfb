/** How a source was read: what is counted, what is shown of lines, and that both are bounded. */
import { describe, expect, test } from 'vitest';
import { explainedLines } from '../../../cli/parts/explained-text.ts';
import { headerSketch } from '../../../logs/explained/header-sketch.ts';
import { HeavyHitters } from '../../../logs/explained/heavy-hitters.ts';
import { lineShape } from '../../../logs/explained/line-shape.ts';
import { newReading } from '../../../logs/explained/reading.ts';
import { SourceExplained } from '../../../logs/explained/source-report.ts';
import { percent, UnderstoodLines } from '../../../logs/explained/understood.ts';
import { logParser } from '../../../logs/parser.ts';
import { TimestampScanner } from '../../../logs/times/timestamps.ts';

const stamp = '2026-01-29T08:51:24.967Z';
const record = JSON.stringify({ level: 'warn', time: stamp, msg: 'slow', service: 'cart' });

const nanos = '2026-01-29T08:51:24.967123456Z';

/** The report on lines of one source. */
function explained(...lines: readonly string[]) {
  const reading = newReading();
  const parser = logParser({ reading });
  const source = new SourceExplained('shop.log');
  for (const line of lines) source.add(parser.parse(line, 'shop.log', 0), reading, line.split('\n').length);
  return source.report;
}

/** The sketch of the header of a line. */
function sketch(line: string): string {
  const reading = newReading();
  const log = logParser({ reading }).parse(line, 'shop.log', 0);
  return headerSketch(reading.text, log, new TimestampScanner('UTC'));
}

describe('the report', () => {
  test('says by which format each event was read, and in which line that was first needed', () => {
    const { formats, lines, events, understood } = explained(`${stamp} INFO a\n  b`, record, record, 'no idea');
    expect({ lines, events, understood }).toEqual({ lines: 5, events: 4, understood: 3 });
    expect(formats).toEqual([
      { format: 'text', events: 2, first_line: 1 },
      { format: 'json', events: 2, first_line: 3 },
    ]);
  });

  test.each([
    ['nothing', record, []],
    ['a shipper', JSON.stringify({ log: `${record}\n`, stream: 'stdout', time: stamp }), ['docker']],
    ['colours', `\u001b[32m${stamp}\u001b[0m ERROR no stock`, ['colours']],
    ['a container’s name', `cart-1  | ${record}`, ['compose']],
    ['a name and a time', `cart-1  | ${nanos} stdout F ${record}`, ['compose > cri']],
    ['a header with a record behind it', `Jan 29 08:51:24 web-1 cart[42]: ${record}`, ['syslog']],
    ['a record in a record', JSON.stringify({ time: stamp, msg: record }), ['json']],
    ['a header in front of what only looks like more', `Jan 29 08:51:24 web-1 cart[42]: ${nanos} stdout F hello`, []],
  ])('says what came off: %s', (_, line, peeled) => {
    expect(explained(line).peeled.map(({ what }) => what)).toEqual(peeled);
  });

  test('says where the level was found', () => {
    const wrapped = JSON.stringify({ MESSAGE: 'oh', PRIORITY: '3', __REALTIME_TIMESTAMP: '1769676684967000' });
    const served = '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET /a HTTP/1.1" 500 12 "-" "curl"';
    expect(explained(record, wrapped, served, `${stamp} hello`).level).toEqual({
      ...{ line: 1, envelope: 1, evidence: 1, none: 1 },
    });
  });

  test('says where the service was found', () => {
    const lines = [record, 'cart-1  | hello', 'Jan 29 08:51:24 web-1 cart[42]: hello', `${stamp} INFO hello`];
    expect(explained(...lines).service).toEqual({ key: 1, envelope: 1, text: 1, none: 1 });
  });

  test('shows what lacks a time or a level by shape, and nothing of what is quoted', () => {
    const { shapes } = explained('got "my secret" 7 times', 'got "another" 12 times', `${stamp} plain`, record);
    expect(shapes).toEqual([
      { what: 'no time, no level: a "…" 0 a', events: 2, error: 0 },
      { what: 'no level: 0-0-0a0:0:0.0a a', events: 1, error: 0 },
    ]);
  });

  test('is printed with every part, also of a source without events', () => {
    const text = explainedLines(explained(record, `${stamp} INFO hi`, 'no idea')).join('\n');
    for (const part of [
      '66.7 %',
      'json, first in line 1',
      'time level message',
      'no time, no level: a…',
      'under a key',
    ])
      expect(text).toContain(part);
    expect(explainedLines(explained())[0]).toBe('shop.log: 0 lines, 0 events; time and level known of 100 %');
  });
});

describe('the sketch of a header', () => {
  test.each([
    ['[2026-01-29 08:51:24] (main) WARN shop.Cart :: slow', '[time] (thread) level logger :: message'],
    ['E/2026-01-29 08:51:24/(worker-3): slow', 'level/timemessage'],
    ['slow', 'message'],
  ])('%s', (line, expected) => {
    expect(sketch(line)).toBe(expected);
  });

  test('does not take a part of a word for a value', () => {
    expect(sketch('2026-01-29 08:51:24 INFO [INFORMER] INFO: slow')).not.toContain('levelRMER');
  });
});

describe('the shape of a line', () => {
  test.each([
    ['one two three 4', 'a… 0'],
    ['one two 3 four five', 'a… 0 a…'],
    ["it's 'a secret' said", "a'a '…' a"],
    ['ключ=значение 5', 'a=a 0'],
    ['first\nsecond', 'a'],
    ['a "never closed', 'a "a a'],
    ['-'.repeat(200), `${'-'.repeat(100)} …`],
  ])('%s', (line, expected) => {
    expect(lineShape(line)).toBe(expected);
  });
});

describe('the most frequent texts', () => {
  test('are found among ever new ones, with counts that are too large by no more than is said', () => {
    const hitters = new HeavyHitters(10);
    const real = new Map([
      ['often', 0],
      ['seldom', 0],
    ]);
    for (let n = 0; n < 10_000; n++) {
      const text = n % 3 === 0 ? 'often' : n % 5 === 0 ? 'seldom' : `once ${n}`;
      hitters.add(text);
      if (real.has(text)) real.set(text, real.get(text)! + 1);
    }
    const top = hitters.top(20);
    expect(top).toHaveLength(10);
    expect(top.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
    expect(top[0]!.text).toBe('often');
    for (const { text, count, error } of top) {
      const came = real.get(text) ?? 1;
      expect(count).toBeGreaterThanOrEqual(came);
      expect(count - error).toBeLessThanOrEqual(came);
    }
  });
});

describe('the share that is understood', () => {
  test('is of lines, names formats with the most first, and says how many lines there are', () => {
    const parser = logParser({});
    const lines = new UnderstoodLines();
    expect(lines.sentence).toBeNull();
    lines.add(parser.parse(record, '', 0), 1_200);
    lines.add(parser.parse(`${stamp} INFO hi`, '', 0), 2);
    lines.add(parser.parse('no idea', '', 0), 1);
    expect(lines.sentence).toBe('reads 99.9 % of 1,203 lines: json 99.8 %, by their header 0.2 %');
  });

  test('lacks a time or a level where a format knows only the other', () => {
    const lines = new UnderstoodLines();
    for (const line of ['{"level":"warn","msg":"slow"}', `${stamp} plain`, 'WARN slow'])
      lines.add(logParser({}).parse(line, '', 0), 1);
    expect(lines.sentence).toBe('none of 3 lines has both a time and a level');
  });

  test.each([
    [
      ['NAME  READY', 'cart  1/1'],
      'none of 2 lines has a time or a level: this looks like what a command prints, not like a log',
    ],
    [[`${stamp} plain`], 'none of 1 line has a level: only traces and failed requests count as errors'],
    [['WARN slow', 'plain'], 'none of 2 lines has a time: each happened when it was taken in'],
  ])('of what is no log says what it lacks: %j', (texts, sentence) => {
    const lines = new UnderstoodLines();
    for (const text of texts) lines.add(logParser({}).parse(text, '', 0), 1);
    expect(lines.sentence).toBe(sentence);
    const said = explainedLines(explained(...texts))[0]!;
    expect(said.slice(said.indexOf(';') + 2)).toBe(sentence.replace(/ of \d lines?/, ''));
  });

  test('is all only if it is all, and nothing only if it is nothing', () => {
    expect([percent(9_999, 10_000), percent(1, 100_000), percent(0, 5), percent(5, 5)]).toEqual([
      ...['99.9 %', '0.1 %', '0 %', '100 %'],
    ]);
  });
});
