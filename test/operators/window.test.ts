import { expect, test } from 'vitest';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import type { Stream } from '../../graph/stream.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { drive } from '../../testing/drive.ts';
import { END, play } from '../../testing/index.ts';
import { hours, minutes, seconds } from '../../time/duration.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';
import { fired } from '../support/window-result.ts';

interface Line {
  readonly at: number;
  readonly service: string;
}

const perMinute = tumbling(minutes(1));

test('late values go where the option says, under their key', async () => {
  const late = to<Line, string>('too-late', topic('late'));
  const d = drive(window('n', perMinute, count<Line>(), { late }));
  d.watermark(minutes(1));
  d.data(5_000, { at: 5_000, service: 'api' }, 'api');
  expect(await d.seen).toEqual(['~60000', 'too-late: api {"at":5000,"service":"api"} @5000']);
});

test('late values that no stream reads are dead letters with the reason, and are counted', async () => {
  const counts = job('counts', (from) => {
    from('lines', topic<Line>('lines')).pipe(
      eventTime({ at: (l) => l.at, outOfOrder: 0 }),
      keyBy((l) => l.service),
      window('n', perMinute, count()),
      to('out', topic('counts')),
    );
  });
  const line = (at: number): Line => ({ at, service: 'api' });
  const played = await play(counts, { lines: [line(0), line(120_000), line(1), END] });
  expect(played.topics['counts']).toMatchObject([{ value: 1 }, { value: 1 }]);
  expect(played.deadLetters).toMatchObject([{ origin: 'n', reason: 'late', sample: '{"at":1,"service":"api"}' }]);
  expect(await played.metrics.get('millrace_records_late_total', 'n')).toBe(1);
});

test('a window of windows folds the results of the first', async () => {
  const d = drive((stream: Stream<string, string>) =>
    stream.pipe(window('n', perMinute, count<string>()), window('per-hour', tumbling(minutes(60)), count())),
  );
  for (const time of [0, 1, 61_000, minutes(60)]) d.data(time, 'x', 'k');
  d.watermark(minutes(60));
  expect(await d.seen).toEqual([`k ${fired(0, minutes(60), 2)}`, '~3600000']);
});

test('without event time in front it is refused when the job is built', () => {
  const build = () =>
    job('untimed', (from) => {
      from('lines', topic<Line>('lines')).pipe(
        keyBy((l) => l.service),
        window('n', perMinute, count()),
        to('out', topic('counts')),
      );
    });
  expect(build).toThrow(/^EVENT_TIME_MISSING/);
});

test('at the end of the input a window behind another one gets all of its results, however many keys there are', async () => {
  const all = 10_000;
  const twice = job('twice', (from) => {
    from('times', topic<number>('times')).pipe(
      // Nothing is over before the end.
      eventTime({ at: (time) => time, outOfOrder: hours(10) }),
      keyBy((time) => time),
      window('n', tumbling(seconds(1)), count()),
      keyBy(() => 'all'),
      window('sum', perMinute, count()),
      to('out', topic('sums')),
    );
  });
  const played = await play(twice, { times: [...Array.from({ length: all }, (_, i) => seconds(i + 1)), END] });
  expect(played.deadLetters).toEqual([]);
  const sums = played.topics['sums'] as readonly { readonly value: number }[];
  expect(sums.reduce((sum, { value }) => sum + value, 0)).toBe(all);
});
