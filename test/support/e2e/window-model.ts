/** Windows computed without panes, timers or state: one event after the other, over lists. */
import type { Aligned, Session } from '../../../windows/assigner.ts';

export interface Event {
  readonly id: number;
  readonly key: string;
  readonly at: number;
}

/** Event ids by `key start end`, and those that came too late. */
export interface Model {
  readonly windows: { readonly [name: string]: readonly number[] };
  readonly late: readonly number[];
}

/** The watermark before each event: the youngest so far less the bound, floored to whole seconds, less one. */
function watermarks(events: readonly Event[], outOfOrder: number): number[] {
  let youngest = Number.NEGATIVE_INFINITY;
  return events.map(({ at }) => {
    const before = Math.floor((youngest - outOfOrder) / 1_000) * 1_000 - 1;
    youngest = Math.max(youngest, at);
    return before;
  });
}

/** Every start on the grid is tried. */
export function alignedModel(assigner: Aligned, events: readonly Event[], outOfOrder: number): Model {
  const { size, slide, offset, lateness } = assigner;
  const windows: Record<string, number[]> = {};
  const late: number[] = [];
  const before = watermarks(events, outOfOrder);
  for (const [i, { id, key, at }] of events.entries()) {
    let taken = false;
    const first = Math.ceil((at - size + 1 - offset) / slide) * slide + offset;
    for (let start = first; start <= at; start += slide) {
      if (start + size - 1 + lateness <= before[i]!) continue;
      taken = true;
      (windows[`${key} ${start} ${start + size}`] ??= []).push(id);
    }
    if (!taken) late.push(id);
  }
  return { windows, late };
}

/** Sessions of the whole input: sorted by time, cut where the silence is longer than the gap. */
export function sortedSessions(gap: number, events: readonly Event[]): Model {
  const windows: Record<string, number[]> = {};
  for (const key of new Set(events.map((e) => e.key))) {
    const sorted = events.filter((e) => e.key === key).sort((a, b) => a.at - b.at);
    let from = 0;
    for (let i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i]!.at - sorted[i - 1]!.at <= gap) continue;
      const ids = sorted.slice(from, i).map((e) => e.id);
      windows[`${key} ${sorted[from]!.at} ${sorted[i - 1]!.at + gap}`] = ids.sort((a, b) => a - b);
      from = i;
    }
  }
  return { windows, late: [] };
}

/** Sessions with late events: one joins those it touches that are not forgotten, and is late if the result would be. */
export function sessionModel({ gap, lateness }: Session, events: readonly Event[], outOfOrder: number): Model {
  const late: number[] = [];
  const all: { key: string; start: number; end: number; ids: number[] }[] = [];
  const before = watermarks(events, outOfOrder);
  const forgotten = (end: number, watermark: number) => Math.floor((end + lateness) / 1_000) * 1_000 + 999 <= watermark;
  for (const [i, { id, key, at }] of events.entries()) {
    const touches = (s: (typeof all)[number]) =>
      s.key === key && s.start <= at + gap && at <= s.end && !forgotten(s.end, before[i]!);
    const touched = all.filter(touches);
    const start = Math.min(at, ...touched.map((s) => s.start));
    const end = Math.max(at + gap, ...touched.map((s) => s.end));
    if (forgotten(end, before[i]!)) {
      late.push(id);
      continue;
    }
    for (const s of touched) all.splice(all.indexOf(s), 1);
    all.push({ key, start, end, ids: [...touched.flatMap((s) => s.ids), id] });
  }
  const named = all.map(({ key, start, end, ids }) => [`${key} ${start} ${end}`, ids.sort((a, b) => a - b)] as const);
  return { windows: Object.fromEntries(named), late };
}
