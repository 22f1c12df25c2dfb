/**
 * The number people see: how bad it is, summed over severities, weighted by how much the service matters. It orders
 * incidents and names their severity; whether there is an incident at all is decided by probability (threshold.ts).
 */
import { severities } from '../signals/panes.ts';
import type { ScoredCounts } from '../signals/signal-kind.ts';
import { compileFormula } from './formula.ts';
import type { ScoreSettings, Severity } from './settings.ts';

/** Lines of one severity of one service in a window. */
export interface Spike {
  readonly service: string;
  readonly severity: (typeof severities)[number];
  readonly observed: number;
  readonly expected: number;
}

/** The score of one severity. */
export type Scorer = (spike: Spike) => number;

/** A ratio is taken to at least one expected line. */
const leastExpected = 1;

/** Compiles the settings' formula. Errors: FORMULA_REFUSED. */
export function scorer(settings: ScoreSettings): Scorer {
  const formula = compileFormula(settings.formula, ['weight', 'ratio', 'criticality', 'observed', 'expected']);
  const { weights, criticality } = settings;
  return ({ service, severity, observed, expected }) =>
    formula({
      weight: weights[severity],
      ratio: observed / Math.max(leastExpected, expected),
      criticality: Object.hasOwn(criticality, service) ? criticality[service]! : 1,
      observed,
      expected,
    });
}

/** The score of a window with so many lines of each severity. */
export function scoreOf(score: Scorer, service: string, { observed, expected }: ScoredCounts): number {
  let sum = 0;
  for (let i = 0; i < severities.length; i++) {
    if (observed[i]! <= expected[i]!) continue;
    sum += score({ service, severity: severities[i]!, observed: observed[i]!, expected: expected[i]! });
  }
  return sum;
}

/**
 * What an incident of this score is called.
 *
 * @example
 * severityOf(9, { warning: 3, error: 8, critical: 30 }) // => 'error'
 */
export function severityOf(score: number, from: ScoreSettings['severities']): Severity {
  if (score >= from.critical) return 'critical';
  if (score >= from.error) return 'error';
  return score >= from.warning ? 'warning' : 'info';
}
