/** Several records on one line are as many events, whatever packs them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventLines, newSource, type OpenLines } from '../../../logs/lines/event-lines.ts';
import { lineReader } from '../../../logs/lines/raw-line.ts';
import { unpack } from '../../../logs/packings/unpack.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { charactersRead } from '../../fuzz/work.ts';
import { otlpBatch, packings, type ShopRecord } from '../../support/packed-lines.ts';

const taken = Date.UTC(2026, 0, 29, 12);
const source = 'shop/pod-1';

/** What the incident job makes of lines: read, and joined within their sources. */
function eventsOf(lines: readonly string[]): readonly ParsedLog[] {
  const reader = lineReader({});
  const events = new EventLines(reader);
  const open = new Map<string, OpenLines>();
  const logs: ParsedLog[] = [];
  for (const line of lines) {
    for (const read of reader.readRecords({ line, source, time: taken })) {
      const lines = open.get(read.raw.source) ?? newSource(read.raw.source);
      open.set(read.raw.source, lines);
      const event = events.add(lines, read, read.time);
      if (event !== null) logs.push(event.log);
    }
  }
  for (const lines of open.values()) {
    const event = events.end(lines, Number.POSITIVE_INFINITY);
    if (event !== null) logs.push(event.log);
  }
  return logs;
}

const records = fc.array(
  fc.record({
    time: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 1) }),
    level: fc.constantFrom('INFO', 'WARN', 'ERROR'),
    // Whatever a program may say, a look-alike of a packing included; an empty message is none.
    message: fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => `said ${text}`),
      fc.constantFrom(
        '[{"a":1},{"b":2}]',
        '}{',
        'at shop.Cart',
        '{"resourceLogs":[{',
        ']}]}',
        '\\"',
        '\tat x.Y(Z.java)',
      ),
    ),
    trace: fc.stringMatching(/^[1-9a-f]{32}$/),
  }),
  { minLength: 1, maxLength: 12 },
) as fc.Arbitrary<readonly ShopRecord[]>;

describe.each(Object.entries(packings))('%s', (_, pack) => {
  test('reads as its records do one a line', () => {
    fc.assert(
      fc.property(records, (shop) => {
        const events = eventsOf([pack(shop)]);
        expect(events).toEqual(eventsOf(shop.map((record) => pack([record]))));
        const said = shop.map(({ level, message, trace, time }) => [level, message, trace, time]);
        expect(events.map((log) => [log.level, log.message, log.trace_id, log.timestamp])).toEqual(said);
        expect(events.map(({ service }) => service)).toEqual(shop.map(() => 'cart'));
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  test('what came out is not packed once more', () => {
    const shop = [1, 2, 3].map((i) => ({ time: taken + i, level: 'INFO', message: `${i}`, trace: 'ab' }) as const);
    const once = unpack({ line: pack(shop), source })!;
    expect(once).toHaveLength(3);
    expect(once.flatMap((record) => unpack(record) ?? record).map(({ line }) => line)).toEqual(
      once.map(({ line }) => line),
    );
  });
});

describe('a record', () => {
  test('is from the stream that its batch names', () => {
    const sourceOf = (line: string) => unpack({ line, source })?.map((record) => record.source);
    const shop: readonly ShopRecord[] = [{ time: taken, level: 'INFO', message: 'ready', trace: 'ab' }];
    expect(sourceOf(otlpBatch(shop))).toEqual(['cart/cart-7']);
    expect(sourceOf(packings['a push to Loki']!(shop))).toEqual(['cart/cart-7']);
    expect(sourceOf('{"streams":[{"stream":{"pod":"a-1"},"values":[["1","x"]]}]}')).toEqual(['shop/a-1']);
    expect(sourceOf('{"streams":[{"stream":{},"values":[["1","x"]]}]}')).toEqual([source]);
    expect(sourceOf('[{"log":"a","kubernetes":{"pod_name":"a-1"}},{"log":"b"}]')).toEqual(['a-1', source]);
  });

  test('keeps what its resource, its scope and its labels say', () => {
    const batch = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'region', value: { stringValue: 'west' } }] },
          scopeLogs: [{ logRecords: [{}, {}] }],
        },
      ],
    };
    for (const log of eventsOf([JSON.stringify(batch)])) expect(log.parsed_fields).toMatchObject({ region: 'west' });
    const [log] = eventsOf([packings['a push to Loki']!([{ time: taken, level: 'INFO', message: 'a', trace: 'ab' }])]);
    expect(log!.parsed_fields).toMatchObject({ 'labels.app': 'cart', 'labels.region': 'west' });
  });
});

describe('what is no packing', () => {
  test.each([
    '2026-01-29 08:51:24 INFO [main] ready',
    '{"level":"info","msg":"two","items":[{"id":1},{"id":2}]}',
    '{"level":"info","msg":"a } { b","records":[{"id":1},{"id":2}]}',
    '{"level":"info","msg":"[{\\"id\\":1},{\\"id\\":2}]"}',
    '[{"id":1},{"id":2}] were sold]',
    '[{"id":1},{"id":2}',
    '[{"id":1},2]',
    '{worker} {main}',
    '{"streams":[{"stream":{},"values":{}}]}',
    '{"resourceLogs":[]}',
    '{"logEvents":[{"message":"a"},{"message":"b"}]}',
    '[]',
    '{}',
    '',
  ])('%s stays a line', (line) => {
    expect(unpack({ line, source })).toBeNull();
  });

  test('a batch in the part of a line that Docker cut waits for the rest', () => {
    const cut = { log: '[{"a":1},{"b":2}]', stream: 'stdout', time: '2026-01-29T09:00:00Z' };
    expect(unpack({ line: JSON.stringify(cut), source })).toBeNull();
  });

  test('an ordinary line costs a look at its ends', () => {
    const lines = [`2026-01-29 08:51:24 INFO ${'[main] {"a":1} '.repeat(1_000)}`, `[${'a'.repeat(9_000)}]`];
    for (const line of lines) expect(charactersRead(() => unpack({ line, source }))).toBeLessThan(30);
  });
});

describe('a hostile line', () => {
  test('of more records than may be is one event that says so, and nothing of it is lost', () => {
    const line = `[${Array.from({ length: 70_000 }, (_, i) => `{"msg":"${i}"}`).join(',')}]`;
    const [event, ...more] = eventsOf([line]);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      message: line,
      level: null,
      parsed_fields: { 'event.reason': 'more than 65536 records on one line' },
    });
  });

  test('whose resource would be copied into each of many records is one event that says so', () => {
    const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(100_000) } }];
    const logRecords = Array.from({ length: 1_000 }, () => ({}));
    const line = JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
    const events = eventsOf([line]);
    expect(events.map((log) => log.parsed_fields['event.reason'])).toEqual([
      'records of more than 16777216 characters on one line',
    ]);
    expect(events[0]!.message).toBe(line);
  });

  test('nested ever so deep stays a line or is taken apart, in time that grows with its length', () => {
    const hostile = (depth: number): readonly string[] => [
      `[{"a":${'['.repeat(depth)}{${']'.repeat(depth)}}]`,
      `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`,
      `{"resourceLogs":${'[{"resourceLogs":'.repeat(depth)}[]${'}]'.repeat(depth)}}`,
      `{"records":[{"a":${'['.repeat(depth)}${']'.repeat(depth)}}]}`,
      `[${'{"a":"\\\\"},'.repeat(depth)}{}]`,
      `{"a":"${'}  {'.repeat(depth)}"}`,
      `{${'[ '.repeat(depth)}}`,
      `{"message":"${'\\"{'.repeat(depth)}[{","agent":{}}`,
    ];
    for (const line of hostile(50_000)) expect(() => eventsOf([line])).not.toThrow();
    hostile(2_000).forEach((line, i) => {
      const work = charactersRead(() => unpack({ line, source }));
      const twice = charactersRead(() => unpack({ line: hostile(4_000)[i]!, source }));
      expect(twice / work).toBeLessThan(2.5);
    });
  });

  test('of any text at all is a line or records', () => {
    const piece = fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\\', ' ', 'a', '"log"', '"Records"', '"streams"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const line = `{${pieces.join('')}}`;
        for (const record of unpack({ line, source }) ?? []) expect(line).toContain(record.line);
      }),
      { numRuns: 5_000, seed: 13 },
    );
  });
});
