/**
 * What ten seconds of one service's lines are made of: lines by template, and what is new about the templates. Mining
 * is done where the lines are read, so that only counts go on from there. Every change of a template is kept as an
 * entry of its own; templates are made one when a pane ends, never between two lines.
 */
import { cutText } from '../codecs/utf8.ts';
import type { ParsedLog } from '../logs/parsed-log.ts';
import type { TemplateRecord } from '../logs/templates/store.ts';
import { Templates } from '../logs/templates/templates.ts';
import type { Time } from '../time/duration.ts';
import type { Entries } from './entries.ts';
import { paneMs } from './panes.ts';

/** A pane as it is sent on. */
export interface TemplatePane {
  readonly service: string;
  readonly start: Time;
  /** All lines; more than the sum of `counts` where there were more templates than are counted. */
  readonly lines: number;
  /** Ids of templates, and their lines. */
  readonly counts: readonly (readonly [id: string, lines: number])[];
  /** Templates that are new or look different now. */
  readonly seen: readonly SeenTemplate[];
  /** Ids that have become another's. */
  readonly merged: readonly (readonly [from: string, into: string])[];
}

/** A template, and the line that brought it if it is new. */
export interface SeenTemplate {
  readonly id: string;
  readonly text: string;
  readonly first: FirstLine | null;
}

/** The line that brought a template. */
export interface FirstLine {
  readonly time: Time;
  readonly level: string | null;
  readonly sample: string;
}

/** A pane that is open. */
export interface OpenTemplatePane {
  readonly service: string;
  lines: number;
  readonly counts: Map<string, number>;
}

/** What is to be sent on of a template: the line that brought it, or the id it has now. */
export interface TemplateChange {
  readonly first: FirstLine | null;
  readonly into: string | null;
}

/** Where a service's templates are kept. */
export interface MinedTemplates {
  readonly forms: Entries<string, TemplateRecord>;
  readonly panes: Entries<number, OpenTemplatePane>;
  readonly news: Entries<string, TemplateChange>;
}

/** Templates of one service that are kept; those used longest ago are forgotten. */
export const mostTemplates = 2_000;
/** Lines whose ids are remembered. */
const mostRepeated = 64;
/** Templates counted in one pane; lines of others count as lines only. */
const mostCounted = 500;
/** Forms that are looked at per pane to make templates one: far more than two thousand ordinary ones need. */
const mergeBudget = 20_000;
const sampleLength = 400;
/** Of a line no more is looked at. */
const lineLength = 4_000;

/** The templates of one service, in step with where they are kept. */
export class ServiceTemplates {
  readonly #templates = new Templates({ limit: mostTemplates });
  /** Ids of lines that came lately, word for word: many lines have come before. */
  readonly #repeated = new Map<string, string>();

  #isMerging = false;

  /** Takes over what is kept. */
  constructor(forms: MinedTemplates['forms']) {
    this.#templates.load(forms.entries());
  }

  /** Takes a line in; returns the start of its pane if that was opened by this. */
  add(log: ParsedLog, time: Time, memory: MinedTemplates): Time | undefined {
    const text = firstLine(log.message);
    const id = this.#repeated.get(text) ?? this.#learn(text, log.level, time, memory);
    const start = Math.floor(time / paneMs) * paneMs;
    const known = memory.panes.get(start);
    const pane = known ?? { service: log.service, lines: 0, counts: new Map() };
    const { counts } = pane;
    pane.lines++;
    const count = counts.get(id);
    if (count !== undefined) counts.set(id, count + 1);
    else if (counts.size < mostCounted) counts.set(id, 1);
    memory.panes.set(start, pane);
    return known === undefined ? start : undefined;
  }

  /** Closes the pane that begins at `start`; undefined if there is none. */
  close(start: Time, memory: MinedTemplates): TemplatePane | undefined {
    const pane = memory.panes.get(start);
    if (pane === undefined) return undefined;
    memory.panes.delete(start);
    if (this.#isMerging || hasFirst(memory.news)) this.#merge(memory);
    const counts = new Map<string, number>();
    for (const [id, count] of pane.counts) {
      const now = this.#templates.resolve(id);
      counts.set(now, (counts.get(now) ?? 0) + count);
    }
    return { service: pane.service, start, lines: pane.lines, counts: [...counts], ...this.#takeChanges(memory.news) };
  }

  // hot: called for each line that was not repeated lately.
  #learn(text: string, level: string | null, time: Time, memory: MinedTemplates): string {
    const id = this.#templates.add(text);
    if (this.#templates.isChanged) this.#keep(memory, id, { time, level, sample: cutText(text, sampleLength) });
    if (this.#repeated.size >= mostRepeated) this.#repeated.clear();
    this.#repeated.set(text, id);
    return id;
  }

  /** Makes templates one: a matter of a moment; on hostile lines it could take minutes and goes on with later panes. */
  #merge(memory: MinedTemplates): void {
    const wasMerging = this.#isMerging;
    this.#isMerging = !this.#templates.step(mergeBudget);
    // A merge that was under way may have passed what has been added since.
    if (wasMerging && !this.#isMerging) this.#isMerging = !this.#templates.step(mergeBudget);
    this.#keep(memory, undefined, null);
  }

  /** Keeps what has changed since the last time; `line` is what brought `id`, if that is new. */
  #keep({ forms, news }: MinedTemplates, id: string | undefined, line: FirstLine | null): void {
    this.#repeated.clear();
    for (const [changed, record] of this.#templates.changed()) {
      if (record === undefined) {
        forms.delete(changed);
        news.delete(changed);
        continue;
      }
      forms.set(changed, record);
      if (record.kind === 'word') continue;
      const first = news.get(changed)?.first ?? (changed === id ? line : null);
      news.set(changed, { first, into: record.kind === 'alias' ? record.of : null });
    }
  }

  #takeChanges(news: MinedTemplates['news']): Pick<TemplatePane, 'seen' | 'merged'> {
    const seen: SeenTemplate[] = [];
    const merged: [string, string][] = [];
    for (const [id, { first, into }] of [...news.entries()]) {
      const text = this.#templates.text(id);
      if (into !== null) merged.push([id, this.#templates.resolve(id)]);
      else if (text !== undefined) seen.push({ id, text: cutText(text, sampleLength), first });
      news.delete(id);
    }
    return { seen, merged };
  }
}

function hasFirst(news: MinedTemplates['news']): boolean {
  for (const [, { first }] of news.entries()) if (first !== null) return true;
  return false;
}

/** Templates are those of first lines: what follows is a trace or a statement that varies as a whole. */
function firstLine(message: string): string {
  const end = message.indexOf('\n');
  const text = end < 0 ? message : message.slice(0, end);
  return cutText(text, lineLength);
}
