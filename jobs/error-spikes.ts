/** The first job to read: errors per minute and service, and an alert when they triple. */
import {
  count,
  eventTime,
  filter,
  flatMap,
  float64,
  job,
  keyBy,
  minutes,
  scan,
  seconds,
  to,
  topic,
  tumbling,
  type Windowed,
  window,
} from 'millrace';
import { lineParser, type RawLine } from 'millrace/logs';

/** Compares a minute's errors with the service's smoothed past; alerts on a threefold rise. */
function spike(baseline: number | undefined, errors: Windowed<number>, service: string) {
  const past = baseline ?? errors.value;
  const ratio = errors.value / Math.max(past, 1);
  const alert = { service, windowEnd: errors.window.end, errors: errors.value, baseline: past, ratio };
  return [0.8 * past + 0.2 * errors.value, ratio >= 3 ? alert : undefined] as const;
}

/** The first job to read: raw lines → errors per minute and service → an alert when they triple. */
export default job('error-spikes', (from) => {
  from('logs', topic<RawLine>('logs')).pipe(
    flatMap(lineParser({})),
    eventTime({ at: (log) => log.timestamp ?? undefined, outOfOrder: seconds(10), idleAfter: minutes(1) }),
    filter((log) => log.level === 'ERROR'),
    keyBy((log) => log.service),
    window('errors-per-minute', tumbling(minutes(1)), count()),
    scan('spike', { codec: float64 }, spike),
    to('alerts', topic('error-spikes')),
  );
});
