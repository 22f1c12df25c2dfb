/**
 * `millrace demo`: the incident job on a simulated shop. What was before is known from panes and a few hours of
 * lines; then come either six hours with faults at full speed and a score (--headless), or live traffic with a fault
 * now and then, and the web page.
 */
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

/** Runs the demo: headless to its end, live until a signal. */
export async function execute(_: readonly string[], options: DemoOptions): Promise<void> {
  await (options.headless ? headlessDemo(options) : liveDemo(options));
}
