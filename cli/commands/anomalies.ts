/**
 * `millrace anomalies`: each point of metric series judged, as one JSON object per point, in input order. Series of all
 * files are one input. `expected`, `low` and `high` are of the value; of a counter they are of `increase`, which is how
 * much it rose in a usual step. What is said of a point follows from it and earlier points only.
 */
import { isAscii } from 'node:buffer';
import { cutText } from '../../codecs/utf8.ts';
import { openFiles } from '../../connectors/files/reader.ts';
import { MillraceError } from '../../errors.ts';
import { Intake } from '../../signals/inputs/intake.ts';
import { metricIn } from '../../signals/inputs/metrics/canonical.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { bagOf } from '../../signals/inputs/values.ts';
import { type Judged, ManySeries } from '../../signals/series/many-series.ts';
import { systemClock } from '../../time/clock.ts';
import { Output, say } from '../terminal.ts';

const limit = { maxRecords: 16_384, maxBytes: 4 << 20 };
/** Each takes about 10 kB. */
const mostSeries = 100_000;

/** Prints one object per point. Errors: FILE_MISSING; FILE_UNREADABLE, with the number of a line that is no point. */
export async function execute(files: readonly string[], _options: object): Promise<void> {
  const series = new ManySeries(mostSeries);
  const output = new Output();
  try {
    for (const path of files) await judgeFile(path, series, output);
  } finally {
    await output.flush();
  }
  const { refused } = series;
  if (refused > 0)
    say(`millrace: ${refused} points were not judged: more than ${mostSeries} series; judge them in parts`);
}

async function judgeFile(pattern: string, series: ManySeries, output: Output): Promise<void> {
  const reader = openFiles({ patterns: [pattern], follow: false, clock: systemClock });
  try {
    for (const split of await reader.splits()) {
      let line = 0;
      const { path } = reader.start(split);
      for (let position = reader.start(split); !position.ended; ) {
        const batch = await reader.poll(split, position, limit);
        if (batch === undefined) break;
        const { bytes, starts, ends } = batch;
        const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
        for (let i = 0; i < batch.length; i++) {
          const text = bytes.toString(encoding, starts[i]!, ends[i]!);
          const point = pointIn(text, { path, line: ++line });
          if (point !== null) output.line(shown(point, series.judge(point)));
        }
        for (const { reason, offset } of batch.refused) {
          throw new MillraceError('FILE_UNREADABLE', { path, reason: `the line at byte ${offset}: ${reason}` });
        }
        position = batch.next;
        await output.drain();
      }
    }
  } finally {
    await reader.close();
  }
}

/** A point, and its time as it was written. */
interface Point extends Metric {
  readonly timestamp: unknown;
}

/** The point of a line; null for a blank one. */
function pointIn(text: string, place: { readonly path: string; readonly line: number }): Point | null {
  if (text.trim() === '') return null;
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    const reason = `line ${place.line} is no JSON: ${cutText(text, 80)}`;
    throw new MillraceError('FILE_UNREADABLE', { path: place.path, reason }, { cause: error });
  }
  // A file is read at any time: no time in it is too far ahead.
  const intake = new Intake<Metric>('metrics', Number.POSITIVE_INFINITY);
  const point = metricIn(record, intake);
  if (point !== null) return { ...point, timestamp: bagOf(record)['timestamp'] };
  const reason = `line ${place.line}: ${intake.refused[0]!.reason}`;
  throw new MillraceError('FILE_UNREADABLE', { path: place.path, reason });
}

function shown(point: Point, judged: Judged | null): string {
  const { timestamp, service, instance, name, kind } = point;
  const { expected, low, high } = judged?.band ?? { expected: null, low: null, high: null };
  return JSON.stringify({
    timestamp,
    service,
    ...(instance === null ? {} : { instance }),
    name,
    value: point.value,
    ...(kind === 'counter' ? { increase: judged?.increase ?? null } : {}),
    expected,
    low,
    high,
    score: judged?.score ?? 0,
    deviations: judged?.deviations ?? 0,
    anomalous: judged?.anomalous ?? false,
    learning: judged?.learning ?? true,
    ...(judged === null || judged.ignored ? { ignored: true } : {}),
  });
}
