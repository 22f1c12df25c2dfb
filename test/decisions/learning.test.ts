/** What a service is taken to be like must not be learned from what is wrong with it. */
import { expect, test } from 'vitest';
import { skipTo } from '../../decisions/decide.ts';
import { hours, minutes } from '../../time/duration.ts';
import { inMinutes, ordinary, pane, watched } from '../support/incidents/panes-of.ts';

const usual = () => pane(200, 2);
const worse = () => pane(200, 7);

test('no pane of a rise that takes a while to be noticed is learned, and none while it lasts', () => {
  const cart = watched();
  cart.show(inMinutes(60 * 12), usual);
  const share = () => cart.service.baseline.errors / cart.service.baseline.lines;
  expect(share()).toBeCloseTo(0.01, 12);
  const signals = cart.show(inMinutes(90), worse);
  // It is not noticed in its first pane: those before were taken for ordinary when they came.
  expect(signals.findIndex(({ health }) => health !== 'well')).toBeGreaterThan(0);
  expect(signals.at(-1)!.health).toBe('errors');
  expect(share()).toBeCloseTo(0.01, 12);
});

test('what is ordinary is learned two minutes after it was seen', () => {
  const cart = watched();
  cart.show(12, usual);
  expect(cart.service.baseline.panes).toBe(0);
  cart.show(1, usual);
  expect(cart.service.baseline.panes).toBe(1);
});

test('a service that was silent for half an hour is missed as soon as before when it stops again', () => {
  const cart = watched();
  cart.show(inMinutes(60 * 3), ordinary);
  const stopped = () => cart.show(inMinutes(30), () => pane(0)).findIndex(({ health }) => health === 'silent');
  const first = stopped();
  expect(first).toBe(inMinutes(2) - 1);
  cart.show(inMinutes(20), ordinary);
  expect(cart.service.speech.longest).toBeLessThan(minutes(1));
  expect(stopped()).toBe(first);
  expect(cart.service.through - cart.service.since).toBeGreaterThan(hours(4));
});

test('windows hold nothing from before panes that were passed over, and none of those is learned', () => {
  const cart = watched();
  cart.show(inMinutes(60 * 3), ordinary);
  cart.show(3, () => pane(100, 50));
  const { panes } = cart.service.baseline;
  skipTo(cart.service, cart.service.through + hours(6));
  const signals = cart.show(inMinutes(15), (i) => pane(100, i === 0 ? 1 : 0));
  expect(Math.max(...signals.map(({ observed }) => observed))).toBe(1);
  expect(Math.min(...signals.map(({ observed }) => observed))).toBeGreaterThanOrEqual(0);
  expect(cart.service.baseline.panes - panes).toBeLessThanOrEqual(signals.length - 12);
});

test('the last panes of an anomaly that is over are not learned with the first behind it', () => {
  const cart = watched();
  cart.show(inMinutes(60 * 6), usual);
  cart.show(inMinutes(10), () => pane(200, 60));
  const share = () => cart.service.baseline.errors / cart.service.baseline.lines;
  const before = share();
  expect(cart.show(inMinutes(20), usual).at(-1)!.health).toBe('well');
  expect(share()).toBeCloseTo(before, 4);
});
