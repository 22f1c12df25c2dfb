/** What may be sent to one topic in several shapes is known by its shape. */
import { describe, expect, test } from 'vitest';
import { Intake } from '../../../signals/inputs/intake.ts';
import { readAnyMetrics } from '../../../signals/inputs/metrics/any-metrics.ts';
import { readAnySpans } from '../../../signals/inputs/spans/any-spans.ts';
import { type InputReader, metricReaders, now, spanReaders } from '../../support/inputs/readers.ts';

type Read = InputReader['read'];

function taken(read: Read, body: Uint8Array | string): Intake<never> {
  const intake = new Intake<never>('input', now);
  read(body, intake);
  return intake;
}

const kinds = [
  {
    about: 'metrics',
    readers: metricReaders as readonly unknown[] as readonly InputReader[],
    any: readAnyMetrics as Read,
  },
  { about: 'spans', readers: spanReaders as readonly unknown[] as readonly InputReader[], any: readAnySpans as Read },
];

describe.each(kinds)('$about', ({ readers, any }) => {
  test.each(readers)(
    'of $name are read as its own reader reads them, as text and as bytes',
    ({ read, elements, wrap }) => {
      const body = wrap(elements);
      const own = taken(read, body);
      expect(own.records.length).toBeGreaterThan(0);
      expect(taken(any, body).records).toEqual(own.records);
      if (typeof body === 'string') expect(taken(any, Buffer.from(body)).records).toEqual(own.records);
    },
  );

  test('of several shapes may stand in one text, line by line', () => {
    const texts = readers.map(({ elements, wrap }) => wrap(elements)).filter((body) => typeof body === 'string');
    const ofJson = texts.filter((body) => /^[{[]/.test(body));
    const all = taken(any, ofJson.map((body) => body.replaceAll('\n', ' \n')).join('\n'));
    const each = ofJson.flatMap((body) => taken(any, body).records);
    expect(all.records).toEqual(each);
  });

  test.each(['garbage', '{"a": 1}', '[7]', '\u0000\u0001', '{"resourceSpans": 7, "resourceMetrics": 7}', ''])(
    'that are none are refused with a code: %j',
    (text) => {
      for (const body of [text, Buffer.from(text)]) {
        const { records, refused } = taken(any, body);
        expect(records).toEqual([]);
        if (text !== '') expect(refused[0]!.code).toMatch(/^INPUT_/);
      }
    },
  );
});
