/** The peers' jobs that need no broker: J4 (J2's window on generated objects) and Nexmark q0, q1, q5, q11. */

import type { SourceSpec } from '../../graph/connector.ts';
import {
  combine,
  count,
  eventTime,
  type Job,
  job,
  keyBy,
  map,
  mapMaybe,
  max,
  minutes,
  seconds,
  session,
  sliding,
  to,
  topic,
  tumbling,
  where,
  window,
} from '../../index.ts';
import { durationMs, isError, logTime, type NexmarkEvent, nexmark, service } from './generators.ts';
import { bounded, type Meter } from './meter.ts';
import { type Tally, tallied } from './tally.ts';

const rate = 10_000;

/** A source that makes record n of `total` when it is asked for it. */
export function generated<T>(total: number, make: (n: number) => T): SourceSpec<T> {
  return {
    kind: 'generator',
    label: `generator of ${total}`,
    replayable: true,
    open: async () => ({
      splits: async () => ['0'],
      start: async () => 0,
      async poll(_split, position, { maxRecords }) {
        const from = position as number;
        if (from >= total) return 'ended';
        const length = Math.min(maxRecords, total - from);
        const values = new Array<T>(length);
        for (let i = 0; i < length; i++) values[i] = make(from + i);
        return { values, times: new Float64Array(length), refused: [], next: from + length };
      },
      close: async () => {},
    }),
  };
}

interface LogRow {
  readonly service: string;
  readonly error: boolean;
  readonly duration: number;
  readonly time: number;
}

const logRow = (n: number): LogRow => ({
  service: service(n),
  error: isError(n),
  duration: durationMs(n),
  time: logTime(n, rate),
});

export const generatorJobs: Readonly<Record<string, (total: number, t: Tally, meter: Meter) => Job>> = {
  j4: (total, t, meter) =>
    job('j4', (from) => {
      from('rows', bounded(generated(total, logRow), meter)).pipe(
        eventTime({ at: (r) => r.time, outOfOrder: seconds(5) }),
        keyBy((r) => r.service),
        window(
          'minute',
          tumbling(minutes(1)),
          combine({
            count: count(),
            errors: where((r: LogRow) => r.error, count()),
            max: max((r: LogRow) => r.duration),
          }),
        ),
        mapMaybe((w) => tallied(t, w.value.count)),
        to('out', topic('none')),
      );
    }),
  'nex-q0': (total, t, meter) =>
    job('q0', (from) => {
      from('events', events(total, meter)).pipe(
        eventTime({ at: (e) => e.time, outOfOrder: 0 }),
        mapMaybe(bid),
        mapMaybe(() => tallied(t, 1)),
        to('out', topic('none')),
      );
    }),
  'nex-q1': (total, t, meter) =>
    job('q1', (from) => {
      from('events', events(total, meter)).pipe(
        eventTime({ at: (e) => e.time, outOfOrder: 0 }),
        mapMaybe(bid),
        map((b) => ({
          auction: b.auction,
          bidder: b.bidder,
          price: Math.floor((b.price * 908) / 1_000),
          time: b.time,
        })),
        mapMaybe(() => tallied(t, 1)),
        to('out', topic('none')),
      );
    }),
  'nex-q5': (total, t, meter) =>
    job('q5', (from) => {
      from('events', events(total, meter)).pipe(
        eventTime({ at: (e) => e.time, outOfOrder: 0 }),
        mapMaybe(bid),
        keyBy((b) => b.auction),
        window('per-auction', sliding(seconds(10), seconds(2)), count()),
        map((w) => ({ end: w.window.end, count: w.value })),
        keyBy((w) => w.end),
        window('top', tumbling(seconds(2)), topCount),
        mapMaybe((w) => tallied(t, w.value)),
        to('out', topic('none')),
      );
    }),
  'nex-q11': (total, t, meter) =>
    job('q11', (from) => {
      from('events', events(total, meter)).pipe(
        eventTime({ at: (e) => e.time, outOfOrder: 0 }),
        mapMaybe(bid),
        keyBy((b) => b.bidder),
        window('per-bidder', session(seconds(10)), count()),
        mapMaybe((w) => tallied(t, w.value)),
        to('out', topic('none')),
      );
    }),
};

const events = (total: number, meter: Meter) =>
  bounded(
    generated(total, (n) => nexmark(n, rate)),
    meter,
  );

const topCount = max((w: { count: number }) => w.count);

type Bid = Extract<NexmarkEvent, { kind: 'bid' }>;
const bid = (e: NexmarkEvent): Bid | undefined => (e.kind === 'bid' ? e : undefined);
