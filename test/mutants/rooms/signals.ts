/** Rules of what is measured and learned. */
import type { Mutant } from '../mutant.ts';

export const signals: readonly Mutant[] = [
  {
    rule: 'what is ordinary is learned two minutes later',
    file: 'signals/error-rate.ts',
    from: 'const learnAfter = 12;',
    to: 'const learnAfter = 0;',
    killedBy: ['test/decisions/learning.test.ts'],
  },
  {
    rule: 'nothing is learned during an anomaly',
    file: 'decisions/decide.ts',
    from: 'if (!isFrozen(state, end, detection)) learnErrors',
    to: 'learnErrors',
    killedBy: ['test/decisions/learning.test.ts'],
  },
  {
    rule: 'the pause of a silence is not learned',
    file: 'signals/service.ts',
    from: 'addArrivals(service.speech, { lines: pane.total, end, isFrozen });',
    to: 'addArrivals(service.speech, { lines: pane.total, end, isFrozen: false });',
    killedBy: ['test/decisions/learning.test.ts'],
  },
  {
    rule: 'samples of a minute ago are not of the minute before',
    file: 'signals/service.ts',
    from: 'service.samples.filter(({ time }) => time >= end - minutes(1))',
    to: 'service.samples.filter(() => true)',
    killedBy: ['test/signals/service.test.ts'],
  },
  {
    rule: 'a pane that was left in memory counts for no other',
    file: 'signals/recent-panes.ts',
    from: 'return pane?.end === end ? pane : undefined;',
    to: 'return pane;',
    killedBy: ['test/signals/error-rate.test.ts'],
  },
  {
    rule: 'what leaves a window is what had entered it',
    file: 'signals/recent-panes.ts',
    from: 'if (oldest !== undefined && oldest.end > windows.from) {',
    to: 'if (oldest !== undefined) {',
    killedBy: ['test/signals/error-rate.test.ts'],
  },
  {
    rule: 'panes that are passed over leave nothing in the windows',
    file: 'decisions/decide.ts',
    from: '  state.through = start;\n  emptyWindows(state);',
    to: '  state.through = start;',
    killedBy: ['test/decisions/learning.test.ts'],
  },
  {
    rule: 'a row says how many errors its own lines usually hold',
    file: 'signals/service.ts',
    from: 'usualErrorsOf(service, pane.total, how.settings)',
    to: 'usualErrorsOf(service, service.lines[0], how.settings)',
    killedBy: ['test/decisions/decide.test.ts'],
  },
  {
    rule: 'a burst of one moment does not last',
    file: 'decisions/health.ts',
    from: 'measured.tests.some((test) => isLasting(test, threshold, detection))',
    to: 'true',
    killedBy: ['test/decisions/decide.test.ts'],
  },
  {
    rule: 'the worst pane counts as the second worst, not as none',
    file: 'signals/recent-panes.ts',
    from: 'errorsOf(counts[index]!) - (worst - second)',
    to: 'errorsOf(counts[index]!) - worst',
    killedBy: ['test/decisions/decide.test.ts'],
  },
  {
    rule: 'what is usual does not leap at full hours',
    file: 'signals/baseline.ts',
    from: 'const share = position - before;',
    to: 'const share = 0;',
    killedBy: ['test/signals/baseline.test.ts'],
  },
  {
    rule: 'a pane from before the windows were emptied is not learned',
    file: 'signals/error-rate.ts',
    from: 'if (pane === undefined || pane.end <= from) return;',
    to: 'if (pane === undefined) return;',
    killedBy: ['test/decisions/learning.test.ts'],
  },
];
