/**
 * `millrace watch`: the incident job on any logs. Files are read from where the last run stopped, at first from their
 * start; on a terminal there is a view of what goes on, otherwise the lifecycle of incidents as NDJSON.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileLine, files } from '../../connectors/files/files.ts';
import { script } from '../../connectors/script.ts';
import type { SourceSpec } from '../../graph/connector.ts';
import { incidentsTable } from '../../incidents/incident-table.ts';
import type { IncidentJobOptions } from '../../jobs/incidents.ts';
import { UnderstoodLines } from '../../logs/explained/understood.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { Metrics } from '../../runtime/metrics.ts';
import type { SetAside } from '../../runtime/task/set-aside.ts';
import type { Change } from '../../signals/changes.ts';
import { alertInput, changeInput, type InputKind, metricInput, spanInput } from '../../signals/inputs/kinds.ts';
import { systemClock } from '../../time/clock.ts';
import { type Duration, minutes, type Time } from '../../time/duration.ts';
import type { HttpServer } from '../http-server.ts';
import { BesideFiles } from '../incidents/beside-lines.ts';
import { ConsoleFeed } from '../incidents/console-feed.ts';
import { serveConsole } from '../incidents/console-server.ts';
import { ConsoleState } from '../incidents/console-state.ts';
import { earlierRuns } from '../incidents/earlier-runs.ts';
import { endingWhen, Input } from '../incidents/input.ts';
import { incidentsFound, LiveView } from '../incidents/live-view.ts';
import { makeIncidentJob, runIncidents } from '../incidents/run.ts';
import { newPlaces, notePlaces, type Places, setAsideText, whatWasRead } from '../incidents/what-was-read.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { moveStdin } from '../run/stdin.ts';
import { readConfig } from '../settings/config.ts';
import { configFile } from '../settings/config-file.ts';
import { dataDirectory, forgetStreams, isStream, noteUsed, watchDirectory } from '../settings/data-directory.ts';
import { Output, say } from '../terminal.ts';

/** Options of `millrace watch`. */
export interface WatchOptions {
  readonly json?: boolean;
  readonly follow: boolean;
  readonly console?: boolean;
  readonly port?: number;
  readonly changes?: string;
  readonly spans?: string;
  readonly metrics?: string;
  readonly alerts?: string;
  readonly service?: string;
  readonly timezone?: string;
  readonly data?: string;
  readonly config?: string;
}

/** Watches until the input ends or a signal comes; by then every window of ended input is closed. */
export async function execute(patterns: readonly string[], options: WatchOptions): Promise<void> {
  const { settings, teams, retention } = readConfig(configFile(options.config));
  const judged = options.timezone === undefined ? settings : { ...settings, timezone: options.timezone };
  const lines = new Input();
  const beside = new BesideFiles(options);
  const understood = new UnderstoodLines();
  const sources = { logs: logsOf(patterns, options, lines), ...besideOf(options, { beside, lines }) };
  const job = await makeIncidentJob({ ...sources, settings: judged, understood });
  const signal = onShutdown((name) => say(`millrace: ${name}, committing and delivering; once more to stop at once`));
  const stdin = patterns.includes('-') ? moveStdin() : undefined;
  const dir = stateDirectory(patterns, options);
  const world = await openWorld({ dir, clock: systemClock, tables: 'served', retention });
  const metrics = new Metrics();
  const state = new ConsoleState();
  const feed = new ConsoleFeed({ state, job, metrics, config: { settings: judged, teams } });
  const output = new Output();
  const view = process.stdout.isTTY && !options.json ? new LiveView() : undefined;
  const places = newPlaces();
  let page: HttpServer | undefined;
  let isNoted = options.data !== undefined;
  const tellShare = onceAfter(minutes(1), () => understood.sentence);
  try {
    feed.restore(await earlierRuns(world.ports));
    page = options.console ? await serveConsole(state, { port: options.port ?? 0 }) : undefined;
    if (page !== undefined) say(`millrace: the console is at ${page.url}`);
    const running = runIncidents({
      job,
      ports: { ...world.ports, tables: feed.watching(world.ports.tables) },
      metrics,
      signal,
      options: { onSetAside: (told) => tellSetAside(told, { places, isDrawn: view !== undefined }) },
      // A stream has gone on by then; its end would be taken for the end of the input.
      ...(patterns.some(isStream) ? { restarts: 0 } : {}),
      onEvent: (event) => {
        feed.onEvent(event);
        if (view === undefined) output.line(JSON.stringify(event));
      },
      onSecond: async (wall) => {
        // A name that was mistyped has no tables to ask.
        if (!isNoted && lines.isOpen) noteUsed(dir);
        isNoted ||= lines.isOpen;
        await feed.sample({ now: await metrics.get('millrace_watermark_ms', 'logs'), wall });
        if (view === undefined) tellShare(wall);
        else view.draw(state.snapshot);
      },
      onMoment: () => output.flush(),
    });
    const hasFailed = await fails(running);
    const read = {
      patterns,
      ...{ lines, beside: beside.read },
      stdin,
      metrics,
      places,
      understood,
      job: job.name,
      state: world.ports.state,
      hasFailed,
    };
    if (view !== undefined) for (const line of incidentsFound(state.snapshot)) output.line(line);
    await output.flush();
    for (const line of await whatWasRead(read)) say(`millrace: ${line}`);
    if (output.isLost) say(`millrace: what stdout did not take is kept: ${asked(dir)}`);
    await running;
  } finally {
    await page?.close();
    await world.close();
  }
}

const fails = (running: Promise<void>): Promise<boolean> =>
  running.then(
    () => false,
    () => true,
  );

/** How a person asks for the incidents in a directory. */
const asked = (dir: string): string => `millrace query --data ${dir} "SELECT * FROM ${incidentsTable.spec.name} FINAL"`;

/** Says what is set aside while it runs; where lines are drawn, only what comes with a remedy is noted for the end. */
function tellSetAside(told: SetAside, { places, isDrawn }: { readonly places: Places; readonly isDrawn: boolean }) {
  notePlaces(places, told);
  if (!isDrawn) say(`millrace: ${setAsideText(told)}`);
}

/** Says a sentence once, as soon as there is one and `wait` is over since it was first asked for. */
function onceAfter(wait: Duration, sentence: () => string | null): (wall: Time) => void {
  let from: Time | undefined;
  return (wall) => {
    from ??= wall;
    const text = wall - from < wait ? null : sentence();
    if (text === null) return;
    from = Number.POSITIVE_INFINITY;
    say(`millrace: ${text}`);
  };
}

/** The lines. Standard input is read to its end, and with it the files that are named beside it. */
function logsOf(patterns: readonly string[], { follow, service }: WatchOptions, input: Input): SourceSpec<RawLine> {
  const decode = (line: FileLine) => named(line, service);
  return input.of(files(patterns, { follow: follow && !patterns.includes('-'), decode }));
}

/** What is read beside the lines, followed for as long as there are lines. */
function besideOf(
  { changes, spans, metrics, alerts }: WatchOptions,
  { beside, lines }: { readonly beside: BesideFiles; readonly lines: Input },
): Pick<IncidentJobOptions, 'changes' | 'spans' | 'metrics' | 'alerts'> {
  const followed = <T extends { readonly time: Time }>(kind: InputKind<T>, path: string): SourceSpec<T> =>
    endingWhen(beside.of(kind, path), () => lines.isOver);
  return {
    changes: changes === undefined ? script<Change>([]) : followed(changeInput, changes),
    ...(spans === undefined ? {} : { spans: followed(spanInput, spans) }),
    ...(metrics === undefined ? {} : { metrics: followed(metricInput, metrics) }),
    ...(alerts === undefined ? {} : { alerts: followed(alertInput, alerts) }),
  };
}

/** Where this run keeps its state; says so where no option named it and an earlier run has left some. */
function stateDirectory(patterns: readonly string[], { data }: WatchOptions): string {
  if (data !== undefined) return dataDirectory(data);
  const watching = { pid: process.pid, now: systemClock.now() };
  const dir = watchDirectory(patterns, watching);
  forgetStreams(watching);
  if (existsSync(join(dir, 'state'))) say(`millrace: going on where this was last watched; its state is in ${dir}`);
  return dir;
}

/**
 * Lines that name no service belong to their source's: `service/…` and files' names are read as such. A file is called
 * by its whole path, because `logs/cart.log` would be read as the stream `cart.log` of a service `logs`.
 */
function named({ line, source, time }: FileLine, service: string | undefined): RawLine {
  const file = source === '-' ? 'stdin' : resolve(source);
  return { line, source: service === undefined ? file : `${service}/${file}`, time, origin: file };
}
