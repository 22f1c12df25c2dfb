/** What may be set of how a service's signals are found. Durations are in milliseconds. */
import type { Duration } from '../time/duration.ts';

/** When a service counts as anomalous. */
export interface DetectionSettings {
  /** Incidents that chance alone may open in a day; decides how improbable a window must be. */
  readonly falseIncidentsPerDay: number;
  /** Those of them that may call someone. */
  readonly falsePagesPerDay: number;
  /** Number of services the budgets are spread over; over as many as there are where they are more. */
  readonly services: number;
  /** Errors must exceed the expected by this factor … */
  readonly minimumRatio: number;
  /** … and by this number. */
  readonly minimumExcess: number;
  /** After this long an anomaly is the new normal and is learned. */
  readonly freezeAtMost: Duration;
  /** Share of a service's lines that are errors before anything is known of it, and the lines this is worth. */
  readonly priorErrorShare: number;
  readonly priorLines: number;
  /** Learned panes lose half of their weight in this time. */
  readonly halfLife: Duration;
}

/** When a service that writes nothing counts as silent. */
export interface SilenceSettings {
  /** At least this long … */
  readonly atLeast: Duration;
  /** … and this many lines that were to be expected … */
  readonly expectedLines: number;
  /** … and this many times its longest pause so far, of a service that wrote lines for `knownFor` before. */
  readonly longestPauses: number;
  readonly knownFor: Duration;
}
