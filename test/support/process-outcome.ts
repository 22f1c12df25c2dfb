/** Runs a `process` over a few events as a process of its own would, and tells what it left behind. */
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import type { Handlers, OpContext } from '../../graph/op.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { process } from '../../operators/process.ts';
import { to } from '../../operators/to.ts';
import { deadLettersOf, memoryWorld, runToEnd, valuesOf } from './run-to-end.ts';

/** What comes in. */
export interface Event {
  readonly at: number;
  readonly bad?: boolean;
}
/** One of them is bad. */
export const events: readonly Event[] = [{ at: 1 }, { at: 2 }, { at: 3, bad: true }, { at: 4 }, { at: 5 }];

/** How the process is made. */
export type Make = (ctx: OpContext<Event>) => Handlers<Event, unknown>;

/** What the handlers emit for the events, and the values of the dead letters. */
export async function outcome(make: Make, given = events) {
  const world = memoryWorld();
  const made = job('taken-back', (from) => {
    from('events', script(given)).pipe(
      eventTime({ at: (event) => event.at, outOfOrder: 0, granule: 1 }),
      keyBy(() => 'k'),
      process('p', make, { sides: { aside: (stream) => stream.pipe(to('aside', topic('aside'))) } }),
      to('out', topic('out')),
    );
  });
  const metrics = await runToEnd(made, world);
  return {
    out: await valuesOf(world, 'out'),
    aside: await valuesOf(world, 'aside'),
    dead: (await deadLettersOf(world)).map(({ origin, sample, detail }) => ({ origin, sample, detail })),
    restarts: await metrics.get('millrace_restarts_total', ''),
  };
}

/** Throws on a bad one. */
export const failIf = ({ bad }: Event): void => {
  if (bad) throw new Error('bad');
};
