/** The job of the rescaling benchmark: it counts ticks per key and second. */

import { count, eventTime, job, keyBy, map, minutes, seconds, to, topic, tumbling, window } from 'millrace';

/** A record of the rescaling benchmark. */
export interface Tick {
  readonly key: string;
  readonly at: number;
}

export default job('ticks', (from) => {
  from('ticks', topic<Tick>('ticks')).pipe(
    eventTime({ at: (tick) => tick.at, outOfOrder: seconds(1), idleAfter: minutes(10) }),
    keyBy((tick) => tick.key),
    window('per-second', tumbling(seconds(1)), count()),
    map((w) => ({ second: w.window.start, count: w.value })),
    to('counts', topic('tick-counts')),
  );
});
