/** What is true of every reader: it never throws, and each element is a record, passed over or refused, once. */
import { describe, expect, test } from 'vitest';
import { firstTime, Intake } from '../../../signals/inputs/intake.ts';
import { damagedBody, damagedValue, randomOf } from '../../support/inputs/damage.ts';
import { type Body, type InputReader, metricReaders, now, spanReaders } from '../../support/inputs/readers.ts';
import { alertReaders, changeReaders, podReaders } from '../../support/inputs/webhooks.ts';

interface Timed {
  readonly time: number;
}

const readers = [
  ...metricReaders,
  ...spanReaders,
  ...changeReaders,
  ...alertReaders,
  ...podReaders,
] as readonly unknown[] as readonly InputReader<Timed>[];

describe.each(readers)('$name', ({ read, elements, wrap, many }) => {
  const taken = (body: Body): Intake<Timed> => {
    const intake = new Intake<Timed>('sample', now);
    read(body, intake);
    return intake;
  };
  const whole = taken(wrap(elements)).records;

  test('each sample is a record', () => {
    expect(whole).toHaveLength(elements.length);
    expect(taken(wrap(elements)).refused).toEqual([]);
  });

  test('an element that is damaged costs itself alone', () => {
    let refused = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = randomOf(seed);
      const at = random(elements.length);
      const damaged = (elements as readonly unknown[]).with(at, damagedValue(elements[at], random));
      const body = tryWrap(wrap, damaged);
      if (body === undefined) continue;
      const intake = taken(body);
      const sound = whole.filter((_, i) => i !== at);
      expect(intake.records, `seed ${seed}`).toEqual(expect.arrayContaining(sound));
      if (many !== true && !Array.isArray(damaged[at])) expect(intake.elements, `seed ${seed}`).toBe(elements.length);
      for (const record of intake.records) check(record);
      refused += intake.refused.length;
    }
    expect(refused).toBeGreaterThan(50);
  });

  test('a body that is damaged is read as far as it goes, and something is said of it', () => {
    for (let seed = 0; seed < 600; seed++) {
      const body = damagedBody(wrap(elements), randomOf(seed));
      const intake = taken(body);
      for (const record of intake.records) check(record);
      if (body.length > 1) expect(intake.elements, `seed ${seed}: ${Buffer.from(body)}`).toBeGreaterThan(0);
    }
  });
});

/** Protocol Buffers and JSON can't hold everything that damage makes. */
function tryWrap(wrap: (elements: readonly unknown[]) => Body, elements: readonly unknown[]): Body | undefined {
  try {
    return wrap(elements);
  } catch {
    return undefined;
  }
}

/** A record is bounded, of its time, and no value of it is what JSON can't hold, but for NaN. */
function check(record: Timed): void {
  expect(record.time).toBeGreaterThanOrEqual(firstTime);
  expect(record.time).toBeLessThanOrEqual(now + 86_400_000);
  expect(JSON.stringify(record).length).toBeLessThan(200_000);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}
