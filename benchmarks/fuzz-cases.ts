/**
 * The campaign of fuzz.ts in a process of its own (arguments: seed, first case, CPU seconds): a case that never ends
 * can only be stopped from outside. A message after every case tells the parent which case that is.
 */

import { campaign, type Finding, type Tally } from '../test/fuzz/campaign.ts';

/** The message after every case: the progress, and what was found. */
export type FuzzMessage = { readonly tally: Tally; readonly cpuSeconds: number } | { readonly finding: Finding };

const [seed = 1, from = 0, seconds = 0] = process.argv.slice(2).map(Number);
const send = (message: FuzzMessage): void => void process.send!(message);
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopped = true));

await campaign({
  seed,
  from,
  onFinding: (finding) => send({ finding }),
  goOn: (tally) => {
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    send({ tally, cpuSeconds });
    return !stopped && cpuSeconds < seconds;
  },
});
process.disconnect();
