/**
 * The templates of one service over all places where its lines are read: what each looks like, how often it came, and
 * which ids have become one. Of two that become one the older stays, whatever the places say, so that they need not
 * agree.
 */
import { hours, type Time } from '../time/duration.ts';
import type { Entries } from './entries.ts';
import { paneMs } from './panes.ts';
import { type Arrivals, newArrivals } from './silence.ts';
import type { SeenTemplate, TemplatePane } from './template-pane.ts';

/** What is kept of a template. */
export interface KnownTemplate {
  text: string;
  readonly level: string | null;
  readonly sample: string;
  readonly first: Time;
  /** End of the last pane with a line of it. */
  last: Time;
  /** All lines of it. */
  count: number;
  /** Decayed lines, as of `at`. */
  share: number;
  at: Time;
  /** How far minutes were off beyond chance; see baseline.ts. */
  excess: number;
  squares: number;
  speech: Arrivals;
  /** Whether it is known to be missing. */
  missing: boolean;
  /** When the table last got a row of it; 0 before. Stored under this name. */
  told: Time;
}

/** Where the templates of a service are kept. */
export interface TemplateMemory {
  readonly templates: Entries<string, KnownTemplate>;
  /** Ids that have become another's. */
  readonly aliases: Entries<string, string>;
  /** Minutes that are not complete yet, by their start. */
  readonly minutes: Entries<number, CountedLines>;
}

/** Lines by template. */
export interface CountedLines {
  lines: number;
  readonly counts: Map<string, number>;
}

const halfLife = hours(24);
const mostKnown = 4_000;
const mostAliases = 8_000;

/** What `amount` is still worth after so long. */
export const decayed = (amount: number, after: number): number =>
  after <= 0 ? amount : amount * 0.5 ** (after / halfLife);

/** The id that a template has now. */
export function resolve(aliases: TemplateMemory['aliases'], id: string): string {
  for (let into = aliases.get(id); into !== undefined; into = aliases.get(id)) id = into;
  return id;
}

/** Takes in how a template looks; returns its id if it was not known before. */
export function learnTemplate(
  { templates, aliases }: TemplateMemory,
  seen: SeenTemplate,
  start: Time,
): string | undefined {
  const id = resolve(aliases, seen.id);
  const known = templates.get(id);
  if (known !== undefined) {
    // Of ids that have become one, the one that stays shows how all of them look.
    if (id !== seen.id || known.text === seen.text) return undefined;
    known.text = seen.text;
    templates.set(id, known);
    return undefined;
  }
  if (seen.first === null) return undefined;
  const { time, level, sample } = seen.first;
  const past = { last: start, count: 0, share: 0, at: start, excess: 0, squares: 0, missing: false, told: 0 };
  forgetSome(templates, mostKnown, ({ last }) => last);
  templates.set(id, { text: seen.text, level, sample, first: time, speech: newArrivals(start + paneMs), ...past });
  return id;
}

/** Two templates that have become one. */
export interface MergedTemplates {
  readonly root: string;
  readonly former: string;
  readonly lost: KnownTemplate;
}

/** Makes two templates one; undefined if they are already, or nothing is known of one of them. */
export function mergeTemplates(
  { templates, aliases }: TemplateMemory,
  from: string,
  into: string,
): MergedTemplates | undefined {
  const [a, b] = [resolve(aliases, from), resolve(aliases, into)];
  const [x, y] = [templates.get(a), templates.get(b)];
  if (a === b || x === undefined) return undefined;
  forgetSome(aliases, mostAliases, () => 0);
  if (y === undefined) {
    aliases.set(b, a);
    return undefined;
  }
  const [root, kept, former, lost] = x.first <= y.first ? [a, x, b, y] : [b, y, a, x];
  kept.text = y.text;
  kept.count += lost.count;
  kept.share += lost.share;
  kept.last = Math.max(kept.last, lost.last);
  if (lost.speech.last > kept.speech.last) kept.speech = lost.speech;
  templates.delete(former);
  templates.set(root, kept);
  aliases.set(former, root);
  return { root, former, lost };
}

/** Calls `each` with the known templates of a pane and their lines, and keeps what it changes. */
export function forCounted(
  { templates, aliases }: TemplateMemory,
  counts: Iterable<readonly [id: string, lines: number]>,
  each: (template: KnownTemplate, lines: number, id: string) => void,
): void {
  for (const [counted, lines] of counts) {
    const id = resolve(aliases, counted);
    const template = templates.get(id);
    if (template === undefined) continue;
    each(template, lines, id);
    templates.set(id, template);
  }
}

/** Adds lines to others. */
export function addCounts(sum: CountedLines, { lines, counts }: Pick<TemplatePane, 'lines' | 'counts'>): void {
  sum.lines += lines;
  for (const [id, n] of counts) sum.counts.set(id, (sum.counts.get(id) ?? 0) + n);
}

/** Makes room for a sixteenth of the entries there may be, those of the least age first. */
function forgetSome<V>(entries: Entries<string, V>, most: number, age: (value: V) => number): void {
  const all = [...entries.entries()];
  if (all.length < most) return;
  all.sort(([, a], [, b]) => age(a) - age(b));
  for (const [id] of all.slice(0, most / 16)) entries.delete(id);
}
