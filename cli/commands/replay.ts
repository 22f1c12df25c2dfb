/**
 * `millrace replay`: the incident job over recorded data at full speed. The clock follows the data, so
 * that all output is in event time. State and topics are embedded, as in a real run. Without --data they lie in a
 * temporary directory, and rows for tables are not kept, because the directory is removed at the end.
 */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileLine, files } from '../../connectors/files/files.ts';
import { script } from '../../connectors/script.ts';
import { MillraceError } from '../../errors.ts';
import { UnderstoodLines } from '../../logs/explained/understood.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { shippedLine } from '../../logs/lines/shipped-line.ts';
import { Metrics } from '../../runtime/metrics.ts';
import type { Change } from '../../signals/changes.ts';
import { alertInput, changeInput, type InputKind, metricInput, spanInput } from '../../signals/inputs/kinds.ts';
import type { Time } from '../../time/duration.ts';
import { BesideFiles } from '../incidents/beside-lines.ts';
import { DataClock } from '../incidents/data-clock.ts';
import { Input } from '../incidents/input.ts';
import { paced, startedBy } from '../incidents/paced.ts';
import { fullSpeed, makeIncidentJob, runIncidents } from '../incidents/run.ts';
import { whatWasRead } from '../incidents/what-was-read.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { readConfig } from '../settings/config.ts';
import { configFile } from '../settings/config-file.ts';
import { Output, say } from '../terminal.ts';

/** Options of `millrace replay`. */
export interface ReplayOptions {
  readonly data?: string;
  readonly config?: string;
}

/** Prints the lifecycle of every incident, one object per event. Errors: FILE_MISSING, and the job's. */
export async function execute([dir]: readonly string[], { data, config }: ReplayOptions): Promise<void> {
  const { settings, retention } = readConfig(configFile(config));
  const [logs, changes, spans, points, alerts] = recorded.map((kind) => recording(dir!, kind));
  // Changes alone tell of no fault.
  if ([logs, spans, points, alerts].every((path) => path === undefined))
    throw new MillraceError('FILE_MISSING', { pattern: join(dir!, 'logs.ndjson[.gz]') });
  const clock = new DataClock(0);
  const lines = new Input();
  // When its elements came is not known of a recording, so that no time is too far ahead.
  const beside = new BesideFiles({ follow: false, came: Number.POSITIVE_INFINITY });
  const metrics = new Metrics();
  // A line whose shipper did not say when it was taken in was taken in before the recording was closed.
  const logsOf = (path: string) => {
    const time = statSync(path).mtimeMs;
    const decode = (line: FileLine) => shippedLine({ ...line, time });
    return lines.of(paced(files([path], { follow: false, decode, timeOf: (raw) => raw.time }), clock));
  };
  // Where there are no lines, the clock stands at what is read instead.
  const besideOf = <T extends { readonly time: Time }>(kind: InputKind<T>, path: string) =>
    (logs === undefined ? paced : startedBy)(beside.of(kind, path), clock);
  const understood = new UnderstoodLines();
  const job = await makeIncidentJob({
    logs: logs === undefined ? script<RawLine>([]) : logsOf(logs),
    changes: changes === undefined ? script<Change>([]) : beside.of(changeInput, changes),
    ...(spans === undefined ? {} : { spans: besideOf(spanInput, spans) }),
    ...(points === undefined ? {} : { metrics: besideOf(metricInput, points) }),
    ...(alerts === undefined ? {} : { alerts: besideOf(alertInput, alerts) }),
    settings,
    understood,
  });
  const signal = onShutdown((name) => say(`millrace: ${name}, committing what was read`));
  const dataDir = data === undefined ? undefined : resolve(data);
  const world = await openWorld({ dir: dataDir, clock, tables: data === undefined ? 'none' : 'served', retention });
  const output = new Output();
  try {
    await runIncidents({
      job,
      ports: world.ports,
      options: fullSpeed,
      metrics,
      signal,
      onEvent: (event) => output.line(JSON.stringify(event)),
      onMoment: () => output.flush(),
    });
    const { state } = world.ports;
    const read = {
      patterns: logs === undefined ? [] : [logs],
      ...{ lines, beside: beside.read },
      stdin: undefined,
      metrics,
      understood,
      job: job.name,
      state,
      hasFailed: false,
    };
    for (const line of await whatWasRead(read)) say(`millrace: ${line}`);
  } finally {
    await world.close();
  }
}

const recorded = ['logs', 'changes', 'spans', 'metrics', 'alerts'];

/** The file of that kind, plain or gzipped. */
function recording(dir: string, kind: string): string | undefined {
  return [`${kind}.ndjson`, `${kind}.ndjson.gz`].map((name) => join(dir, name)).find((path) => existsSync(path));
}
