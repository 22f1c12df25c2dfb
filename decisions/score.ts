/**
 * The number people see: how bad it is, summed over severities, weighted by how much the service matters. It orders
 * incidents and names their severity; whether there is an incident at all is decided by probability (threshold.ts).
 */
import { MillraceError } from '../errors.ts';
import { severities } from '../signals/panes.ts';
import type { ScoredCounts } from '../signals/signal-kind.ts';
import { compileFormula } from './formula.ts';
import type { ScoreSettings, Severity, Urgency } from './settings.ts';

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

/** The formula unless settings name another. It yields a number for all lines. */
export const defaultFormula = 'weight * log1p(ratio) * criticality';

/** What every formula must have a number for: eight errors where two are usual. */
const sample = { weight: 3, ratio: 4, criticality: 1, observed: 8, expected: 2 };
const variables = Object.keys(sample);

/**
 * Compiles the settings' formula. Where it gives no number for some lines the default formula scores them, and the
 * first time `onFailure` is called with a FORMULA_FAILED. Errors: FORMULA_REFUSED, also where it gives none for a sample.
 */
export function scorer(settings: ScoreSettings, onFailure: (failure: MillraceError) => void = () => {}): Scorer {
  const formula = compileFormula(settings.formula, variables);
  const text = settings.formula.slice(0, 80).toWellFormed();
  if (Number.isNaN(formula(sample))) {
    const reason = `it gives no finite number for ${JSON.stringify(sample)}`;
    throw new MillraceError('FORMULA_REFUSED', { formula: text, reason });
  }
  const usual = compileFormula(defaultFormula, variables);
  const { weights, criticality } = settings;
  let isTold = false;
  return ({ service, severity, observed, expected }) => {
    const values = {
      weight: weights[severity],
      ratio: observed / Math.max(leastExpected, expected),
      criticality: Object.hasOwn(criticality, service) ? criticality[service]! : 1,
      observed,
      expected,
    };
    const score = formula(values);
    if (!Number.isNaN(score)) return score;
    if (!isTold) {
      isTold = true;
      onFailure(new MillraceError('FORMULA_FAILED', { formula: text, values: JSON.stringify(values) }));
    }
    return usual(values);
  };
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

/**
 * What to do about an incident. What a rule holds back is a note; errors and worse call someone, unless so little is
 * known of its services that what is usual is mostly assumed, or chance may have made it, as the budget of pages says.
 *
 * @example
 * urgencyOf('critical', { learning: true, chance: false, suppressed: false }) // => 'page'
 * urgencyOf('error', { learning: true, chance: false, suppressed: false }) // => 'ticket'
 */
export function urgencyOf(
  severity: Severity,
  { learning, chance, suppressed }: { readonly [why in 'learning' | 'chance' | 'suppressed']: boolean },
): Urgency {
  if (suppressed) return 'note';
  if (chance) return 'ticket';
  return severity === 'critical' || (severity === 'error' && !learning) ? 'page' : 'ticket';
}
