/**
 * The demo to look at: a day of history, most of it as panes, then live traffic in which something breaks now and then,
 * on the web page and on the terminal.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Phase } from '../../console/snapshot.ts';
import type { Scheduled } from '../../demo/faults.ts';
import { occur } from '../../demo/kinds.ts';
import { Random } from '../../demo/random.ts';
import { blipsWithin, scheduleFaults } from '../../demo/schedule.ts';
import { traffic } from '../../demo/traffic.ts';
import { type IncidentSettings, incidentDefaults } from '../../incidents/settings.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { systemClock } from '../../time/clock.ts';
import { days, hours, minutes, seconds, type Time } from '../../time/duration.ts';
import { floorTo } from '../../time/floor.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { Output, Progress, say } from '../terminal.ts';
import { ConsoleFeed } from './console-feed.ts';
import { serveConsole } from './console-server.ts';
import { ConsoleState } from './console-state.ts';
import { DataClock } from './data-clock.ts';
import { demoPast } from './demo-past.ts';
import { demoSources } from './demo-source.ts';
import { earlierRuns } from './earlier-runs.ts';
import { LiveView } from './live-view.ts';
import { fullSpeed, type IncidentRun, runIncidents } from './run.ts';

/** What is simulated, and where it is shown. */
export interface LiveOptions {
  readonly seed: number;
  readonly port?: number;
  readonly open: boolean;
  readonly data?: string;
}

/** How long before the present the simulation begins, and how much of that is read line by line. */
const history = days(1);
const readBefore = hours(1);
/** Faults are scheduled this far ahead. */
const shownHours = 48;
/** When the first fault begins and how long it lasts: late enough for a reader to have opened the page. */
const firstAfter = minutes(3);
const firstFor = minutes(10);

/** Runs the demo until a signal comes. */
export async function liveDemo({ seed, port = 0, open, data }: LiveOptions): Promise<void> {
  const present = floorTo(systemClock.now(), seconds(10));
  const start = present - history;
  const linesFrom = present - readBefore;
  const faults = faultsFrom(present, seed);
  const blips = blipsWithin({ seed, from: start, to: present + hours(shownHours) });
  const clock = new DataClock(start);
  const until = () => (clock.now() < linesFrom ? linesFrom : systemClock.now());
  const shop = traffic({ seed, start: linesFrom, faults: [...faults, ...blips] });
  const sources = demoSources({ traffic: shop, clock, start: linesFrom, until });
  const past = demoPast({ seed, start, end: linesFrom, blips, clock });
  const settings: IncidentSettings = { ...incidentDefaults, environment: 'shop' };
  const { incidentJob } = await import('../../jobs/incidents.ts');
  const job = incidentJob({ ...sources, history: past, settings });
  const signal = onShutdown((name) => say(`millrace: ${name}, committing and delivering; once more to stop at once`));
  const world = await openWorld({ dir: data === undefined ? undefined : resolve(data), clock, tables: 'served' });
  const metrics = new Metrics();
  const state = new ConsoleState();
  const feed = new ConsoleFeed({ state, job, metrics, config: { settings, teams: {} } });
  feed.restore(await earlierRuns(world.ports));
  const page = await serveConsole(state, { port });
  const output = new Output();
  try {
    say(`millrace: the console is at ${page.url}`);
    if (open) openBrowser(page.url);
    const shared = {
      job,
      ports: { ...world.ports, tables: feed.watching(world.ports.tables) },
      metrics,
      onEvent: (event) => {
        feed.onEvent(event);
        if (!process.stdout.isTTY) output.line(JSON.stringify(event));
      },
      onMoment: () => output.flush(),
    } satisfies Partial<IncidentRun>;
    const sample = (wall: Time, phase: Phase) =>
      feed.sample({ now: clock.now(), wall }, { phase, faults: shown(faults, clock.now()) });
    await readHistory({ shared, signal, clock, start, sample });
    if (signal.aborted) return;
    say(`millrace: live from here on; the next fault is due in ${untilNext(faults)}`);
    const view = process.stdout.isTTY ? new LiveView() : undefined;
    const onSecond = async (wall: Time) => {
      await sample(wall, { kind: 'live' });
      view?.draw(state.snapshot);
    };
    await runIncidents({ ...shared, signal, onSecond });
  } finally {
    await page.close();
    await world.close();
  }
}

interface History {
  readonly shared: Omit<IncidentRun, 'signal'>;
  readonly signal: AbortSignal;
  readonly clock: DataClock;
  readonly start: Time;
  readonly sample: (wall: Time, phase: Phase) => Promise<void>;
}

/** Reads until the simulation has caught up with the present; then the run is stopped, to go on at the usual pace. */
async function readHistory({ shared, signal, clock, start, sample }: History): Promise<void> {
  const caughtUp = new AbortController();
  const progress = new Progress('a day of history', systemClock);
  await runIncidents({
    ...shared,
    options: fullSpeed,
    signal: AbortSignal.any([signal, caughtUp.signal]),
    onMoment: async () => {
      await shared.onMoment?.();
      const total = systemClock.now() - start;
      progress.at((clock.now() - start) / total);
      if (clock.now() >= systemClock.now() - seconds(2)) caughtUp.abort();
    },
    onSecond: async (wall) => {
      const [done, total] = [clock.now() - start, wall - start].map((ms) => Math.round(ms / minutes(1)));
      await sample(wall, { kind: 'history', done: done!, total: total!, unit: 'minutes' });
    },
  });
  progress.end();
}

/** A bad deployment soon, then about one fault an hour. */
function faultsFrom(present: Time, seed: number): readonly Scheduled[] {
  const start = present + firstAfter;
  const end = start + firstFor;
  const random = new Random(seed, 'first fault');
  const first = occur('bad-deploy', { start, end, random });
  const later = { seed, from: end + minutes(15), to: end + hours(shownHours), faults: shownHours };
  return [first, ...scheduleFaults(later)];
}

function untilNext(faults: readonly Scheduled[]): string {
  const next = faults.find((f) => !f.decoy && f.start > systemClock.now());
  return next === undefined ? 'never' : `${Math.ceil((next.start - systemClock.now()) / minutes(1))} min`;
}

/** What has been injected by now, for comparison with what was found. */
const shown = (faults: readonly Scheduled[], now: Time) =>
  faults
    .filter((f) => !f.decoy && f.start <= now)
    .map((f) => ({
      id: `${f.kind}-${f.start}`,
      service: f.service,
      kind: f.kind,
      startedAt: f.start,
      endedAt: f.end <= now ? f.end : null,
    }));

function openBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
