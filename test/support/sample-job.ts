/** A job as the README shows it: no type is written down inside a chain. */
import {
  count,
  eventTime,
  filter,
  float64,
  job,
  keyBy,
  mapMaybe,
  minutes,
  scan,
  seconds,
  text,
  to,
  topic,
  tumbling,
  type Windowed,
  window,
} from '../../index.ts';

interface LogEvent {
  readonly at: number;
  readonly level: string;
  readonly service: string;
}

interface Alert {
  readonly service: string;
  readonly windowEnd: number;
  readonly errors: number;
  readonly baseline: number;
}

function parseLog(line: string): LogEvent | undefined {
  const [at, level, service] = line.split(' ');
  return at === undefined || level === undefined || service === undefined
    ? undefined
    : { at: Number(at), level, service };
}

/** Compares a minute's errors with the service's smoothed past. */
function spike(baseline: number | undefined, errors: Windowed<number>, service: string) {
  const past = baseline ?? errors.value;
  const alert: Alert = { service, windowEnd: errors.window.end, errors: errors.value, baseline: past };
  return [0.8 * past + 0.2 * errors.value, errors.value >= 3 * Math.max(past, 1) ? alert : undefined] as const;
}

export default job('log-spikes', (from) => {
  from('logs', topic('logs', { codec: text })).pipe(
    mapMaybe(parseLog),
    eventTime({ at: (e) => e.at, outOfOrder: seconds(10), idleAfter: minutes(1) }),
    filter((e) => e.level === 'error'),
    keyBy((e) => e.service),
    window('errors-per-minute', tumbling(minutes(1)), count()),
    scan('spike', { codec: float64 }, spike),
    to('alerts', topic<Alert>('alerts')),
  );
});
