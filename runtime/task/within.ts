import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';

/** Whether the work comes to a good end within the time; it is not stopped, only waited for no longer. */
export async function within(work: Promise<void>, patience: Duration, clock: Clock): Promise<boolean> {
  const done = new AbortController();
  const outcome = work.then(
    () => true,
    () => false,
  );
  const late = clock.sleep(patience, done.signal).then(() => false);
  const isDone = await Promise.race([outcome, late]);
  done.abort();
  return isDone;
}
