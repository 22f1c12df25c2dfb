/**
 * Recent notes on a service's templates, kept for its incidents: notes may come before the service is found to be
 * anomalous. What stopped or began well before the anomaly does not belong to it.
 */
import { minutes, type Time } from '../time/duration.ts';
import type { Entries } from './entries.ts';
import { chosen, type RenamedTemplate, type TemplateNote } from './template-watch.ts';

/** Notes of one service's templates, as they come. */
export interface ServiceNotes {
  readonly service: string;
  readonly notes: readonly TemplateNote[];
  /** What templates have become of which notes may be kept. */
  readonly became?: readonly RenamedTemplate[];
}

/** Notes are kept this long, and so many of a service; an incident hardly lasts longer in which they matter. */
const keepFor = minutes(60);
const mostKept = 40;
/** An onset is known to a pane or so; what was new a little before it belongs to it. */
const slack = minutes(2);

/** Keeps notes. A later note on the same template replaces the former one if it has more lines. */
export function keepNotes(
  kept: Entries<string, readonly TemplateNote[]>,
  { service, notes, became = [] }: ServiceNotes,
): void {
  const before = renamed(kept.get(service) ?? [], became);
  if (before.length + notes.length === 0) return;
  const newest = Math.max(...[...before, ...notes].map(({ since }) => since));
  const all = new Map<string, TemplateNote>();
  for (const note of [...before, ...notes]) {
    const name = `${note.kind} ${note.id}`;
    const former = all.get(name);
    const isMore = former === undefined || note.since - former.since > keepFor / 2 || note.observed > former.observed;
    if (isMore && newest - note.since < keepFor) all.set(name, note);
  }
  kept.set(service, [...all.values()].slice(-mostKept));
}

/** Notes as what they are of looks now; those of templates that have become one are one. */
function renamed(notes: readonly TemplateNote[], became: readonly RenamedTemplate[]): readonly TemplateNote[] {
  if (became.length === 0) return notes;
  const now = new Map(became.map((one) => [one.id, one]));
  const all = new Map<string, TemplateNote>();
  for (const note of notes) {
    const one = now.get(note.id);
    const name = `${note.kind} ${one?.into ?? note.id}`;
    const { observed, expected, since } = all.get(name) ?? { observed: 0, expected: 0, since: note.since };
    // What turns out to be of a template that has long been there is not new since this note.
    const first = note.kind === 'new' && one !== undefined ? one.first : note.since;
    all.set(name, {
      ...note,
      ...(one === undefined ? {} : { id: one.into, text: one.text }),
      since: Math.min(first, since),
      observed: note.observed + observed,
      expected: note.expected + expected,
    });
  }
  return [...all.values()];
}

/** Forgets notes that are too old at `now`. */
export function forgetNotes(kept: Entries<string, readonly TemplateNote[]>, now: Time): void {
  for (const [service, notes] of kept.entries()) {
    if (notes.every(({ since }) => now - since >= 2 * keepFor)) kept.delete(service);
  }
}

/** The notes that belong to an anomaly of the service that began at `onset`. */
export function notesSince(
  kept: readonly TemplateNote[] | undefined,
  { onset }: { readonly onset: Time },
): readonly TemplateNote[] {
  return kept === undefined ? [] : chosen(kept.filter(({ since }) => since >= onset - slack));
}
