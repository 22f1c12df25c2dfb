/** What the budgets of tickets and pages let through, and hold back, where incidents begin. */
import { expect, test } from 'vitest';
import type { Signal } from '../../signals/signal.ts';
import { anomalous, environment, well } from '../support/incidents/environment-of.ts';

/** A pane of so many services, of which `cart` is ill. */
const pane = (n: number, services: number, rest: Partial<Signal>): Signal[] => [
  anomalous('cart', n, rest),
  ...Array.from({ length: services - 1 }, (_, i) => well(`s${i}`, n)),
];

test('errors that chance may make among so many services open nothing, and do when they go on', () => {
  const shop = environment();
  expect(shop.show(0, 1, (n) => pane(n, 1_000, { log10p: -5 }))).toEqual([]);
  expect(shop.byChance).toEqual(['cart']);
  expect(shop.show(1, 2, (n) => pane(n, 1_000, { log10p: -6 }))).toMatchObject([{ event: 'opened' }]);
  expect(shop.byChance).toEqual(['cart']);
});

test('the same errors among few services open an incident', () => {
  expect(environment().show(0, 1, (n) => pane(n, 100, { log10p: -5 }))).toMatchObject([{ event: 'opened' }]);
});

test('what was found before lets the next be less improbable', () => {
  const shop = environment();
  const ill = Array.from({ length: 9 }, (_, i) => `x${i}`);
  shop.show(0, 1, (n) => ill.map((name, i) => anomalous(name, n, { onset: i * 3_600_000 })));
  expect(shop.show(1, 2, (n) => pane(n, 1_000, { log10p: -5 }))).toMatchObject([{ event: 'opened' }]);
});

test('bad errors that chance may make are a ticket, and call someone once they are improbable enough', () => {
  const shop = environment();
  const [opened] = shop.show(0, 1, (n) => pane(n, 1, { log10p: -4.8, score: 50 }));
  expect(opened).toMatchObject({ severity: 'critical', urgency: 'ticket' });
  const later = shop.show(1, 2, (n) => pane(n, 1, { log10p: -7, score: 50 }));
  expect(later).toMatchObject([{ event: 'updated', urgency: 'page' }]);
});

test('what is not judged by counts of lines has no such level', () => {
  const steps = (n: number) => [anomalous('cart', n, { health: 'steps', log10p: -3, score: 50 })];
  expect(environment().show(0, 1, steps)).toMatchObject([{ event: 'opened', urgency: 'page' }]);
});

test('errors that chance may make open an incident and call someone where the budget of an objective burns', () => {
  const burning = (n: number) => pane(n, 1_000, { log10p: -5, score: 50, burns: true });
  expect(environment().show(0, 1, burning)).toMatchObject([{ event: 'opened', urgency: 'page' }]);
});
