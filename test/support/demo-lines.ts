/** Reading generated lines back: what the tests of the demo count. */
import type { Scheduled } from '../../demo/faults.ts';
import { type Batch, serviceOf, traffic } from '../../demo/traffic.ts';

/** A Wednesday. */
export const day = Date.UTC(2024, 5, 5);
export const minute = 60_000;
export const hour = 60 * minute;

/** Whether a line reports an error: by its level, or as an access line by its status. */
export const isError = (line: string): boolean =>
  /\bERROR\b|level\\*":(\\*"error|50\b)|HTTP\/1\.1\\*" 5\d\d /.test(line);

/** The time that a line bears, whatever its layout. */
export function timeIn(line: string): number {
  const record = /"@timestamp":(\d+\.\d+)/.exec(line) ?? /"ts":(\d+\.\d+)/.exec(line);
  if (record !== null) return Math.round(Number(record[1]) * 1_000);
  const text = /"time":"([^"]{23})/.exec(line) ?? /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3})/.exec(line);
  if (text !== null) return Date.parse(`${(text[1] as string).replace(',', '.').replace(' ', 'T')}Z`);
  return Number(/"time":(\d{13})/.exec(line)?.[1]);
}

/** All that arrives from `from` to `to`. */
export function run(options: { seed?: number; from: number; to: number; faults?: readonly Scheduled[] }): Batch {
  return traffic({ seed: options.seed ?? 7, start: options.from, faults: options.faults ?? [] }).next(options.to);
}

/** How many lines and errors of `service` bear a time of [from, to). */
export function count(batch: Batch, service: string, span: { readonly from: number; readonly to: number }) {
  let lines = 0;
  let errors = 0;
  for (let i = 0; i < batch.lines.length; i++) {
    const line = batch.lines[i] as string;
    if (serviceOf(batch.sources[i] as string) !== service) continue;
    const time = timeIn(line);
    if (time < span.from || time >= span.to) continue;
    lines++;
    if (isError(line)) errors++;
  }
  return { lines, errors };
}
