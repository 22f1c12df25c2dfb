import { describe, expect, test } from 'vitest';
import { json } from '../../codecs/codec.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { addBlame, type Blame, errorsOf, type Pane, paneAggregate } from '../../signals/panes.ts';
import { logOf } from '../support/incidents/logs-of.ts';

const panes = paneAggregate(json<Pane>());
const log = (level: ParsedLog['level'], message: string) => logOf(message, level);
const fold = (logs: readonly ParsedLog[]): Pane => logs.reduce((acc, l) => panes.add(acc, l, 5), panes.create());

describe('a pane', () => {
  test('counts lines and severities; lines without level count as lines', () => {
    const { total, counts } = fold([log(null, 'x'), log('INFO', 'x'), log('WARN', 'x'), log('FATAL', 'x')]);
    expect(total).toBe(4);
    expect(counts).toEqual([1, 0, 0, 1]);
    expect(errorsOf(counts)).toBe(1);
  });

  test('keeps a few errors of different kinds, cut to size, and no other lines', () => {
    const { samples } = fold([
      log('INFO', 'fine'),
      log('ERROR', 'order 17 failed'),
      log('ERROR', 'order 23 failed'),
      log('ERROR', `no stock ${'x'.repeat(5_000)}`),
      log('ERROR', 'third'),
      log('ERROR', 'fourth'),
    ]);
    expect(samples.map((s) => s.message.slice(0, 15))).toEqual(['order 17 failed', 'no stock xxxxxx', 'third']);
    expect(samples[1]!.message.length).toBe(400);
  });

  test('survives storage', () => {
    const before = fold([log('ERROR', 'call to stock failed')]);
    expect(panes.codec.decode(panes.codec.encode(before))).toEqual(before);
    expect(before.blames).toEqual([['stock', 1]]);
  });

  test('keeps a bounded list of names, hostile ones included', () => {
    const blames: Blame[] = [];
    for (const name of ['constructor', '__proto__', 'constructor', ...Array.from({ length: 99 }, (_, i) => `s${i}`)]) {
      addBlame(blames, name, 1);
    }
    expect(blames.length).toBe(8);
    expect(blames[0]).toEqual(['constructor', 2]);
  });
});
