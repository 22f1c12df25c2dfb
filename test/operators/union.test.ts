import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import type { Stream } from '../../graph/stream.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { union } from '../../operators/union.ts';
import { window } from '../../operators/window.ts';
import { drive, END, IDLE, PAUSE, play } from '../../testing/index.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';

describe('union', () => {
  const two = () =>
    drive<string, string, string, string>((stream, from) =>
      union(stream, from('other', script<string>([])).pipe(keyBy((word) => word))),
    );

  test('passes values as they come, each under its key', async () => {
    const d = two();
    d.data(1, 'a', 'k');
    d.source('other').data(2, 'b');
    expect(await d.seen).toEqual(['k "a" @1', 'b "b" @2']);
  });

  test('its watermark is the least of its inputs, once all have spoken', async () => {
    const d = two();
    d.watermark(10);
    d.source('other').watermark(5);
    d.source('other').watermark(20);
    d.watermark(15);
    expect(await d.seen).toEqual(['~5', '~10', '~15']);
  });

  test('a barrier passes once, when it has come from every input', async () => {
    const d = two();
    d.barrier(1);
    d.barrier(2);
    expect(await d.seen).toEqual(['|1', '|2']);
  });

  test('state behind it sees equal keys of both as one, and survives a restart', async () => {
    const op = (stream: Stream<string, string>, from: Parameters<Parameters<typeof drive>[0]>[1]) =>
      union(stream, from('other', script<string>([])).pipe(keyBy((word) => word))).pipe(
        scan('n', { codec: int }, (n: number | undefined) => [(n ?? 0) + 1, (n ?? 0) + 1]),
      );
    const before = drive(op);
    before.data(1, 'x', 'k');
    before.source('other').data(2, 'k');
    before.barrier(1);
    const after = drive(op, { saved: before.saved });
    after.source('other').data(3, 'k');
    expect(await after.seen).toEqual(['k 3 @3']);
  });

  test('a stream united with what was made of it', async () => {
    const d = drive((stream: Stream<number, string>) => union(stream, stream.pipe(map((n) => -n))));
    d.data(1, 1, 'k');
    d.watermark(1);
    d.barrier(1);
    expect(await d.seen).toEqual(['k 1 @1', 'k -1 @1', '~1', '|1']);
  });
});

describe('two sources united', () => {
  interface Event {
    readonly at: number;
  }
  const start = Date.UTC(2026, 0, 1);
  const lines = (...at: readonly number[]) => at.map((ms): Event => ({ at: start + ms }));
  const counts = job('counts', (from) => {
    const options = { at: (e: Event) => e.at, outOfOrder: 0, idleAfter: minutes(1) };
    const a = from('a', topic<Event>('a')).pipe(eventTime(options));
    const b = from('b', topic<Event>('b')).pipe(eventTime(options));
    union(a, b).pipe(
      keyBy(() => 'all'),
      window('n', tumbling(seconds(10)), count()),
      map((w) => [w.window.start - start, w.value]),
      to('out', topic('out')),
    );
  });

  test('are read the one behind first, so that no record of the other is late', async () => {
    const a = lines(...Array.from({ length: 50 }, (_, i) => i * 1_000));
    const b = lines(...Array.from({ length: 50 }, (_, i) => i * 1_000 + 500));
    const played = await play(
      counts,
      { a: [...a, END], b: [...b, END] },
      { task: { fetch: { maxRecords: 7, maxBytes: 1e6 } } },
    );
    expect(played.topics['out']).toEqual([0, 1, 2, 3, 4].map((n) => [n * 10_000, 20]));
    expect(played.deadLetters).toEqual([]);
  });

  test('are read the one behind first also where their event time is told behind the union', async () => {
    const late = job('late', (from) => {
      union(from('a', topic<Event>('a')), from('b', topic<Event>('b'))).pipe(
        eventTime({ at: (e) => e.at, outOfOrder: 0 }),
        map((e) => e.at - start),
        to('out', topic('out')),
      );
    });
    const one = { fetch: { maxRecords: 1, maxBytes: 1e6 } };
    const [a, b] = [lines(0, 10_000, 20_000), lines(5_000, 15_000, 25_000)];
    const played = await play(late, { a: [...a, END], b: [...b, END] }, { task: one });
    expect(played.topics['out']).toEqual([0, 5_000, 10_000, 15_000, 20_000, 25_000]);
  });

  test('one that is silent holds the other back for idleAfter and no longer', async () => {
    const script = (pause: number) => ({ a: [...lines(0, 15_000), PAUSE(pause), IDLE], b: [...lines(1_000), IDLE] });
    const short = await play(counts, script(seconds(55)), { now: start + seconds(20) });
    expect(short.topics['out']).toEqual([]);
    const long = await play(counts, script(minutes(2)), { now: start + seconds(20) });
    expect(long.topics['out']).toEqual([
      [0, 2],
      [10_000, 1],
    ]);
  });
});
