/** Rules of windows and what is folded for them. */
import type { Mutant } from '../mutant.ts';

export const windows: readonly Mutant[] = [
  {
    rule: 'a sender calls a value late when the pane it falls into is forgotten, to the millisecond',
    file: 'operators/windowing/aligned.ts',
    from: 'isLate: (pane, watermark) => paneExpires(assigner, pane) <= watermark',
    to: 'isLate: (pane, watermark) => paneExpires(assigner, pane) < watermark',
    killedBy: ['test/operators/windowing/aligned-fold.test.ts'],
  },
  {
    rule: 'a sender calls a value late when a session of its own would be forgotten',
    file: 'operators/windowing/sessions.ts',
    from: 'isLate: (slot, watermark) => secondOf(slot + gap + lateness) <= watermark',
    to: 'isLate: (slot, watermark) => secondOf(slot + gap + lateness) < watermark',
    killedBy: ['test/operators/windowing/session-bursts.test.ts'],
  },
  {
    rule: 'a window sets aside what falls into a pane that is forgotten',
    file: 'operators/windowing/aligned.ts',
    from: 'if (expires <= watermark) return late(value);',
    to: 'if (expires < watermark) return late(value);',
    killedBy: ['test/operators/windowing/aligned.test.ts'],
  },
  {
    rule: 'a pane ends where the next one starts',
    file: 'operators/windowing/aligned.ts',
    from: 'time >= pane && time < pane + assigner.pane',
    to: 'time >= pane && time <= pane + assigner.pane',
    killedBy: ['test/operators/windowing/aligned.test.ts'],
  },
  {
    rule: 'what is older than the last pane is of another one',
    file: 'operators/windowing/aligned.ts',
    from: 'time >= pane && time < pane + assigner.pane',
    to: 'time < pane + assigner.pane',
    killedBy: ['test/operators/windowing/aligned.test.ts'],
  },
  {
    rule: 'a window without a result is forgotten like the others',
    file: 'operators/windowing/aligned.ts',
    from: 'return out.refuse({ key: ctx.key, window, revision }, end - 1, error);',
    to: 'throw error;',
    killedBy: ['test/operators/windowing/unmade-results.test.ts'],
  },
  {
    rule: 'windows that have a result end a streak of those without',
    file: 'runtime/circuit/operate.ts',
    from: 'op.resultStreak.failed(behind + refused++)',
    to: 'op.resultStreak.failed(refused++)',
    killedBy: ['test/operators/windowing/unmade-results.test.ts'],
  },
];
