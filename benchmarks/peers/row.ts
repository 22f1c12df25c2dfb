/** The figures of a run, the same for every engine. */
export interface Measured {
  readonly records: number;
  readonly eventsPerSecond: number;
  /** From the first record to the last result. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Seconds from the start of the process to the first record. */
  readonly start: number;
  /** Results, and the sum of their counts. */
  readonly out: number;
  readonly sum: number;
}

/** The servers that jobs over Kafka use. */
export interface Servers {
  readonly kafka: string;
  readonly redis: string;
  readonly topic: string;
}

/** A line of the table, and of the file that `--json` names. */
export interface Row {
  readonly job: string;
  readonly engine: string;
  readonly parallelism: number;
  readonly events_per_s: number;
  readonly cpu_s_per_m: number;
  readonly rss_mb: number;
  readonly start_s: number;
}

export function rowOf(job: string, engine: string, parallelism: number, measured: Measured): Row {
  return {
    job,
    engine,
    parallelism,
    events_per_s: Math.round(measured.eventsPerSecond),
    cpu_s_per_m: round((measured.cpuSeconds / measured.records) * 1e6),
    rss_mb: Math.round(measured.peakMegabytes),
    start_s: round(measured.start),
  };
}

const round = (n: number): number => Math.round(n * 100) / 100;
