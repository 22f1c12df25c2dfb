/** The expected results of the Kafka jobs for the first `total` log lines, computed from the generators alone. */

import { isError, logTime, service, traceNumber } from './generators.ts';

/** The number of results, and the sum of their counts. */
export interface Expected {
  readonly out: number;
  readonly sum: number;
}

/** The results of Flink's runs for three million lines, against which the oracles are checked. */
export const atThreeMillion: Readonly<Record<string, number>> = { j1: 90_243, j2: 300, j3: 865_131 };

export const oracles: Readonly<Record<string, (total: number, rate: number) => Expected>> = {
  j1(total) {
    let errors = 0;
    for (let n = 0; n < total; n++) if (isError(n)) errors++;
    return { out: errors, sum: errors };
  },
  j2(total, rate) {
    const windows = new Set<string>();
    for (let n = 0; n < total; n++) windows.add(`${service(n)} ${Math.floor(logTime(n, rate) / 60_000)}`);
    return { out: windows.size, sum: total };
  },
  j3(total, rate) {
    // Sorted by trace, then by time: a number below 2^53 holds both.
    const lines = new Float64Array(total);
    const first = logTime(0, rate) - 10_000;
    for (let n = 0; n < total; n++) lines[n] = traceNumber(n) * 2 ** 31 + logTime(n, rate) - first;
    lines.sort();
    let sessions = 0;
    for (let i = 0; i < total; i++) if (i === 0 || lines[i]! - lines[i - 1]! > 30_000) sessions++;
    return { out: sessions, sum: total };
  },
};
