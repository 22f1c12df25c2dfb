/**
 * `millrace watch`: the incident job on any logs. Files are read from where the last run stopped, at first from their
 * start; on a terminal there is a view of what goes on, otherwise the lifecycle of incidents as NDJSON.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileLine, files } from '../../connectors/files/files.ts';
import { script } from '../../connectors/script.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { Metrics } from '../../runtime/metrics.ts';
import type { Change } from '../../signals/changes.ts';
import { systemClock } from '../../time/clock.ts';
import type { HttpServer } from '../http-server.ts';
import { ConsoleFeed } from '../incidents/console-feed.ts';
import { serveConsole } from '../incidents/console-server.ts';
import { ConsoleState } from '../incidents/console-state.ts';
import { LiveView } from '../incidents/live-view.ts';
import { makeIncidentJob, runIncidents } from '../incidents/run.ts';
import { unresolvedIncidents } from '../incidents/topic-tail.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { moveStdin } from '../run/stdin.ts';
import { readConfig } from '../settings/config.ts';
import { configFile } from '../settings/config-file.ts';
import { dataDirectory, forgetStreams, noteUsed, watchDirectory } from '../settings/data-directory.ts';
import { Output, say } from '../terminal.ts';

/** Options of `millrace watch`. */
export interface WatchOptions {
  readonly json?: boolean;
  readonly follow: boolean;
  readonly console?: boolean;
  readonly port?: number;
  readonly service?: string;
  readonly timezone?: string;
  readonly data?: string;
  readonly config?: string;
}

/** Watches until the input ends or a signal comes; by then every window of ended input is closed. */
export async function execute(patterns: readonly string[], options: WatchOptions): Promise<void> {
  const { settings, teams, retention } = readConfig(configFile(options.config));
  const judged = options.timezone === undefined ? settings : { ...settings, timezone: options.timezone };
  const stdin = patterns.includes('-');
  const logs = files(patterns, { follow: options.follow && !stdin, decode: (line) => named(line, options.service) });
  const job = await makeIncidentJob(logs, script<Change>([]), judged);
  const signal = onShutdown((name) => say(`millrace: ${name}, committing and delivering; once more to stop at once`));
  if (stdin) moveStdin();
  const dir = stateDirectory(patterns, options);
  const world = await openWorld({ dir, clock: systemClock, tables: 'served', retention });
  const metrics = new Metrics();
  const state = new ConsoleState();
  const feed = new ConsoleFeed({ state, job, metrics, config: { settings: judged, teams } });
  feed.restore(await unresolvedIncidents(world.ports.topics));
  const output = new Output();
  const view = process.stdout.isTTY && !options.json ? new LiveView() : undefined;
  let page: HttpServer | undefined;
  try {
    page = options.console ? await serveConsole(state, { port: options.port ?? 0 }) : undefined;
    if (page !== undefined) say(`millrace: the console is at ${page.url}`);
    await runIncidents({
      job,
      ports: { ...world.ports, tables: feed.watching(world.ports.tables) },
      metrics,
      signal,
      onEvent: (event) => {
        feed.onEvent(event);
        if (view === undefined) output.line(JSON.stringify(event));
      },
      onSecond: async (wall) => {
        await feed.sample({ now: await metrics.get('millrace_watermark_ms', 'logs'), wall });
        view?.draw(state.snapshot);
      },
      onMoment: () => output.flush(),
    });
    await sayCounts(metrics);
  } finally {
    await page?.close();
    await world.close();
  }
}

/** Where this run keeps its state; says so where no option named it and an earlier run has left some. */
function stateDirectory(patterns: readonly string[], { data }: WatchOptions): string {
  if (data !== undefined) return dataDirectory(data);
  const watching = { pid: process.pid, now: systemClock.now() };
  const dir = watchDirectory(patterns, watching);
  forgetStreams(watching);
  noteUsed(dir);
  if (existsSync(join(dir, 'state'))) say(`millrace: going on where this was last watched; its state is in ${dir}`);
  return dir;
}

/** What became of the lines: a run without incidents must differ from one that read nothing. */
async function sayCounts(metrics: Metrics): Promise<void> {
  const sum = async (name: 'millrace_records_dead_total' | 'millrace_records_late_total') =>
    [...(await metrics.labels(name)).values()].reduce((total, count) => total + count, 0);
  const read = await metrics.get('millrace_records_in_total', 'logs');
  const aside = await sum('millrace_records_dead_total');
  const late = await sum('millrace_records_late_total');
  say(`millrace: ${read} lines read, ${aside} set aside as dead letters, ${late} of them late`);
}

/**
 * Lines that name no service belong to their source's: `service/…` and files' names are read as such. A file is called
 * by its whole path, because `logs/cart.log` would be read as the stream `cart.log` of a service `logs`.
 */
function named({ line, source, time }: FileLine, service: string | undefined): RawLine {
  const file = source === '-' ? 'stdin' : resolve(source);
  return { line, source: service === undefined ? file : `${service}/${file}`, time, origin: file };
}
