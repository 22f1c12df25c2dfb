/**
 * The demo without anybody looking: incidents as NDJSON, and as the last line how they compare with what was injected.
 * The simulation stands at fixed dates, so that a seed names one exact course.
 */
import { scheduleFaults } from '../../demo/schedule.ts';
import { traffic } from '../../demo/traffic.ts';
import { score } from '../../demo/truth.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { systemClock } from '../../time/clock.ts';
import { type Duration, hours } from '../../time/duration.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { Output, Progress, say } from '../terminal.ts';
import { DataClock } from './data-clock.ts';
import { demoSources } from './demo-source.ts';
import { fullSpeed, makeIncidentJob, runIncidents } from './run.ts';

/** What is simulated. */
export interface HeadlessOptions {
  readonly seed: number;
  readonly faults: number;
  readonly history: Duration;
  readonly data?: string;
}

/** When the judged hours begin: a Tuesday morning. */
const begin = Date.UTC(2026, 0, 27, 9);
const judged = hours(6);

/** Runs the demo and prints its score. */
export async function headlessDemo({ seed, faults: wanted, history, data }: HeadlessOptions): Promise<void> {
  const start = begin - history;
  const end = begin + judged;
  const faults = scheduleFaults({ seed, from: begin, to: end, faults: wanted });
  const clock = new DataClock(start);
  const sources = demoSources({ traffic: traffic({ seed, start, faults }), clock, start, until: () => end, end });
  const job = await makeIncidentJob(sources.logs, sources.changes, incidentDefaults);
  const signal = onShutdown((name) => say(`millrace: ${name}, committing what was read`));
  const world = await openWorld({ dir: data, clock, tables: data === undefined ? 'none' : 'served' });
  const metrics = new Metrics();
  const output = new Output();
  const events: IncidentEvent[] = [];
  const progress = new Progress('simulating 30 hours', systemClock);
  const began = systemClock.now();
  try {
    await runIncidents({
      job,
      ports: world.ports,
      options: fullSpeed,
      metrics,
      signal,
      onEvent: (event) => {
        events.push(event);
        output.line(JSON.stringify(event));
      },
      onMoment: async () => {
        progress.at((clock.now() - start) / (end - start));
        await output.flush();
      },
    });
  } finally {
    progress.end();
    await world.close();
  }
  const lines = await metrics.get('millrace_records_in_total', 'logs');
  const linesPerSecond = Math.round((lines * 1_000) / Math.max(1, systemClock.now() - began));
  output.line(
    JSON.stringify({ event: 'summary', seed, lines, lines_per_s: linesPerSecond, ...score(events, faults, begin) }),
  );
  await output.flush();
}
