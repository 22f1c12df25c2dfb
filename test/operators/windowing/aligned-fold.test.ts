/**
 * What a sender of an exchange takes for late. It must be what the receiving window would set aside, to the
 * millisecond: a value that is folded can't be set aside any more, and one that is sent alone costs a record.
 */
import { expect, test } from 'vitest';
import { alignedFold } from '../../../operators/windowing/aligned.ts';
import { seconds } from '../../../time/duration.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { sliding, tumbling } from '../../../windows/assigner.ts';

test.each([
  ['a tumbling window', tumbling(seconds(10)), 9_999],
  ['one that waits for late values', tumbling(seconds(10), { lateness: seconds(5) }), 14_999],
  ['the last of the sliding windows that share a pane', sliding(seconds(20), seconds(10)), 19_999],
] as const)('the pane at 0 is late as soon as %s has forgotten it', (_, assigner, over) => {
  const fold = alignedFold(assigner, count())!;
  for (const time of [0, 9_999]) {
    expect(fold.isLate(fold.slot(time), over - 1)).toBe(false);
    expect(fold.isLate(fold.slot(time), over)).toBe(true);
  }
  expect(fold.isLate(fold.slot(10_000), over)).toBe(false);
});
