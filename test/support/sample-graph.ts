/** A job that has one of everything that a graph can show, for the tests of its plan and description. */
import { float64 } from '../../codecs/codec.ts';
import { topic } from '../../connectors/topic.ts';
import { type Job, job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { filter } from '../../operators/filter.ts';
import { keyBy } from '../../operators/key-by.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';

/** A record of the sample job. */
export interface Line {
  readonly at: number;
  readonly service: string;
  readonly fatal: boolean;
}

/** A job with a fork, a side output, an exchange and two states. */
export function sampleJob(codec = float64): Job {
  return job('sample', (from) => {
    const lines = from('lines', topic<Line>('lines')).pipe(eventTime({ at: (l) => l.at, outOfOrder: seconds(10) }));
    lines.pipe(
      filter((l) => l.fatal),
      to('fatal', topic('fatal')),
    );
    lines.pipe(
      keyBy((l) => l.service),
      window('per-minute', tumbling(minutes(1)), count(), { late: (s) => s.pipe(to('late', topic('late'))) }),
      scan('rise', { codec, ttl: minutes(90) }, (past, w) => [
        w.value,
        past !== undefined && w.value > past ? w : undefined,
      ]),
      to('rises', topic('rises')),
    );
  });
}
