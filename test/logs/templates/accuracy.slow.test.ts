/**
 * How often templates group generated lines as the generator made them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Templates } from '../../../logs/templates/templates.ts';
import { type LabelledLine, linesOf, seeded } from '../../support/templates/generate.ts';
import { systems } from '../../support/templates/systems.ts';

/** Groups of line numbers, by what they were found to belong to. */
function groups(ids: readonly string[]): Set<string> {
  const found = new Map<string, number[]>();
  ids.forEach((id, i) => {
    const group = found.get(id);
    if (group === undefined) found.set(id, [i]);
    else group.push(i);
  });
  return new Set([...found.values()].map((group) => group.join()));
}

/** The ids of lines after all merging; a merge begins whenever `mergeEvery` lines were added. */
function mined(lines: readonly LabelledLine[], mergeEvery: number): string[] {
  const templates = new Templates();
  const ids = lines.map(({ line }, i) => {
    if (i % mergeEvery === 0) templates.flush();
    return templates.add(line);
  });
  templates.flush();
  return ids.map((id) => templates.resolve(id));
}

describe('generated logs', () => {
  test.each(Object.keys(systems))('%s: the templates are those the lines were made from', (name) => {
    const lines = linesOf(systems[name]!, 2000, seeded(5));
    expect(groups(mined(lines, 100))).toEqual(groups(lines.map(({ truth }) => truth)));
  });

  const cases = fc.record({
    name: fc.constantFrom(...Object.keys(systems)),
    seed: fc.nat(10_000),
    mergeEvery: fc.constantFrom(16, 64, 256, 10_000),
  });

  test('when merges run makes no difference', () => {
    fc.assert(
      fc.property(cases, ({ name, seed, mergeEvery }) => {
        const lines = linesOf(systems[name]!, 1000, seeded(seed));
        expect(groups(mined(lines, mergeEvery))).toEqual(groups(mined(lines, 10_000)));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('the order of lines makes no difference', () => {
    fc.assert(
      fc.property(cases, ({ name, seed, mergeEvery }) => {
        const lines = linesOf(systems[name]!, 1000, seeded(seed));
        const backwards = lines.toReversed();
        expect(groups(mined(backwards, mergeEvery).toReversed())).toEqual(groups(mined(lines, mergeEvery)));
      }),
      { numRuns: 60, seed: 2 },
    );
  });
});
