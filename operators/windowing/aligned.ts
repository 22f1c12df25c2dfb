/**
 * Tumbling and sliding windows. A record is added to its pane; a window is its panes merged. Where the aggregate can't
 * merge, an overlapping window is its own pane and a record is added to each (size / slide adds a record).
 *
 * A pane arms the timers of its windows when it is made; firing a window drops the panes it was the last to need.
 */
import { int } from '../../codecs/codec.ts';
import { type Fold, Folded, type Handlers, type MakeHandlers, type OpContext, type Out } from '../../graph/op.ts';
import type { MapState } from '../../state/keyed.ts';
import type { Time } from '../../time/duration.ts';
import type { Aggregate } from '../../windows/aggregate.ts';
import { type Aligned, firstWindowEnd, lastWindowEnd, paneExpires, paneStart } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';

/** The handlers of a tumbling or sliding window. */
export function alignedPanes<T, Acc, R>(
  assigner: Aligned,
  aggregate: Aggregate<T, Acc, R>,
): MakeHandlers<T, Windowed<R>> {
  const shared = assigner.kind === 'tumbling' || aggregate.merge !== undefined;
  return (ctx) => {
    // The assigner bounds how many panes are alive, which may be more than the default limit of a map.
    const limit = Number.POSITIVE_INFINITY;
    const { intact = false } = aggregate;
    const panes = ctx.map<number, Acc>('panes', aggregate.codec, { limit, intact });
    const fired = assigner.lateness > 0 ? ctx.map<number, number>('fired', int, { limit }) : undefined;
    const late = ctx.side<T>('late');
    const firing = { assigner, aggregate, shared, panes, fired, ctx };
    // Records that follow each other are mostly of one pane: what is known of the last one is kept.
    let pane = Number.NaN;
    let [name, expires, from, until] = [0, 0, 0, 0];
    return {
      onData(value, time, out) {
        if (!(time >= pane && time < pane + assigner.pane)) enter(paneStart(assigner, time));
        const { watermark } = ctx;
        if (expires <= watermark) return late(value);
        if (value instanceof Folded) {
          if (merge(panes, name, aggregate, value.acc as Acc)) arm(from, until, watermark);
        } else if (shared) {
          if (add(panes, name, aggregate, value, time)) arm(from, until, watermark);
        } else {
          for (let end = from; end <= until; end += assigner.slide) {
            if (end - 1 + assigner.lateness <= watermark) continue;
            if (add(panes, end, aggregate, value, time)) arm(end, end, watermark);
          }
        }
        if (fired !== undefined) refire(firing, { from, until, watermark }, out);
      },
      onTimer(time, out) {
        if (isWindowEnd(assigner, time + 1)) fire(firing, time + 1, out);
        forget(firing, time);
      },
    } satisfies Handlers<T, Windowed<R>>;

    function enter(start: Time): void {
      pane = start;
      name = nameOf(assigner, start);
      expires = paneExpires(assigner, start);
      from = firstWindowEnd(assigner, start);
      until = lastWindowEnd(assigner, start);
    }

    function arm(from: Time, until: Time, watermark: Time): void {
      for (let end = from; end <= until; end += assigner.slide) {
        if (end - 1 > watermark) ctx.timer(end - 1);
      }
      if (assigner.lateness > 0) ctx.timer(until - 1 + assigner.lateness);
    }
  };
}

interface Firing<T, Acc, R> {
  readonly assigner: Aligned;
  readonly aggregate: Aggregate<T, Acc, R>;
  readonly shared: boolean;
  readonly panes: MapState<number, Acc>;
  readonly fired: MapState<number, number> | undefined;
  /** Knows the present key. */
  readonly ctx: Pick<OpContext<T>, 'key'>;
}

/** Panes are named by their number, not their start: small integers make small, fast keys. */
const nameOf = ({ pane, offset }: Aligned, start: Time): number => (start - offset) / pane;

/** Adds to a pane; true if this call made it. */
// hot: called for every record and pane
function add<T, Acc>(
  panes: MapState<number, Acc>,
  name: number,
  aggregate: Aggregate<T, Acc, unknown>,
  value: T,
  time: Time,
): boolean {
  const entry = panes.at(name);
  const before = entry.value;
  entry.set(aggregate.add(before === undefined ? aggregate.create() : before, value, time));
  return before === undefined;
}

/** Merges values folded elsewhere into a pane; true if this call made it. */
// hot: called for every fold
function merge<Acc>(
  panes: MapState<number, Acc>,
  name: number,
  aggregate: Aggregate<never, Acc, unknown>,
  folded: Acc,
): boolean {
  const entry = panes.at(name);
  const before = entry.value;
  entry.set(aggregate.merge!(before === undefined ? aggregate.create() : before, folded));
  return before === undefined;
}

/** How values are folded per pane before they change hands; undefined where the aggregate doesn't merge. */
export function alignedFold<T, Acc>(
  assigner: Aligned,
  aggregate: Aggregate<T, Acc, unknown>,
): Fold<T, Acc> | undefined {
  if (aggregate.merge === undefined) return undefined;
  return {
    codec: aggregate.codec,
    slot: (time) => paneStart(assigner, time),
    isLate: (pane, watermark) => paneExpires(assigner, pane) <= watermark,
    create: () => aggregate.create(),
    add: (acc, value, time) => aggregate.add(acc, value, time),
  };
}

const isWindowEnd = ({ size, slide, offset }: Aligned, end: Time): boolean => (end - size - offset) % slide === 0;

/** Fires again what a late record changed in windows that have fired and are not yet forgotten. */
function refire<T, Acc, R>(
  firing: Firing<T, Acc, R>,
  windows: { readonly from: Time; readonly until: Time; readonly watermark: Time },
  out: Out<Windowed<R>>,
): void {
  const { slide, lateness } = firing.assigner;
  for (let end = windows.from; end <= windows.until && end - 1 <= windows.watermark; end += slide) {
    if (end - 1 + lateness > windows.watermark) fire(firing, end, out);
  }
}

function fire<T, Acc, R>(firing: Firing<T, Acc, R>, end: Time, out: Out<Windowed<R>>): void {
  const { assigner, aggregate, shared, panes, fired, ctx } = firing;
  const revision = fired?.get(end) ?? 0;
  const window = { start: end - assigner.size, end };
  let value: R;
  try {
    const acc = shared ? merged(firing, end) : panes.get(end);
    if (acc === undefined) return;
    value = aggregate.result(acc);
  } catch (error) {
    // This window has no result; its key's other windows, and what comes later, do not depend on it.
    return out.refuse({ key: ctx.key, window, revision }, end - 1, error);
  }
  fired?.set(end, revision + 1);
  out.emitAt({ window, value, revision, retracted: false }, end - 1);
}

function merged<T, Acc, R>({ assigner, aggregate, panes }: Firing<T, Acc, R>, end: Time): Acc | undefined {
  if (assigner.kind === 'tumbling') return panes.get(nameOf(assigner, end - assigner.size));
  let acc: Acc | undefined;
  for (let start = end - assigner.size; start < end; start += assigner.pane) {
    const pane = panes.get(nameOf(assigner, start));
    // The first accumulator of a merge may be changed, so it is a fresh one, never a pane.
    if (pane !== undefined) acc = aggregate.merge!(acc === undefined ? aggregate.create() : acc, pane);
  }
  return acc;
}

/**
 * Drops panes and revisions that no window needs after `time`. Each pane has a timer at the very time at which its last
 * window is forgotten, so that no pass over all of a key's panes is needed.
 */
function forget<T, Acc, R>({ assigner, shared, panes, fired }: Firing<T, Acc, R>, time: Time): void {
  const { size, slide, pane, lateness } = assigner;
  const end = time + 1 - lateness;
  if (isWindowEnd(assigner, end)) {
    if (!shared) panes.delete(end);
    else for (let start = end - size; start < end - size + slide; start += pane) panes.delete(nameOf(assigner, start));
  }
  if (fired === undefined) return;
  for (const [revised] of fired.entries()) if (revised <= end) fired.delete(revised);
}
