/** A level that is said is believed: not the words of the message, nor the stream that carried it. */
import { describe, expect, test } from 'vitest';
import { parse } from '../support/lines-of.ts';

const record = (fields: object): string => JSON.stringify({ time: '2026-01-29T08:51:24.967Z', ...fields });

describe('a level that is said', () => {
  test.each([
    ['level', 'WARNING'],
    ['level', 'warning'],
    ['level', 'WARN'],
    ['level', 'W'],
    ['severity_number', 13],
  ])('as %s %s is WARN, though the message speaks of an error', (key, value) => {
    expect(parse(record({ [key]: value, message: 'An error occurred' })).level).toBe('WARN');
  });

  test('by OpenTelemetry is INFO, though the body says ERROR', () => {
    const line = record({ severity_text: 'INFO', severity_number: 9, body: 'ERROR budget is fine' });
    expect(parse(line).level).toBe('INFO');
  });
});

describe('on stderr', () => {
  const docker = (log: string): string =>
    JSON.stringify({ log: `${log}\n`, stream: 'stderr', time: '2026-01-29T08:51:24.967123456Z' });

  test('a line has the level that it says', () => {
    expect(parse(docker('time="2026-01-29T08:51:24Z" level=info msg="node is ready"')).level).toBe('INFO');
  });

  test('a line without one has none', () => {
    expect(parse(docker('node is ready')).level).toBeNull();
    expect(parse('2026-01-29T08:51:24.967123456Z stderr F node is ready').level).toBeNull();
  });
});
