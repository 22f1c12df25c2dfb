/** Measures a run of Millrace as the peers' harness does: from the first record to the end of the run. */

import { readFileSync } from 'node:fs';
import type { SourceBatch, SourceReader, SourceSpec } from '../../graph/connector.ts';

/** Counts records, and takes wall and CPU time from the first one. */
export class Meter {
  /** Seconds from the start of the process to the first record. */
  start = 0;
  records = 0;
  #first = 0;
  #cpu = 0;

  seen(records: number): void {
    if (this.records === 0) {
      this.start = process.uptime();
      this.#first = performance.now();
      this.#cpu = cpuSeconds();
    }
    this.records += records;
  }

  /** Wall and CPU seconds since the first record; all threads of the process count. */
  get cost(): { readonly seconds: number; readonly cpuSeconds: number } {
    return { seconds: (performance.now() - this.#first) / 1_000, cpuSeconds: cpuSeconds() - this.#cpu };
  }
}

/** The source with counted records, which ends at its present end: what the peers call bounded. */
export function bounded<T>(source: SourceSpec<T>, meter: Meter): SourceSpec<T> {
  const { topic } = source;
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      const ends = new Map<string, number>();
      if (topic !== undefined) {
        for (const split of await reader.splits())
          ends.set(split, (await ports.topics.range(topic, Number(split))).end);
      }
      const poll: SourceReader<T>['poll'] = async (split, position, limit) => {
        if (ends.has(split) && (position as number) >= ends.get(split)!) return 'ended';
        const batch: SourceBatch<T> | undefined | 'ended' = await reader.poll(split, position, limit);
        if (typeof batch === 'object') meter.seen(batch.values.length);
        return batch;
      };
      return { ...reader, poll };
    },
  };
}

/** The process's peak resident memory where the system reports it, else the present one. */
export function peakMegabytes(): number {
  try {
    const line = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Math.round(Number(line[1]) / 1_024);
  } catch {
    // Not Linux.
  }
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
