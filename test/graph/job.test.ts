import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { type From, job } from '../../graph/job.ts';
import type { Handlers } from '../../graph/op.ts';
import { eventTime } from '../../operators/event-time.ts';
import { filter } from '../../operators/filter.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { process } from '../../operators/process.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';
import { sampleJob } from '../support/sample-graph.ts';

const building = (build: (from: From) => void) => () => job('broken', build);

describe('job', () => {
  test('is frozen, down to its nodes', () => {
    const sample = sampleJob();
    expect(Object.isFrozen(sample)).toBe(true);
    expect(Object.isFrozen(sample.nodes)).toBe(true);
    expect(sample.nodes.every((n) => Object.isFrozen(n))).toBe(true);
  });

  test('a uid used twice is refused, and the message names it', () => {
    const twice = building((from) => {
      const numbers = from('numbers', script([1]));
      numbers.pipe(to('out', topic('a')));
      numbers.pipe(to('out', topic('b')));
    });
    expect(twice).toThrow("UID_TAKEN: uid 'out' is used twice in job 'broken'");
  });

  test('a former uid may not be the present one of another', () => {
    const clash = building((from) => {
      const numbers = from('numbers', script([1]));
      numbers.pipe(to('a', topic('a')));
      numbers.pipe(to('b', topic('b'), { was: ['a'] }));
    });
    expect(clash).toThrow(/^UID_TAKEN/);
  });

  test.each(['', 'Upper', '1st', 'with space', 'ends.', '.starts', 'under_score', 'ünïcode', '../up'])(
    'uid %j is refused',
    (uid) => {
      expect(building((from) => from(uid, script([1])).pipe(to('out', topic('a'))))).toThrow(/^UID_MALFORMED/);
    },
  );

  test('nested uids are allowed', () => {
    expect(() => job('fine', (from) => from('a.b-c.d2', script([1])).pipe(to('out', topic('a'))))).not.toThrow();
  });

  test('a name that could not name a group or a directory is refused', () => {
    expect(() => job('my job', () => {})).toThrow(/^UID_MALFORMED/);
  });

  test('a stream that leads nowhere is refused, and the message names the operator before it', () => {
    const unused = building((from) => {
      const numbers = from('numbers', script([1]));
      numbers.pipe(to('out', topic('a')));
      numbers.pipe(filter((n) => n > 1));
    });
    expect(unused).toThrow("STREAM_UNUSED: the stream after filter in job 'broken' leads nowhere");
  });

  test('a job without sink is refused', () => {
    expect(building(() => {})).toThrow(/^JOB_EMPTY/);
  });

  const processing = (make: () => Handlers<number, never>) => (from: From) =>
    void from('numbers', script([1])).pipe(
      keyBy((n) => n),
      process('p', make),
      to('out', topic('a')),
    );

  test('timers and watermarks without event time upstream are refused: none would come', () => {
    const timers = building(processing(() => ({ onData() {}, onTimer() {} })));
    const watermarks = building(processing(() => ({ onData() {}, onWatermark() {} })));
    expect(watermarks).toThrow(/^EVENT_TIME_MISSING/);
    expect(timers).toThrow("EVENT_TIME_MISSING: operator 'p' in job 'broken' needs event time");
    expect(building(processing(() => ({ onData() {} })))).not.toThrow();
  });

  test('so is a state with a TTL, which would never expire', () => {
    const keeping = (ttl?: number) => (from: From) =>
      void from('numbers', script([1])).pipe(
        keyBy((n) => n),
        process('p', (ctx) => {
          ctx.value('last', int, ttl === undefined ? {} : { ttl });
          return { onData() {} };
        }),
        to('out', topic('a')),
      );
    expect(building(keeping(1_000))).toThrow("EVENT_TIME_MISSING: operator 'p' in job 'broken' needs event time");
    expect(building(keeping())).not.toThrow();
  });

  test.each([-1, Number.NaN, '1h' as never])('%s is no duration for event time', (wrong) => {
    const options = { at: (n: number) => n, outOfOrder: 0 };
    expect(() => eventTime({ ...options, outOfOrder: wrong })).toThrow(/^OPTION_INVALID: outOfOrder of eventTime is/);
    expect(() => eventTime({ ...options, idleAfter: wrong })).toThrow(/^OPTION_INVALID: idleAfter of eventTime is/);
    expect(() => eventTime({ ...options, idleAfter: 0 })).not.toThrow();
  });

  test.each([-1, 0, Number.NaN, Number.POSITIVE_INFINITY])('%s is no time to live', (ttl) => {
    const scanned = building((from) => {
      const last = scan('last', { codec: int, ttl }, (_, n: number) => [n, n]);
      from('numbers', script([1])).pipe(
        keyBy((n) => n),
        last,
        to('out', topic('a')),
      );
    });
    expect(scanned).toThrow(/^OPTION_INVALID: ttl of state 'last\/state' is .*; it must be a positive number/);
  });

  test('a map of no entries is refused', () => {
    const mapped = building((from) => {
      from('numbers', script([1])).pipe(
        keyBy((n) => n),
        process('p', (ctx) => {
          ctx.map('m', int, { limit: -1 });
          return { onData() {} };
        }),
        to('out', topic('a')),
      );
    });
    expect(mapped).toThrow(/^OPTION_INVALID: limit of state 'p\/m' is -1/);
  });

  test('a window without event time upstream is refused', () => {
    const untimed = building((from) => {
      from('numbers', script([1])).pipe(
        map((n) => n),
        keyBy((n) => n),
        window('w', tumbling(1_000), count()),
        to('out', topic('a')),
      );
    });
    expect(untimed).toThrow(/^EVENT_TIME_MISSING: operator 'w'/);
  });
});
