/** When a service that fails is also said to have stopped. */
import { expect, test } from 'vitest';
import type { Signal } from '../../signals/signal.ts';
import { seconds } from '../../time/duration.ts';
import { anomalous, environment } from '../support/incidents/environment-of.ts';

/** What is said of a failing service whose last line is so old, where so many lines a pane are usual. */
function said(pauseSeconds: number, usual: number, rest: Partial<Signal> = {}): string {
  const signal = anomalous('cart', 30);
  const lastLine = signal.end - seconds(pauseSeconds);
  return environment().show(30, 31, () => [{ ...signal, lastLine, usual, ...rest }])[0]!.summary;
}

test('a service that fails and pauses is said to have stopped after a minute, if lines are missing', () => {
  expect(said(59, 100)).not.toContain('no line since');
  expect(said(60, 100)).toMatch(/^cart: 90 errors in .*; no line since [\d:]+$/);
  // Six panes at one line each are six lines that are missing; at two thirds of a line they are four.
  expect(said(60, 1)).toContain('no line since');
  expect(said(60, 0.66)).not.toContain('no line since');
});

test('of a service whose errors have stopped with it, only that is said', () => {
  expect(said(59, 100, { observed: 0 })).toMatch(/^cart: 0 errors in /);
  expect(said(60, 100, { observed: 0 })).toMatch(/^cart: no line since /);
});
