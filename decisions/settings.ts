/** What may be set of what counts. */

/** How an incident's severity is called, from the mildest. The words are PagerDuty's. */
export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** What to do about an incident: get someone up, look at it in working hours, or nothing. */
export type Urgency = 'page' | 'ticket' | 'note';

/** The number people see. */
export interface ScoreSettings {
  /** A formula over `weight`, `ratio`, `criticality`, `observed` and `expected`, summed over severities. */
  readonly formula: string;
  readonly weights: {
    readonly WARN: number;
    readonly ERROR: number;
    readonly CRITICAL: number;
    readonly FATAL: number;
  };
  /** How much a service matters; 1 unless it is listed. */
  readonly criticality: { readonly [service: string]: number };
  /** Scores from which an incident is called so. */
  readonly severities: { readonly warning: number; readonly error: number; readonly critical: number };
}
