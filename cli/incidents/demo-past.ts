/**
 * The simulated past as a source of the incident job: panes, counted instead of written out. Every sort of click is
 * read once as the job would read it; ten seconds of a service are then the sum over the clicks that there were.
 */
import { json } from '../../codecs/codec.ts';
import type { Scheduled } from '../../demo/faults.ts';
import { Past, spanMs } from '../../demo/past.ts';
import { services } from '../../demo/shop.ts';
import { type Specimen, specimens } from '../../demo/specimens.ts';
import type { SourceSpec } from '../../graph/connector.ts';
import type { PastPane } from '../../jobs/incidents.ts';
import { lineReader } from '../../logs/lines/raw-line.ts';
import { addBlame, emptyPane, type Pane, paneAggregate } from '../../signals/panes.ts';
import type { Time } from '../../time/duration.ts';
import type { DataClock } from './data-clock.ts';

/** What is known from before the first line. */
export interface PastParts {
  readonly seed: number;
  readonly start: Time;
  readonly end: Time;
  readonly blips: readonly Scheduled[];
  readonly clock: DataClock;
  /** Called with every pane, in order of time. */
  readonly onPane?: (past: PastPane) => void;
}

/** Spans that are read at once: ten minutes. */
const together = 60;

/** The past from `start` to `end` as a source, read once; the clock goes with it. */
export function demoPast({ seed, start, end, blips, clock, onPane }: PastParts): SourceSpec<PastPane> {
  const sorts = specimens();
  const past = new Past({ seed, start, blips, specimens: sorts });
  const read = sorts.map(panesOf);
  let at = start;
  return {
    kind: 'demo',
    label: 'its past',
    replayable: false,
    open: async () => ({
      splits: async () => ['shop'],
      close: async () => {},
      start: async () => start,
      async poll() {
        if (at >= end) return 'ended';
        const values: PastPane[] = [];
        for (let n = 0; n < together && at < end; n++, at += spanMs) {
          for (const pane of fold(past.next(), read)) {
            onPane?.(pane);
            if (pane.pane.total > 0) values.push(pane);
          }
        }
        clock.advanceTo(at);
        return { values, times: Float64Array.from(values, (v) => v.start), refused: [], next: at };
      },
    }),
  };
}

/** What a click of one sort adds to the panes of services, by their places. */
type Added = readonly (readonly [service: number, pane: Pane])[];

function panesOf({ lines }: Specimen): Added {
  const reader = lineReader({ formats: [] });
  const { add } = paneAggregate(json<Pane>());
  const panes = new Map<number, Pane>();
  for (const { line, source, service } of lines) {
    const { log, time } = reader.read({ line, source, time: 0 });
    const place = services.findIndex(({ name }) => name === service);
    if (log !== null) panes.set(place, add(panes.get(place) ?? emptyPane(), log, time));
  }
  return [...panes];
}

/** The panes of ten seconds, one a service. */
function fold({ start, clicks, lines, errors }: ReturnType<Past['next']>, read: readonly Added[]): PastPane[] {
  const panes = services.map((_, i) => {
    return { ...emptyPane(), total: lines[i]!, counts: [0, errors[i]!, 0, 0] as Pane['counts'] };
  });
  for (let sort = 0; sort < clicks.length; sort++) {
    const n = clicks[sort]!;
    if (n === 0) continue;
    for (const [place, more] of read[sort]!) addTimes(panes[place]!, more, { n, start });
  }
  return panes.map((pane, i) => {
    // The last of so many lines that are strewn evenly.
    if (pane.total > 0) pane.last = start + Math.floor((spanMs * pane.total) / (pane.total + 1));
    return { service: services[i]!.name, start, pane };
  });
}

function addTimes(pane: Pane, more: Pane, { n, start }: { readonly n: number; readonly start: Time }): void {
  pane.total += n * more.total;
  for (let s = 0; s < more.counts.length; s++) pane.counts[s]! += n * more.counts[s]!;
  for (const [service, count] of more.blames) addBlame(pane.blames, service, n * count);
  for (const sample of more.samples) if (pane.samples.length < 3) pane.samples.push({ ...sample, time: start });
}
