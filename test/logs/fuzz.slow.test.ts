/** A sample of the fuzzing campaign (`npm run bench -- fuzz`), without what depends on a clock. */
import { describe, expect, test } from 'vitest';
import { logParser } from '../../logs/parser.ts';
import { Templates } from '../../logs/templates/templates.ts';
import { campaign, type Finding } from '../fuzz/campaign.ts';
import { caseOf, type Repetition, repetitionOf } from '../fuzz/cases.ts';
import { check } from '../fuzz/claims.ts';
import { commandClaims } from '../fuzz/command-claims.ts';
import { seeded } from '../fuzz/materials.ts';
import { shrunk } from '../fuzz/shrink.ts';
import { repeated } from '../fuzz/speed.ts';
import { charactersRead } from '../fuzz/work.ts';

test('nothing throws, no byte is lost and templates keep their ids in a hundred logs', async () => {
  for (let number = 0; number < 100; number++) {
    const broken = await check(caseOf(2026, number), seeded(number));
    expect(broken, `case ${number}`).toBeUndefined();
  }
});

test('the command prints every line of twenty such logs once', async () => {
  const text = Array.from({ length: 20 }, (_, i) => caseOf(2027, i)).join('\n');
  expect(await commandClaims(text)).toBeUndefined();
});

test('a line that repeats anything twice as often costs at most twice as much', () => {
  for (let number = 0; number < 100; number++) {
    const repetition = repetitionOf(2026, number);
    const [short, long] = [repeated(repetition, 2_000), repeated(repetition, 4_000)];
    for (const work of [parsing, mining]) {
      const limit = charactersRead(() => work(short)) * 2.2 + 2_000;
      expect(
        charactersRead(() => work(long)),
        JSON.stringify(repetition),
      ).toBeLessThan(limit);
    }
  }
});

const parsing = (line: string): void => void logParser({}).parse(line, 'source', 0);
const mining = (line: string): void => void new Templates().add(line);

describe('the fuzzer itself', () => {
  test('makes the same case of the same numbers, and others of others', () => {
    expect(caseOf(1, 7)).toBe(caseOf(1, 7));
    expect(caseOf(1, 8)).not.toBe(caseOf(1, 7));
    expect(caseOf(2, 7)).not.toBe(caseOf(1, 7));
    expect(repetitionOf(1, 7)).toEqual<Repetition>(repetitionOf(1, 7));
  });

  test('makes lines of thirty formats and more in the first four hundred cases', () => {
    const parser = logParser({});
    const formats = new Set<string>();
    for (let number = 0; number < 400; number++) {
      for (const line of caseOf(1, number).split('\n').slice(0, 20))
        formats.add(parser.parse(line.slice(0, 1_000), `${number}`, 0).format);
    }
    expect(formats.size).toBeGreaterThan(30);
  });

  test('shrinks a text to the part that breaks a claim', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    lines[42] = 'a line with <the culprit> in it';
    expect(await shrunk(lines.join('\n'), async (text) => text.includes('<the culprit>'))).toBe('<the culprit>');
  });

  test('stops when it is told to and finds nothing in cases that are fine', async () => {
    const findings: Finding[] = [];
    const tally = await campaign({
      seed: 1,
      goOn: ({ cases }) => cases < 8,
      onFinding: (found) => findings.push(found),
    });
    expect(tally).toMatchObject({ cases: 8, findings: 0 });
    expect(findings).toEqual([]);
  });
});
