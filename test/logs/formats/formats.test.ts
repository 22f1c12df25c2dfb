/**
 * The samples of every format are its tests: each must read as the sample says, alone, after others of its format
 * and mixed with all.
 */
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../logs/formats/format.ts';
import { dialects, textFormats } from '../../../logs/formats/index.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';
import { isoText } from '../../../logs/times/calendar.ts';

const now = Date.UTC(2026, 0, 29, 12);

/** What a sample says, of a log. */
function summary(log: ParsedLog): Omit<Sample, 'line'> {
  const time = log.timestampSource === 'ingest' ? null : (log.timestampText ?? isoText(log.timestamp!, 0));
  return {
    time,
    level: log.level,
    message: log.message,
    ...(log.service === 'unknown' ? {} : { service: log.service }),
    ...(log.trace_id === null ? {} : { trace: log.trace_id }),
    ...(log.span_id === null ? {} : { span: log.span_id }),
    fields: log.parsed_fields,
  };
}

describe.each([...textFormats, ...dialects])('$name', ({ name, samples }) => {
  test.each(samples)('$line', ({ line, ...expected }) => {
    const log = logParser({}).parse(line, 'source', now);
    expect(summary(log)).toEqual(expected);
    expect(log.format).toBe(name);
  });

  test('reads its samples in one source as each alone', () => {
    const parser = logParser({});
    for (let round = 0; round < 3; round++) {
      for (const { line, ...expected } of samples) expect(summary(parser.parse(line, 'source', now))).toEqual(expected);
    }
  });
});

test('every format has a sample and a name of its own', () => {
  const all = [...textFormats, ...dialects];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { samples } of all) expect(samples.length).toBeGreaterThan(0);
});

test('samples of all formats mixed in one source read as each alone', () => {
  const parser = logParser({});
  const all = [...textFormats, ...dialects].flatMap(({ name, samples }) => samples.map((sample) => ({ name, sample })));
  for (let round = 0; round < 70; round++) {
    for (const { name, sample } of all) expect(parser.parse(sample.line, 'source', now).format).toBe(name);
  }
});
