import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { type From, job } from '../../graph/job.ts';
import type { Stream } from '../../graph/stream.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { to } from '../../operators/to.ts';
import { union } from '../../operators/union.ts';
import { window } from '../../operators/window.ts';
import { CRASH, drive, END, IDLE, PAUSE, play } from '../../testing/index.ts';
import { hours, minutes, seconds } from '../../time/duration.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';

interface Event {
  readonly at?: number;
}
const at = (e: Event) => e.at;

describe('eventTime', () => {
  test('gives records their time and moves the watermark in granules, behind the record that crossed one', async () => {
    const d = drive(eventTime({ at, outOfOrder: seconds(2) }));
    for (const time of [5_000, 5_900, 6_000, 4_000]) d.data(0, { at: time });
    expect(await d.seen).toEqual([
      '{"at":5000} @5000',
      '~2999',
      '{"at":5900} @5900',
      '{"at":6000} @6000',
      '~3999',
      '{"at":4000} @4000',
    ]);
  });

  test('times are whole milliseconds', async () => {
    const d = drive(eventTime({ at, outOfOrder: 0 }));
    d.data(0, { at: 1.9 });
    d.data(0, { at: -0.5 });
    expect((await d.seen).filter((line) => line.startsWith('{'))).toEqual(['{"at":1.9} @1', '{"at":-0.5} @-1']);
  });

  test('records without a time that a date could hold go to the side untimed', async () => {
    const d = drive(eventTime({ at, outOfOrder: 0 }, { untimed: to('untimed', topic<Event>('untimed')) }));
    const times = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e300];
    for (const time of times) d.data(7, { at: time });
    d.data(7, {});
    const seen = await d.seen;
    expect(seen).toHaveLength(5);
    for (const line of seen) expect(line).toMatch(/^untimed: .* @7$/);
  });

  test('records too far ahead of the clock go to the side ahead and move no watermark', async () => {
    const d = drive(eventTime({ at, outOfOrder: 0 }), { now: 0 });
    d.data(0, { at: hours(1) });
    d.data(0, { at: hours(1) + 1 });
    expect(await d.seen).toEqual([`{"at":${hours(1)}} @${hours(1)}`, '~0', `ahead: {"at":${hours(1) + 1}} @0`]);
  });

  test('a record whose time can not be asked for is set aside', async () => {
    const d = drive(eventTime({ at: (e: { t: Date }) => e.t.getTime(), outOfOrder: 0 }));
    d.data(0, {} as { t: Date });
    d.data(0, { t: new Date(5) });
    expect(await d.seen).toEqual([
      expect.stringMatching(/^!eventTime#2: .*getTime/),
      '{"t":"1970-01-01T00:00:00.005Z"} @5',
      '~-1',
    ]);
  });

  test('after a restart downstream hears how far time had come', async () => {
    const op = () => (stream: Parameters<ReturnType<typeof timed>>[0]) =>
      stream.pipe(timed(), window('n', tumbling(seconds(10)), count()));
    const timed = () => eventTime<Event, string>({ at, outOfOrder: 0 });
    const before = drive(op());
    before.data(0, { at: 25_000 }, 'k');
    before.barrier(1);
    const after = drive(op(), { saved: before.saved });
    after.data(0, { at: 15_000 }, 'k');
    after.data(0, { at: 24_000 }, 'k');
    after.data(0, { at: 30_000 }, 'k');
    const n2 = '{"window":{"start":20000,"end":30000},"value":2,"revision":0,"retracted":false}';
    expect(await after.seen).toEqual(['late: {"at":15000} @15000', `k ${n2} @29999`, '~29999']);
  });

  test('after a restart every input is still as far as it was', async () => {
    const op = (stream: Stream<Event, string>, from: From) =>
      union(stream, from('other', script<Event>([])).pipe(keyBy(() => 'k'))).pipe(eventTime({ at, outOfOrder: 0 }));
    const before = drive(op);
    before.source('other').data(0, { at: 20_000 });
    before.data(0, { at: 10_000 }, 'k');
    before.barrier(1);
    const after = drive(op, { saved: before.saved });
    after.data(0, { at: 30_000 }, 'k');
    expect(await after.seen).toEqual(['k {"at":30000} @30000', '~19999']);
  });

  test('behind keyBy it works as in front of it, also for keys that left memory', async () => {
    const op = () => (stream: Parameters<ReturnType<typeof timed>>[0]) =>
      stream.pipe(timed(), window('n', tumbling(seconds(10)), count()));
    const timed = () => eventTime<Event, string>({ at, outOfOrder: 0 });
    const before = drive(op());
    for (const key of ['a', 'b', 'c']) before.data(0, { at: 5 }, key);
    before.barrier(1);
    const after = drive(op(), { saved: before.saved, cacheKeys: 1 });
    after.data(0, { at: 10_000 }, 'a');
    const n1 = '{"window":{"start":0,"end":10000},"value":1,"revision":0,"retracted":false}';
    expect(await after.seen).toEqual([...['a', 'b', 'c'].map((key) => `${key} ${n1} @9999`), '~9999']);
  });

  test('options must be positive', () => {
    expect(() => eventTime({ at, outOfOrder: 0, granule: 0 })).toThrow(/^OPTION_INVALID: granule of eventTime/);
  });
});

describe('sources that fall silent', () => {
  const start = Date.UTC(2026, 0, 1);
  const merged = job('merged', (from) => {
    from('lines', topic<Event>('lines')).pipe(
      eventTime({ at, outOfOrder: 0, idleAfter: minutes(1) }),
      keyBy(() => 'all'),
      window('n', tumbling(minutes(1)), count()),
      map((w) => [w.window.start - start, w.value]),
      to('out', topic('out')),
    );
  });

  test('while a source speaks its windows wait for its records', async () => {
    const played = await play(merged, { lines: [{ at: start }, PAUSE(seconds(50)), IDLE] }, { now: start });
    expect(played.topics['out']).toEqual([]);
  });

  test('when all are silent for idleAfter, the watermark follows the clock and closes windows', async () => {
    const played = await play(merged, { lines: [{ at: start }, PAUSE(minutes(3)), IDLE] }, { now: start });
    expect(played.topics['out']).toEqual([[0, 1]]);
  });

  test('when all have ended, every window fires', async () => {
    const played = await play(
      merged,
      { lines: [{ at: start }, { at: start + minutes(9) }, END] },
      { now: start + hours(1) },
    );
    expect(played.topics['out']).toEqual([
      [0, 1],
      [minutes(9), 1],
    ]);
  });

  test('the watermark never passes the clock', async () => {
    const ahead = [{ at: start + minutes(5) }, { at: start + 1 }, PAUSE(minutes(1)), IDLE];
    const played = await play(merged, { lines: ahead }, { now: start });
    expect(played.topics['out']).toEqual([[0, 1]]);
    expect(played.deadLetters).toEqual([]);
  });
});

describe('a sender whose clock is fast', () => {
  const start = Date.UTC(2026, 0, 1);
  const counting = job('counting', (from) => {
    from('lines', topic<Event>('lines')).pipe(
      eventTime({ at, outOfOrder: seconds(10) }),
      keyBy(() => 'all'),
      window('n', tumbling(minutes(1)), count()),
      map((w) => w.value),
      to('out', topic('out')),
    );
  });

  test('makes none of the others late, though it is within `ahead`', async () => {
    const honest = Array.from({ length: 20 }, (_, i) => ({ at: start + i * seconds(30) }));
    const lines = [...honest.slice(0, 3), { at: start + minutes(30) }, ...honest.slice(3), END];
    const played = await play(counting, { lines }, { now: start + hours(1) });
    expect(await played.metrics.get('millrace_records_late_total', 'n')).toBe(0);
    expect(played.topics['out']).toEqual([...Array.from({ length: 10 }, () => 2), 1]);
  });

  test('is still doubted after a crash', async () => {
    const fast = Array.from({ length: 9 }, (_, i) => ({ at: start + minutes(30) + seconds(i) }));
    const more = [{ at: start + minutes(30) + seconds(10) }, { at: start + minutes(2) }];
    const lines = [{ at: start }, ...fast, { at: start + 1 }, PAUSE(seconds(3)), CRASH, ...more, END];
    const played = await play(counting, { lines }, { now: start + hours(1) });
    expect(await played.metrics.get('millrace_records_late_total', 'n')).toBe(1);
  });
});
