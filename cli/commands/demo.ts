/**
 * `millrace demo`: the incident job on a simulated shop. A day of history is read at full speed, so that baselines are
 * known; then either six hours with faults at full speed and a score (--headless), or live traffic with a fault now
 * and then, and the web page.
 */
import { hours } from '../../time/duration.ts';
import { headlessDemo } from '../incidents/demo-headless.ts';
import { liveDemo } from '../incidents/demo-live.ts';

/** Options of `millrace demo`. */
export interface DemoOptions {
  readonly headless?: boolean;
  readonly faults: number;
  readonly seed: number;
  readonly port?: number;
  readonly open: boolean;
  readonly data?: string;
}

/** How much is known before anything is judged. */
const history = hours(24);

/** Runs the demo: headless to its end, live until a signal. */
export async function execute(_: readonly string[], options: DemoOptions): Promise<void> {
  await (options.headless ? headlessDemo({ ...options, history }) : liveDemo({ ...options, history }));
}
