import { isAscii } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FieldKind, type Fields, jsonPick } from '../../../connectors/records/json-pick.ts';

/** The record amid others, as a batch has it: what stands before and behind must not matter. */
function picked(fields: Fields, record: string | Buffer): unknown {
  const before = Buffer.from('{"a":"x"}');
  const bytes = Buffer.concat([before, Buffer.from(record), Buffer.from('"}],1')]);
  const [start, end] = [before.length, bytes.length - 5];
  return jsonPick(fields).decode(bytes, start, end, isAscii(bytes));
}

const isKind: Readonly<Record<string, (found: unknown) => boolean>> = {
  string: (found) => typeof found === 'string',
  number: (found) => typeof found === 'number',
  boolean: (found) => typeof found === 'boolean',
};

/** What picking means, said with JSON.parse; 'refused' where a record must not pass. */
function reference(fields: Fields, record: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(record);
  } catch {
    return 'refused';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'refused';
  const result: [string, unknown][] = [];
  for (const [name, kind] of Object.entries(fields)) {
    const found = Object.hasOwn(parsed, name) ? (parsed as Record<string, unknown>)[name] : undefined;
    if (isKind[kind.replace('?', '')]!(found)) result.push([name, found]);
    else if (kind.endsWith('?') && (found === undefined || found === null)) result.push([name, undefined]);
    else return 'refused';
  }
  // Unlike an assignment, this makes a property of '__proto__', too.
  return Object.fromEntries(result);
}

function outcome(fields: Fields, record: string | Buffer): unknown {
  try {
    return picked(fields, record);
  } catch {
    return 'refused';
  }
}

const names = ['a', 'b', 'level', 'Aa', 'BB', '__proto__', 'toString', 'größe', 'x"y', ''];
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 5 }));
const scalar = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('ERROR', 'x'.repeat(100), 'tab\t', 'quo"te', 'back\\slash', '\u2028', '😀'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, 1e21, 5e-324, 2 ** 53, 123456789012345, 1234567890123456),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.jsonValue({ maxDepth: 3 }).filter((v) => v !== undefined),
);
const space = fc.constantFrom('', '', '', ' ', '\n\t', '\r ');
/** Text of an object with any order of keys, some twice, and white space where it may be; escapes beyond need, too. */
const record = fc.array(fc.tuple(name, value, space, space, fc.boolean()), { maxLength: 8 }).map((pairs) => {
  const members = pairs.map(([n, v, s, t, escaped]) => {
    return `${s}${escaped ? needlessly(n) : JSON.stringify(n)}${t}:${s}${JSON.stringify(v)}${t}`;
  });
  return `{${members.join()}}`;
});
/** The key with every letter escaped that is not part of an escape. */
const needlessly = (n: string): string =>
  /^[a-zA-Z]+$/.test(n) ? `"${n.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}"` : JSON.stringify(n);
const kinds: readonly FieldKind[] = ['string', 'string?', 'number', 'number?', 'boolean', 'boolean?'];
const fields = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...kinds)), { minLength: 1, maxLength: 8 })
  .map((pairs): Fields => Object.fromEntries(pairs));

describe('picking is parsing and picking', () => {
  test('for any JSON object, in any order, with anything twice', () => {
    fc.assert(
      fc.property(fields, record, (wanted, text) => {
        expect(outcome(wanted, text)).toEqual(reference(wanted, text));
      }),
      { seed: 1, numRuns: 5_000 },
    );
  });

  test('for any bytes changed in it: what JSON.parse refuses is refused, and nothing else is', () => {
    const bytes = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]":,\\0-e.tu ')));
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), bytes, fc.nat(2)), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fields, record, edits, (wanted, text, places) => {
        let changed = Buffer.from(text);
        for (const [where, byte, removed] of places) {
          const at = Math.floor(where * changed.length);
          changed = Buffer.concat([changed.subarray(0, at), Buffer.of(byte), changed.subarray(at + removed)]);
        }
        expect(outcome(wanted, changed)).toEqual(reference(wanted, changed.toString('utf8')));
      }),
      { seed: 2, numRuns: 10_000 },
    );
  });

  test('for any JSON value and any cut of it', () => {
    fc.assert(
      fc.property(
        fields,
        fc.oneof(record, fc.json()),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        (wanted, text, cut) => {
          const part = text.slice(0, Math.ceil(cut * text.length));
          expect(outcome(wanted, part)).toEqual(reference(wanted, part));
        },
      ),
      { seed: 4, numRuns: 3_000 },
    );
  });

  test('also for texts that were seen before, and others in their place', () => {
    const decoder = jsonPick({ a: 'string' });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('x', 'y'), fc.string(), fc.nat(5_000).map(String))), (texts) => {
        for (const a of texts) {
          const bytes = Buffer.from(JSON.stringify({ a }));
          expect(decoder.decode(bytes, 0, bytes.length, isAscii(bytes))).toEqual({ a });
        }
      }),
      { seed: 3 },
    );
  });
});

describe('what JSON.parse does with it', () => {
  test('the last of equal keys counts, escaped keys are keys', () => {
    expect(picked({ a: 'number' }, '{"a":"x","a":1,"\\u0061":2}')).toEqual({ a: 2 });
    expect(picked({ a: 'number' }, '{"\\u0061":2,"a":3}')).toEqual({ a: 3 });
  });

  test('minus zero, large and fine numbers keep their value', () => {
    const numbers = ['-0', '0', '-7', '123456789012345', '9007199254740993', '1e400', '1.5E-3', '0.1'];
    const found = numbers.map((n) => (picked({ n: 'number' }, `{"n":${n}}`) as { n: number }).n);
    expect(found).toEqual(numbers.map((n) => JSON.parse(n)));
  });

  test('bytes that are no UTF-8 become U+FFFD', () => {
    const bytes = Buffer.concat([Buffer.from('{"m":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from('","a":"é"}')]);
    expect(picked({ m: 'string', a: 'string' }, bytes)).toEqual({ m: '\ufffd(\ufffd', a: 'é' });
  });

  test.each([
    '{"a":1} x',
    '{"a":01}',
    '{"a":1,}',
    '{"a" 1}',
    '{"a":1',
    '{"b":tru,"a":1}',
    '{"b":"\\x","a":1}',
    '{"b":"\n","a":1}',
    '[1]',
    '',
  ])('%j is refused', (text) => {
    expect(() => picked({ a: 'number' }, text)).toThrow();
  });

  test('deep nesting is stepped over like any other', () => {
    const deep = `${'[{"b":'.repeat(5_000)}1${'}]'.repeat(5_000)}`;
    expect(picked({ a: 'number' }, `{"x":${deep},"a":1}`)).toEqual({ a: 1 });
  });
});

describe('kinds', () => {
  test('a missing field, or one of another kind, is refused with its name', () => {
    const refusal = (message: string) =>
      expect.objectContaining({ code: 'RECORD_FIELD_WRONG', message: expect.stringContaining(message) });
    expect(() => picked({ a: 'string' }, '{}')).toThrow(refusal("field 'a' is missing"));
    expect(() => picked({ a: 'string' }, '{"a":null}')).toThrow(refusal("field 'a' is null, but the job expects text"));
    expect(() => picked({ a: 'number' }, '{"a":"1"}')).toThrow(refusal('is "1", but the job expects a number'));
    expect(() => picked({ a: 'time' }, '{"a":"yesterday"}')).toThrow(refusal('expects an ISO 8601 time with its zone'));
    expect(() => picked({ a: 'number?' }, '[]')).toThrow(refusal('the record is []'));
    const long = `${'x'.repeat(78)}😀`;
    expect(() => picked({ a: 'number' }, JSON.stringify({ a: long }))).toThrow(refusal(`${'x'.repeat(78)}, but`));
  });

  test('with ? it may be missing or null, and nothing else', () => {
    const wanted = { a: 'string?', b: 'time?' } as const;
    expect(picked(wanted, '{"b":null}')).toEqual({ a: undefined, b: undefined });
    expect(() => picked(wanted, '{"a":5}')).toThrow();
  });

  test('objects of one decoder have the same keys in the same order', () => {
    const wanted = { c: 'number', a: 'number?', b: 'number?' } as const;
    const found = ['{"b":1,"c":2}', '{"c":1,"a":5}'].map((text) => Object.keys(picked(wanted, text) as object));
    expect(found).toEqual([
      ['c', 'a', 'b'],
      ['c', 'a', 'b'],
    ]);
  });

  test('what is written is read again', () => {
    const codec = jsonPick({ name: 'string', at: 'time', until: 'time?', ok: 'boolean' });
    const line = { name: 'ü', at: 1_700_000_000_123, until: undefined, ok: false };
    const bytes = Buffer.from(codec.encode(line));
    expect(bytes.toString()).toContain('"2023-11-14T22:13:20.123Z"');
    expect(codec.decode(bytes, 0, bytes.length, false)).toEqual(line);
  });
});
