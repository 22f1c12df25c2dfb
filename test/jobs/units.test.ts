/** The incident job with spans: what units of work tell becomes incidents. */
import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { incidentJob } from '../../jobs/incidents.ts';
import { shippedLines } from '../../jobs/shipped-lines.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import type { Change } from '../../signals/changes.ts';
import type { Span } from '../../signals/inputs/spans/span.ts';
import { CRASH, END, IDLE, play, WAKE } from '../../testing/index.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { readSpan } from '../support/units.ts';

const start = Date.UTC(2026, 2, 4, 7);
const onset = start + minutes(5);
const end = onset + minutes(2);
const over = end + minutes(6);
const every = seconds(2);

const job = () =>
  incidentJob({
    ...{ logs: shippedLines('logs'), changes: script<Change>([]), spans: script<Span>([]) },
    settings: incidentDefaults,
  });

interface Fault {
  /** The cart no longer saves. */
  readonly isCut?: boolean;
  /** How long the web waits for the cart beyond its work. */
  readonly gap?: number;
}

/** A request each two seconds: the web calls the cart, which writes two lines and calls the stock. */
function traffic(fault: Fault): { readonly logs: RawLine[]; readonly spans: Span[] } {
  const logs: RawLine[] = [];
  const spans: Span[] = [];
  for (let n = 1, at = start; at < over; n++, at += every) {
    const { isCut = false, gap = 20 } = at >= onset && at < end ? fault : {};
    const id = (part: number) => (n * 16 + part).toString(16).padStart(16, '0');
    const trace_id = id(0).padStart(32, '0');
    const span = (part: number, service: string, [from, to]: readonly [number, number], parent: number | null) =>
      spans.push(
        readSpan({
          ...{ trace_id, span_id: id(part), parent_span_id: parent === null ? null : id(parent) },
          ...{ service, name: `${service} buy`, start: at + from, end: at + to },
        }),
      );
    const jitter = (n * 7) % 5;
    span(4, 'stock', [30, 60], 3);
    span(3, 'cart', [20, 120], 2);
    span(2, 'web', [10, 110 + gap + jitter], 1);
    span(1, 'web', [0, 130 + gap + jitter], null);
    const line = (text: string) => {
      const said = { ts: new Date(at + 50).toISOString(), level: 'INFO', logger: 'shop.Cart', msg: text };
      const traced = { ...said, service: 'cart', trace_id, span_id: id(3) };
      logs.push({ line: JSON.stringify(traced), source: 'cart-1', time: over });
    };
    line(`takes cart ${n}`);
    if (!isCut) line(`saved cart ${n}`);
  }
  return { logs, spans };
}

async function incidentsOf(
  fault: Fault,
  order: (spans: Span[]) => Span[] = (spans) => spans,
): Promise<IncidentEvent[]> {
  const { logs, spans } = traffic(fault);
  const { topics } = await play(job(), { logs: [...logs, END], changes: [END], spans: [...order(spans), END] });
  return ((topics['incidents'] ?? []) as readonly CloudEvent[]).map(({ data }) => data);
}

describe('with spans', () => {
  test('a step that is missing opens an incident of its service, which is resolved when it is back', async () => {
    const events = await incidentsOf({ isCut: true });
    expect(events.map(({ event }) => event).filter((event) => event !== 'updated')).toEqual(['opened', 'resolved']);
    const [opened] = events;
    expect(opened).toMatchObject({ services: ['cart'], symptoms: [{ kind: 'steps' }], suppressed: false });
    expect(opened!.root_causes[0]!.reasons[0]).toMatch(
      /^\d+ of \d+ traces lack saved cart \*, which 1\d\d of 1\d\d had before/,
    );
    expect(Date.parse(opened!.started_at)).toBe(onset);
    expect(Date.parse(opened!.detected_at) - onset).toBeLessThan(minutes(1));
    // Well since the last request that lacked it, less than three minutes and a pane before the end.
    expect(Date.parse(events.at(-1)!.resolved_at!)).toBe(end - every);
    expect(Date.parse(events.at(-1)!.updated_at) - end).toBeLessThanOrEqual(minutes(3) + seconds(10));
  });

  test('an edge that became slow accuses the service to which it leads', async () => {
    const [opened] = await incidentsOf({ gap: 900 });
    expect(opened).toMatchObject({ event: 'opened', services: ['cart'], symptoms: [{ kind: 'slow' }] });
    expect(opened!.root_causes[0]!.reasons[0]).toMatch(
      /^1 of 1 edges to it wait [\d.]+ times as long, \d+ ms instead of 2\d$/,
    );
  });

  test('usual traffic opens none', async () => {
    expect(await incidentsOf({})).toEqual([]);
  });

  test('the same comes of it when the job is killed meanwhile', async () => {
    const { logs, spans } = traffic({ isCut: true });
    const killed = <T>(values: readonly T[], from: number) => [
      ...values.slice(0, from),
      CRASH,
      ...values.slice(from, from + 40),
      CRASH,
      ...values.slice(from + 40),
    ];
    const script = { logs: [...killed(logs, 320), END], changes: [END], spans: [...killed(spans, 700), END] };
    const { topics } = await play(job(), script);
    const events = (topics['incidents'] as readonly CloudEvent[]).map(({ data }) => data);
    expect(events).toEqual(await incidentsOf({ isCut: true }));
  });

  test('spans that come when their traces are long over are set aside, and make no units that lack the lines', async () => {
    const { logs, spans } = traffic({});
    const stalls = (n: number) => n > 400 && n <= 600;
    const late = spans.filter((_, n) => stalls(n));
    const punctual = spans.filter((_, n) => !stalls(n));
    const script = { logs: [...logs, WAKE('spans'), END], changes: [END], spans: [...punctual, IDLE, ...late, END] };
    const { topics, deadLetters } = await play(job(), script, { now: over });
    expect(topics['incidents']).toEqual([]);
    expect(deadLetters.length).toBe(late.length);
    expect(deadLetters[0]).toMatchObject({ origin: 'units', reason: 'trace-over' });
  });

  test('the same comes of spans in another order', async () => {
    const swapped = (spans: Span[]) => spans.flatMap((_, i) => (i % 4 === 0 ? spans.slice(i, i + 4).toReversed() : []));
    expect(await incidentsOf({ isCut: true }, swapped)).toEqual(await incidentsOf({ isCut: true }));
  });
});
