/** A short truth made by hand, for the tests of the judge. */
import { minutes, type Time } from '../../time/duration.ts';
import { settingsOf } from './plan.ts';
import type { Truth } from './truth.ts';
import type { Verdict } from './verdict.ts';

/** The start of the run. */
export const start = Date.parse('2026-03-02T10:00:00Z');
/** A moment of its day. */
export const at = (clock: string): Time => Date.parse(`2026-03-02T${clock}Z`);
export const length = minutes(40);

/** Two events a second while the service is there, and so many errors. */
export const steady = (
  isThere: (second: number) => boolean,
  errorsIn: (second: number) => number = () => 0,
  lasting = length,
) => {
  const all = Array.from({ length: lasting / 1_000 }, (_, second) => second);
  return {
    events: all.map((second) => (isThere(second) ? 2 : 0)),
    errors: all.map((second) => (isThere(second) ? errorsIn(second) : 0)),
  };
};

/**
 * From 10:10 to 10:16 every second line of `shop` is an error; `mail` writes nothing from 10:20 to 10:26, `cart` and
 * `stock` nothing from 10:30 to 10:34 because their pipeline is gone.
 */
export const truth: Truth = {
  seed: 1,
  from: start,
  start,
  length,
  settings: settingsOf(minutes(60)),
  faults: [
    { kind: 'errors', services: ['shop'], from: at('10:10:00'), to: at('10:16:00') },
    { kind: 'silence', services: ['mail'], from: at('10:20:00'), to: at('10:26:00') },
    { kind: 'pipeline', services: ['cart', 'stock'], from: at('10:30:00'), to: at('10:34:00') },
  ],
  rates: { shop: 2, mail: 2, cart: 2, stock: 2 },
  errorShares: { shop: 0, mail: 0, cart: 0, stock: 0 },
  counts: {
    shop: steady(
      () => true,
      (second) => (second >= 600 && second < 960 ? 1 : 0),
    ),
    mail: steady((second) => second < 1_200 || second >= 1_560),
    cart: steady((second) => second < 1_800 || second >= 2_040),
    stock: steady((second) => second < 1_800 || second >= 2_040),
  },
  lines: Array.from({ length: length / 1_000 }, (_, second) => {
    return 2 + (second >= 1_200 && second < 1_560 ? 0 : 2) + (second >= 1_800 && second < 2_040 ? 0 : 4);
  }),
};

/** The kinds of statements of which at least one is false. */
export const falseKinds = (verdicts: readonly Verdict[]): string[] => [
  ...new Set(verdicts.filter(({ isTrue }) => !isTrue).map(({ kind }) => kind)),
];
