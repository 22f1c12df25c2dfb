/** Several records on one line are as many events, whatever packs them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unpack } from '../../../logs/packings/unpack.ts';
import { charactersRead } from '../../fuzz/work.ts';
import { eventsOf, source, taken } from '../../support/packed-events.ts';
import { otlpBatch, packings, type ShopRecord } from '../../support/packed-lines.ts';

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
    '{"id":1} was sold',
    '{"id":1},',
    '{} {}',
    '[{worker} main] ready',
    '{worker} {main}',
    '{"streams":[{"stream":{},"values":{}}]}',
    '{"resourceLogs":[]}',
    '{"logEvents":[{"message":"a"},{"message":"b"}]}',
    '{"level":"info","msg":"sent","streams":[{"id":1},{"id":2}]}',
    '{"resourceLogs":[{"scopeLogs":7}]}',
    '[]',
    '{}',
    '',
  ])('%s stays a line', (line) => {
    expect(unpack({ line, source })).toBeNull();
  });

  test.each([
    ['Docker', JSON.stringify({ log: '[{"a":1},{"b":2}]', stream: 'stdout', time: '2026-01-29T09:00:00Z' })],
    ['a container runtime', '2026-01-29T09:00:00.123456789Z stdout P [{"a":1},{"b":2},{"c'],
    [
      'a container runtime, as Fluent Bit has it',
      JSON.stringify({ log: '[{"a":1},{"b":2}]', logtag: 'P', date: 1, kubernetes: { pod_name: 'a-1' } }),
    ],
  ])('a batch in the part of a line that %s cut waits for the rest', (_, line) => {
    expect(unpack({ line, source })).toBeNull();
  });

  test('an ordinary line costs a look at its ends', () => {
    const lines = [`2026-01-29 08:51:24 INFO ${'[main] {"a":1} '.repeat(1_000)}`, `[${'a'.repeat(9_000)}]`];
    for (const line of lines) expect(charactersRead(() => unpack({ line, source }))).toBeLessThan(30);
  });
});

describe('a hostile line', () => {
  test('of more records than may be: those beyond are one event that says so, and nothing is lost', () => {
    const line = `[${Array.from({ length: 65_539 }, (_, i) => `{"level":"INFO","msg":"${i}"}`).join(',')}]`;
    const events = eventsOf([line]);
    expect(events).toHaveLength(65_537);
    expect(events[65_535]).toMatchObject({ level: 'INFO', message: '65535', parsed_fields: { 'log.level': 'INFO' } });
    expect(events[65_536]).toMatchObject({
      message: [65_536, 65_537, 65_538].map((i) => `{"level":"INFO","msg":"${i}"}`).join(','),
      level: null,
      parsed_fields: { 'event.reason': '3 records beyond the 65536 that are read of a line' },
    });
  });

  test('wrapped records count once', () => {
    const log = `[${Array.from({ length: 5 }, (_, i) => `{"msg":"${i}"}`).join(',')}]\n`;
    const line = JSON.stringify({ log, stream: 'stdout', time: '2026-01-29T09:00:00Z' });
    expect(unpack({ line, source }, { maxRecords: 5, maxCharacters: 1_000 })).toHaveLength(5);
  });

  test("a collector's batch is read with all that its resource says", () => {
    const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(2_200) } }];
    const logRecords = Array.from({ length: 8_192 }, (_, i) => ({ severityText: i % 2 === 0 ? 'INFO' : 'ERROR' }));
    const line = JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
    const events = eventsOf([line]);
    expect(events.filter(({ level }) => level === 'ERROR')).toHaveLength(4_096);
    expect(events.every((log) => log.parsed_fields['a'] === attributes[0]!.value.stringValue)).toBe(true);
  });

  test('whose resource or labels would be too much in each record: each says so, and whose it is', () => {
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const attributes = [text('a', 'x'.repeat(3_000)), text('service.name', 'cart'), text('k8s.pod.name', 'cart-7')];
    const logRecords = Array.from({ length: 3 }, () => ({ severityText: 'ERROR', body: { stringValue: 'b' } }));
    const bounds = { maxRecords: 9, maxCharacters: 8_000 };
    const otlp = JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
    const stream = { app: 'cart', pod: 'cart-7', level: 'error', a: 'x'.repeat(3_000) };
    const loki = JSON.stringify({
      streams: [{ stream, values: Array.from({ length: 3 }, () => [`${taken}000000`, 'b']) }],
    });
    for (const line of [otlp, loki]) {
      const records = unpack({ line, source }, bounds)!;
      expect(records.map((record) => record.source)).toEqual(['cart/cart-7', 'cart/cart-7', 'cart/cart-7']);
      for (const log of eventsOf(records.map((record) => record.line))) {
        expect(log).toMatchObject({ level: 'ERROR', service: 'cart', message: 'b' });
        expect(Object.values(log.parsed_fields)).toContain(
          'the batch says too much to be kept with each of its records',
        );
        expect(JSON.stringify(log)).not.toContain('xxx');
      }
    }
  });

  test('whose records are too much whatever they keep is one event that says so', () => {
    const line = `[${'{"msg":"a"},'.repeat(5)}{}]`;
    const [record, ...more] = unpack({ line, source }, { maxRecords: 9, maxCharacters: 50 })!;
    expect(more).toEqual([]);
    expect(JSON.parse(record!.line)).toEqual({
      message: line,
      'event.reason': 'records of more than 50 characters on one line',
    });
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
        for (const record of unpack({ line, source }) ?? []) {
          const isLeft = record.line.endsWith('"event.reason":"no whole record"}');
          expect(line).toContain(isLeft ? JSON.parse(record.line).message : record.line);
        }
      }),
      { numRuns: 5_000, seed: 13 },
    );
  });
});
