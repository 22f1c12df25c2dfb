/**
 * What is lately to be said of a service's templates, kept until an incident asks: notes may come before the service is
 * found to be ill. What stopped or began well before its anomaly is not told with it.
 */
import { minutes, type Time } from '../time/duration.ts';
import type { Entries } from './entries.ts';
import { chosen, type TemplateNote } from './template-watch.ts';

/** Notes of one service's templates, as they come. */
export interface TemplateNews {
  readonly service: string;
  readonly notes: readonly TemplateNote[];
}

/** Notes are kept this long, and so many of a service; an incident hardly lasts longer in which they matter. */
const keepFor = minutes(60);
const mostKept = 40;
/** An onset is known to a pane or so; what was new a little before it belongs to it. */
const slack = minutes(2);

/** Keeps notes. What is said of a template again counts if it says more. */
export function keepNotes(kept: Entries<string, readonly TemplateNote[]>, { service, notes }: TemplateNews): void {
  const newest = Math.max(...notes.map(({ since }) => since));
  const all = new Map<string, TemplateNote>();
  for (const note of [...(kept.get(service) ?? []), ...notes]) {
    const name = `${note.kind} ${note.id}`;
    const before = all.get(name);
    const isMore = before === undefined || note.since - before.since > keepFor / 2 || note.observed > before.observed;
    if (isMore && newest - note.since < keepFor) all.set(name, note);
  }
  kept.set(service, [...all.values()].slice(-mostKept));
}

/** Forgets what was to be said too long before `now`. */
export function forgetNotes(kept: Entries<string, readonly TemplateNote[]>, now: Time): void {
  for (const [service, notes] of kept.entries()) {
    if (notes.every(({ since }) => now - since >= 2 * keepFor)) kept.delete(service);
  }
}

/** What of it belongs to an anomaly of the service that began at `onset`. */
export function notesSince(
  kept: readonly TemplateNote[] | undefined,
  { onset }: { readonly onset: Time },
): readonly TemplateNote[] {
  return kept === undefined ? [] : chosen(kept.filter(({ since }) => since >= onset - slack));
}
