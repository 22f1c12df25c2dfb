/**
 * Turns what a running incident job leaves behind into what people look at: rows of `service_windows` into series,
 * lifecycle events into incidents, metrics into rates and the job's graph.
 */
import type { Delta, Evidence, GraphNode, Incident, Reading, Service, Template } from '../../console/snapshot.ts';
import { describe } from '../../graph/describe.ts';
import type { Job } from '../../graph/job.ts';
import type { IncidentEvent, NamedTemplate, Symptom } from '../../incidents/incident.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import type { Row, Tables } from '../../tables/tables.ts';
import { type Duration, seconds, type Time } from '../../time/duration.ts';
import { floorTo } from '../../time/floor.ts';
import type { Config } from '../settings/config.ts';
import type { ConsoleState } from './console-state.ts';
import type { EarlierRuns } from './earlier-runs.ts';

/** What the feed looks at. */
export interface FeedParts {
  readonly state: ConsoleState;
  readonly job: Job;
  readonly metrics: Metrics;
  readonly config: Pick<Config, 'settings' | 'teams'>;
}

const panesTable = 'service_windows';
const paneMs = seconds(10);
/** The rows of a pane are in their table this long after the watermark has passed it: a chunk waits for two seconds. */
const delivered: Duration = seconds(10);

/** Keeps a console's state up to date. */
export class ConsoleFeed {
  readonly #parts: FeedParts;
  readonly #nodes: readonly GraphNode[];
  /** Panes and incidents since the last sample, by name and id. */
  #services = new Map<string, Service>();
  #incidents = new Map<string, Incident>();
  #lines = 0;
  #sampled: Time = Number.NaN;
  #reading: Reading | undefined;
  /** Watermarks by the machine's time at which they were seen, the latest last. */
  #watermarks: { readonly wall: Time; readonly watermark: Time }[] = [];
  #countedTo: Time = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#nodes = graphOf(parts.job);
  }

  /** The tables, with every insert of panes handed to this feed too. Tables may be an object of any making. */
  watching(tables: Tables): Tables {
    return {
      ensure: (spec) => tables.ensure(spec),
      rows: (name) => tables.rows(name),
      query: (sql, values) => tables.query(sql, values),
      close: () => tables.close(),
      insert: async (name, ndjson, chunk) => {
        await tables.insert(name, ndjson, chunk);
        if (name === panesTable) this.#onPanes(ndjson);
      },
    };
  }

  /** Shows at once what earlier runs left: incidents that are not over, and the last minutes of each service. */
  restore({ incidents, panes }: EarlierRuns): void {
    const { state } = this.#parts;
    for (const row of panes) this.#onPane(row);
    const updated = incidents.map((event) => Date.parse(event.updated_at));
    const now = updated.reduce((a, b) => Math.max(a, b), Math.max(state.snapshot.now, this.#countedTo));
    const services = [...this.#services.values()];
    this.#services = new Map();
    state.change({
      now,
      countedTo: this.#countedTo,
      services,
      incidents: incidents.map((event) => incidentOf(event, undefined)),
    });
  }

  /** An incident opened, changed or ended. */
  onEvent(event: IncidentEvent): void {
    const known = this.#parts.state.snapshot.incidents.find((i) => i.id === event.incident_id);
    this.#incidents.set(event.incident_id, incidentOf(event, known));
  }

  #onPanes(ndjson: Uint8Array): void {
    for (const line of Buffer.from(ndjson).toString('utf8').split('\n')) {
      if (line !== '') this.#onPane(JSON.parse(line) as Row);
    }
  }

  #onPane(row: Row): void {
    const { config } = this.#parts;
    const name = String(row['service']);
    const start = Date.parse(String(row['window_start']));
    this.#countedTo = Math.max(this.#countedTo, start);
    const before = this.#services.get(name)?.series ?? { t: [], errors: [], expected: [], total: [] };
    // Lines may name a service as they like, so also as something that every object has.
    const team = Object.hasOwn(config.teams, name) ? config.teams[name] : undefined;
    const { criticality } = config.settings.score;
    this.#services.set(name, {
      name,
      ...(team === undefined ? {} : { team }),
      criticality: Object.hasOwn(criticality, name) ? criticality[name]! : 1,
      learning: row['learning'] === true,
      series: {
        t: [...before.t, start],
        errors: [...before.errors, Number(row['errors'])],
        expected: [...before.expected, Number(row['usual_errors'])],
        total: [...before.total, Number(row['lines'])],
      },
    });
  }

  /** Takes a sample: `now` is event time, `wall` the machine's. Call about once a second. */
  async sample(
    { now, wall }: { readonly now: Time; readonly wall: Time },
    more: Partial<Pick<Delta, 'phase' | 'faults'>> = {},
  ): Promise<void> {
    const { state, metrics } = this.#parts;
    const linesTotal = await metrics.get('millrace_records_in_total', 'logs');
    const graph = await Promise.all(this.#nodes.map((node) => measured(node, metrics)));
    const passed = (wall - this.#sampled) / 1_000;
    const perSecond = passed > 0 ? (linesTotal - this.#lines) / passed : 0;
    this.#reading = {
      at: wall,
      since: this.#reading?.since ?? wall,
      lastLineAt: linesTotal > this.#lines ? wall : (this.#reading?.lastLineAt ?? null),
      ...(await setAside(metrics)),
    };
    this.#count(wall, await metrics.get('millrace_watermark_ms', 'logs'));
    this.#lines = linesTotal;
    this.#sampled = wall;
    state.change({
      // Before the first watermark, event time is where an earlier run left it.
      now: Math.max(now, state.snapshot.now),
      linesTotal,
      reading: this.#reading,
      countedTo: this.#countedTo,
      throughput: { t: [wall], perSecond: [Math.round(perSecond)] },
      graph,
      services: [...this.#services.values()],
      incidents: [...this.#incidents.values()],
      ...more,
    });
    this.#services = new Map();
    this.#incidents = new Map();
  }

  /**
   * Panes are known as far as rows of later ones came, since those of one pane come in several chunks; and, where no
   * service writes any, as far as the watermark was when rows of that time would have come by now.
   */
  #count(wall: Time, watermark: Time): void {
    this.#watermarks.push({ wall, watermark });
    const since = this.#watermarks.findLastIndex((seen) => seen.wall <= wall - delivered);
    if (since < 0) return;
    this.#watermarks = this.#watermarks.slice(since);
    this.#countedTo = Math.max(this.#countedTo, floorTo(this.#watermarks[0]!.watermark + 1, paneMs));
  }
}

/** Records that are in no pane: dead letters, and those of them that came behind the watermark. */
async function setAside(metrics: Metrics): Promise<Pick<Reading, 'dead' | 'late'>> {
  const sum = async (name: 'millrace_records_dead_total' | 'millrace_records_late_total') =>
    [...(await metrics.labels(name)).values()].reduce((total, count) => total + count, 0);
  return { dead: await sum('millrace_records_dead_total'), late: await sum('millrace_records_late_total') };
}

function incidentOf(event: IncidentEvent, known: Incident | undefined): Incident {
  const closed = event.event === 'resolved' ? 'resolved' : undefined;
  return {
    id: event.incident_id,
    status: closed ?? (event.suppressed ? 'suppressed' : 'open'),
    severity: event.severity,
    score: event.score,
    startedAt: Date.parse(event.started_at),
    detectedAt: Date.parse(event.detected_at),
    ...(event.resolved_at === null ? {} : { resolvedAt: Date.parse(event.resolved_at) }),
    services: event.services,
    summary: event.summary,
    reason: event.reason ?? known?.reason ?? null,
    evidence: event.symptoms.map(evidenceOf),
    rootCauses: event.root_causes,
    deploys: event.changes.map((c) => ({
      service: c.service,
      kind: c.kind,
      version: c.version,
      author: c.author,
      at: Date.parse(c.timestamp),
    })),
    samples: event.symptoms.flatMap((s) => s.samples),
    templates: event.symptoms.flatMap((s) => [
      ...s.new_templates.map((t) => templateOf(s.service, 'new', t)),
      ...s.missing_templates.map((t) => templateOf(s.service, 'missing', t)),
      ...s.surging_templates.map((t) => templateOf(s.service, 'surging', t)),
    ]),
  };
}

/** An event that an earlier version stored tells less. */
type StoredSymptom = Omit<Symptom, 'well_since' | 'peak' | 'text'> & Partial<Symptom>;

function evidenceOf({ service, onset, well_since: well, peak, text, ...now }: StoredSymptom): Evidence {
  return {
    service,
    ...countedIn(now),
    onset: Date.parse(onset),
    ...(well ? { wellSince: Date.parse(well) } : {}),
    ...(peak === undefined ? {} : { peak: { at: Date.parse(peak.at), ...countedIn(peak) } }),
    ...(text === undefined ? {} : { text }),
  };
}

/** What is counted of a service by each kind of signal. */
const countedAs: Readonly<Record<Symptom['kind'], string>> = {
  errors: 'error lines',
  silent: 'lines',
  steps: 'traces with a step',
  slow: 'ms of waiting',
  saturated: 'percent in use',
  alerts: 'alerts',
  restarts: 'restarts',
  objective: 'bad requests',
};

const countedIn = (found: Pick<Symptom, 'kind' | 'expected' | 'observed' | 'window_seconds'>) => ({
  signal: countedAs[found.kind],
  expected: found.expected,
  observed: found.observed,
  windowMs: found.window_seconds * 1_000,
});

function templateOf(service: string, kind: Template['kind'], named: NamedTemplate): Template {
  const { template: text, sample, since, observed, expected } = named;
  return { service, kind, text, sample, since: Date.parse(since), observed, expected };
}

/** The nodes with a uid, each reading those before it. */
function graphOf(job: Job): readonly GraphNode[] {
  const { nodes } = describe(job);
  const named = (id: number): readonly string[] => {
    const { uid, inputs } = nodes[id]!;
    return uid === null ? inputs.flatMap((i) => named(i.node)) : [uid];
  };
  return nodes.flatMap(({ uid, verb, inputs }) => {
    if (uid === null) return [];
    const kind = verb === 'from' ? 'source' : verb === 'to' ? 'sink' : 'operator';
    const reads = [...new Set(inputs.flatMap((i) => named(i.node)))];
    return [{ id: uid, label: uid, kind, inputs: reads, watermarkMs: null, lagS: null, recordsIn: 0, recordsOut: 0 }];
  });
}

const recordMetrics = {
  source: ['millrace_records_in_total', 'millrace_records_in_total'],
  operator: ['millrace_operator_records_in_total', 'millrace_operator_records_out_total'],
  sink: ['millrace_records_out_total', 'millrace_records_out_total'],
} as const;

/** What the metrics know of a node. Everything behind a source runs in one task, on the least watermark. */
async function measured(node: GraphNode, metrics: Metrics): Promise<GraphNode> {
  const own = async (name: 'millrace_watermark_ms' | 'millrace_watermark_lag_seconds') => {
    const values = await metrics.labels(name);
    return values.get(node.id) ?? values.get('logs') ?? null;
  };
  const [ins, outs] = recordMetrics[node.kind];
  const lag = await own('millrace_watermark_lag_seconds');
  return {
    ...node,
    watermarkMs: await own('millrace_watermark_ms'),
    lagS: lag === null ? null : Math.max(0, lag),
    recordsIn: await metrics.get(ins, node.id),
    recordsOut: await metrics.get(outs, node.id),
  };
}
