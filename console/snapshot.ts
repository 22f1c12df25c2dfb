/**
 * What the console shows, as the server sends it: `GET /api/state` answers one `Snapshot`, `GET /api/events` is a
 * server-sent-event stream whose `data` is one `ConsoleEvent` per message. Types only, so that the server imports
 * them with `import type` and the page bundles nothing for them.
 *
 * Units: every instant is epoch milliseconds. `now`, panes, watermarks, incidents and faults are event time;
 * `throughput.t` and `reading` alone are the server's wall clock, because they are facts about the machine.
 */

export interface Snapshot {
  /** Increases with every delta; a page that sees a gap asks `/api/state` again. */
  readonly revision: number;
  /** Event time the job has reached (its lowest output watermark), ms; 0 before the first watermark. */
  readonly now: number;
  readonly phase: Phase;
  readonly linesTotal: number;
  readonly reading: Reading;
  /** Event time up to which every pane is known: a service without a pane before it wrote nothing in that pane, ms. */
  readonly countedTo: number;
  readonly throughput: Throughput;
  readonly graph: readonly GraphNode[];
  readonly services: readonly Service[];
  readonly incidents: readonly Incident[];
  /** What the demo injected, for comparison with what was detected; absent outside the demo. */
  readonly faults?: readonly Fault[];
}

/** `history` reads what is already there as fast as it can: `done` of `total` in `unit`; `live` follows the source. */
export type Phase =
  | { readonly kind: 'history'; readonly done: number; readonly total: number; readonly unit?: string }
  | { readonly kind: 'live' }
  | { readonly kind: 'ended' };

/** Whether lines come, and what became of those that are in no pane; instants are the server's. */
export interface Reading {
  /** When this was looked at, and when the run began. */
  readonly at: number;
  readonly since: number;
  /** When a line was last read; null before the first. */
  readonly lastLineAt: number | null;
  /** Set aside as dead letters, and how many of these came too late. */
  readonly dead: number;
  readonly late: number;
}

/** Events per second over the last five minutes, oldest first; both arrays have one length. */
export interface Throughput {
  readonly t: readonly number[];
  readonly perSecond: readonly number[];
}

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly kind: 'source' | 'operator' | 'sink';
  /** Ids of the nodes it reads. */
  readonly inputs: readonly string[];
  /** Null until the first watermark. */
  readonly watermarkMs: number | null;
  /** Seconds the node's watermark is behind the clock; null while unknown. */
  readonly lagS: number | null;
  readonly recordsIn: number;
  readonly recordsOut: number;
}

export interface Service {
  readonly name: string;
  readonly team?: string;
  /** Business criticality; 1 is ordinary. */
  readonly criticality: number;
  /** True while the baseline has too few data to be trusted. */
  readonly learning: boolean;
  readonly series: Series;
}

/** 10 s panes of the last 60 minutes, oldest first; `t` is the pane's start; all arrays have one length. */
export interface Series {
  readonly t: readonly number[];
  readonly errors: readonly number[];
  /** Errors the baseline expected for this pane's traffic; null where it had no opinion yet. */
  readonly expected: readonly (number | null)[];
  /** Events of any level. */
  readonly total: readonly number[];
}

export type IncidentStatus = 'open' | 'resolved' | 'suppressed';
/** The four levels that pagers share. */
export type Severity = 'critical' | 'error' | 'warning' | 'info';

export interface Incident {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly severity: Severity;
  readonly score: number;
  /** Onset. */
  readonly startedAt: number;
  /** The watermark that fired. */
  readonly detectedAt: number;
  readonly resolvedAt?: number;
  readonly services: readonly string[];
  readonly summary: string;
  /** A sentence on why it was suppressed, or why it was decided if the evidence does not say it all. */
  readonly reason: string | null;
  /** How each service is, and how it was at its worst. */
  readonly evidence: readonly Evidence[];
  /** Best first. */
  readonly rootCauses: readonly RootCause[];
  readonly deploys: readonly Deploy[];
  /** Log lines exactly as they arrived. Hostile: shown as text nodes, never as markup. */
  readonly samples: readonly string[];
  /** Kinds of lines that are new, missing or surging; as hostile as log lines. */
  readonly templates: readonly Template[];
}

export interface Template {
  readonly service: string;
  readonly kind: 'new' | 'missing' | 'surging';
  /** The text, `<*>` for each value. */
  readonly text: string;
  readonly sample: string;
  /** When it first came, last came, or when the minute that told most began. */
  readonly since: number;
  readonly observed: number;
  readonly expected: number;
}

export interface Evidence {
  readonly service: string;
  /** What was counted, such as `error lines` or a template; now, in the window up to the incident's last event. */
  readonly signal: string;
  readonly expected: number;
  readonly observed: number;
  readonly windowMs: number;
  /** When this service's anomaly began. */
  readonly onset?: number;
  /** When the service was well again; absent while it is not. */
  readonly wellSince?: number;
  /** The service at its worst. */
  readonly peak?: Peak;
  /** A sentence on how the service is and how it was. */
  readonly text?: string;
  /** Decimal logarithm of the probability of as much by chance, such as -31. */
  readonly log10P?: number;
}

/** A service at its worst; `signal` says what was counted. */
export interface Peak {
  readonly at: number;
  readonly signal: string;
  readonly expected: number;
  readonly observed: number;
  readonly windowMs: number;
}

export interface RootCause {
  readonly service: string;
  /** 0…1. */
  readonly confidence: number;
  readonly reasons: readonly string[];
}

export interface Deploy {
  readonly service: string;
  /** Such as `config`; a deployment when absent. */
  readonly kind?: string;
  readonly version: string;
  readonly author: string;
  readonly at: number;
}

export interface Fault {
  readonly id: string;
  readonly service: string;
  /** Such as `pool exhausted` or `bad deploy`. */
  readonly kind: string;
  readonly startedAt: number;
  /** Null while it is still on. */
  readonly endedAt: number | null;
}

export type ConsoleEvent =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'delta'; readonly delta: Delta };

/** What changed since `revision - 1`. An absent field has not changed. `apply.ts` says what each does. */
export interface Delta {
  readonly revision: number;
  readonly now: number;
  readonly phase?: Phase;
  readonly linesTotal?: number;
  readonly reading?: Reading;
  readonly countedTo?: number;
  /** Points to append. */
  readonly throughput?: Throughput;
  /** The whole graph. */
  readonly graph?: readonly GraphNode[];
  /** Services that are new or changed; their `series` holds only new and revised panes, merged by `t`. */
  readonly services?: readonly Service[];
  /** Incidents that are new or changed, whole, merged by `id`. */
  readonly incidents?: readonly Incident[];
  /** All faults. */
  readonly faults?: readonly Fault[];
}
