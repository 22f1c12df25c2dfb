/** How a detector did on a course of traffic with known truth, as an object and as the lines of a table. */

/** The fields that count of a lifecycle event, as `millrace replay` prints them; other fields are ignored. */
export interface LifecycleEvent {
  readonly event: string;
  readonly incident_id: string;
  readonly started_at: string;
  readonly detected_at: string;
  readonly updated_at?: string | null;
  readonly services: readonly string[];
  readonly suppressed?: boolean;
  readonly root_causes?: readonly { readonly service: string }[];
}

/** An alarm that no fault explains. */
export interface FalseAlarm {
  readonly incident_id: string;
  readonly at: string;
  readonly services: readonly string[];
  /** What was going on: a decoy, a fault that has nothing to do with it, or nothing. */
  readonly during: string | null;
}

/** A fault that was found, by which kind of event and after how long; its terms follow each other in time. */
export interface Found {
  readonly kind: string;
  readonly service: string;
  readonly by: string;
  readonly delay_s: number;
  /** From the onset to the first line of it, to the end of that line's pane, to the pane that was decided; or null. */
  readonly terms_s: readonly [line: number, pane: number, decided: number] | null;
}

/** A fault that was not found within its limit. */
export interface Missed {
  readonly kind: string;
  readonly service: string;
  readonly start: string;
  readonly description: string;
  /** Whether it was found after its limit. */
  readonly late: boolean;
  /** Whether it left hardly a line. */
  readonly invisible: boolean;
}

/** Seconds; null where there is nothing to measure. */
export interface Spread {
  readonly p50: number | null;
  readonly max: number | null;
}

/** The median and the longest of some numbers. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  return { p50: sorted[Math.ceil(sorted.length / 2) - 1] ?? null, max: sorted.at(-1) ?? null };
}

/** How a detector did. Delays are seconds of event time from the start of a fault until its find could be known. */
export interface Summary {
  readonly faults: number;
  readonly found: number;
  readonly late: number;
  readonly invisible: number;
  readonly finds: readonly Found[];
  readonly missed: readonly Missed[];
  readonly judged_hours: number;
  readonly false_alarms: number;
  readonly false_alarm_list: readonly FalseAlarm[];
  /** Alarms that a fault excuses and that did not find it. */
  readonly fragments: number;
  /** For how many of the judged minutes some alarm would have been excused. */
  readonly excused_minutes: number;
  readonly delay_s: Spread;
  /** By the kind of event that found the fault. */
  readonly delay_opened_s: Spread & { readonly found: number };
  readonly delay_updated_s: Spread & { readonly found: number };
  /** Of the faults found, how many have a struck service as first cause, and among the first three. */
  readonly cause: { readonly first: number; readonly first_three: number };
  /** The last term of every delay: lines out of order are waited for. */
  readonly waited_s: number;
}

/** One row of a table that compares detectors. */
export interface Compared {
  readonly name: string;
  readonly summary: Summary;
}

/** The table as lines of text. */
export function tableOf(rows: readonly Compared[]): readonly string[] {
  const heads = ['', 'found', 'late', 'false alarms', 'excused alarms', 'delay p50/max', 'cause first/in three'];
  const cells = rows.map(({ name, summary: s }) => [
    name,
    `${s.found} of ${s.faults}`,
    String(s.late),
    `${s.false_alarms} in ${Math.round(s.judged_hours)} h`,
    `${s.fragments} in ${s.excused_minutes} min`,
    `${s.delay_s.p50 ?? '–'} / ${s.delay_s.max ?? '–'} s`,
    `${s.cause.first} / ${s.cause.first_three} of ${s.found}`,
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]!.length)));
  return [heads, ...cells].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
