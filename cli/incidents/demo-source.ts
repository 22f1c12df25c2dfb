/**
 * The simulated shop as sources of the incident job. The simulation goes as far as the job reads, once what lies
 * before it is known; the clock of the run goes with it, until it has caught up with the present.
 */

import type { Traffic } from '../../demo/traffic.ts';
import type { SourceSpec } from '../../graph/connector.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import { type Duration, seconds, type Time } from '../../time/duration.ts';
import { floorTo } from '../../time/floor.ts';
import type { DataClock } from './data-clock.ts';

/** How a simulation is read. */
export interface DemoParts {
  readonly traffic: Traffic;
  readonly clock: DataClock;
  readonly start: Time;
  /** How far the simulation may go now; reading waits there. */
  readonly until: () => Time;
  /** Where the simulation ends. Default: never. */
  readonly end?: Time;
}

/** The longest step; the run's clock and the watermark of changes move by it. */
const step: Duration = seconds(10);

/** The sources of one simulation. A position is a time; nothing can be read twice. */
export function demoSources({ traffic, clock, start, until, end }: DemoParts): {
  readonly logs: SourceSpec<RawLine>;
  readonly changes: SourceSpec<Change>;
} {
  const announced: Change[] = [];
  let at = start;
  const isOver = () => end !== undefined && at >= end;
  const reader = { splits: async () => ['shop'], close: async () => {} };
  const spec = { kind: 'demo', replayable: false };
  return {
    logs: {
      ...spec,
      label: 'the simulated shop',
      open: async () => ({
        ...reader,
        start: async () => at,
        async poll() {
          if (isOver()) return 'ended';
          const to = floorTo(Math.min(at + step, until()), seconds(1));
          if (to <= at) return undefined;
          const { lines, times, sources, changes } = traffic.next(to);
          announced.push(...changes);
          at = to;
          clock.advanceTo(to);
          const values = lines.map((line, i) => ({ line, source: sources[i]!, time: times[i]! }));
          return { values, times, refused: [], next: to };
        },
      }),
    },
    changes: {
      ...spec,
      label: 'its deployments',
      open: async () => ({
        ...reader,
        start: async () => 0,
        async poll() {
          if (announced.length === 0) return isOver() ? 'ended' : undefined;
          const values = announced.splice(0);
          return { values, times: Float64Array.from(values, (c) => Date.parse(c.timestamp)), refused: [], next: 0 };
        },
      }),
    },
  };
}
