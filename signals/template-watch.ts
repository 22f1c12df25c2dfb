/**
 * Which templates of a service are new, missing or surging. A template is new when its service has long been known and
 * it was never seen; it is missing when the lines expected since its last are too many (the rule by which services
 * fall silent) while its service still writes; it is surging when the last minute holds more of it than its share of
 * the service's lines makes probable (negative binomial, as for errors). None of this opens an incident: it is shown
 * with one.
 */
import { hours, minutes, type Time } from '../time/duration.ts';
import { shrunkDispersion } from './baseline.ts';
import {
  addCounts,
  decayed,
  forCounted,
  type KnownTemplate,
  learnTemplate,
  mergeTemplates,
  resolve,
  type TemplateMemory,
} from './known-templates.ts';
import { levelRank, paneMs } from './panes.ts';
import type { SilenceSettings } from './settings.ts';
import { type Arrivals, addArrivals, isSilent, missingLines, newArrivals, usualLines } from './silence.ts';
import type { TemplatePane } from './template-pane.ts';
import { test, type WindowTest } from './window-test.ts';

/** What is kept of a service beside its templates. */
export interface ServiceActivity {
  readonly since: Time;
  /** End of its last minute that is complete. */
  through: Time;
  /** Decayed lines, as of `at`. */
  lines: number;
  at: Time;
  speech: Arrivals;
}

/** Something about a template that is worth showing. */
export interface TemplateNote {
  readonly kind: 'new' | 'missing' | 'surging';
  readonly id: string;
  readonly text: string;
  readonly level: string | null;
  readonly sample: string;
  /** When it first came, last came, or when the minute of the surge began. */
  readonly since: Time;
  /** Lines, and lines that were to be expected. */
  readonly observed: number;
  readonly expected: number;
}

/** A template as a row of the table; `into` is the id that it has now. */
export interface ReportedTemplate
  extends Pick<KnownTemplate, 'text' | 'level' | 'sample' | 'first' | 'last' | 'count'> {
  readonly service: string;
  readonly id: string;
  readonly into: string;
}

/** An id that has become another's, or looks different now: notes under `id` belong to `into`. */
export interface RenamedTemplate extends Pick<KnownTemplate, 'text' | 'first'> {
  readonly id: string;
  readonly into: string;
}

/** What is worth showing of a service's templates, and the rows that the table gets. */
export interface Watched {
  readonly notes: TemplateNote[];
  readonly rows: ReportedTemplate[];
  readonly became: readonly RenamedTemplate[];
}

/** The service whose templates are watched. */
export interface WatchedService {
  readonly name: string;
  readonly activity: ServiceActivity;
  readonly memory: TemplateMemory;
}

/** Templates are tested minute by minute. */
export const minuteMs = minutes(1);
/** What is new in the first hour of a service is learned and not reported. */
const learnFor = hours(1);
/** A template that came again is reported again after this long. */
const reportEvery = minutes(15);
const priorLines = 50;
const priorShare = 0.25;
const priorDispersion = 0.25;
const surge = { ratio: 3, excess: 5, log10p: -5 } as const;
/** Of a kind of notes. */
const mostNotes = 5;

/** The minute in which a pane lies. */
export const minuteOf = (start: Time): Time => Math.floor(start / minuteMs) * minuteMs;

/** A service whose first pane begins at `start`. */
export const newActivity = (start: Time): ServiceActivity => ({
  since: start,
  through: start,
  lines: 0,
  at: start,
  speech: newArrivals(start),
});

/** Takes a pane in, which may be one of several of the same time. */
export function takePane({ name, memory, activity }: WatchedService, pane: TemplatePane): Watched {
  const { start, lines, counts, seen, merged } = pane;
  const found = { notes: [] as TemplateNote[], rows: [] as ReportedTemplate[] };
  const met = seen.map((one) => learnTemplate(memory, one, start));
  for (const [from, into] of merged) {
    const united = mergeTemplates(memory, from, into);
    if (united !== undefined && united.lost.told > 0)
      found.rows.push(reported(name, [united.former, united.lost], united.root));
  }
  // Before a service is known nothing was reported of its templates.
  const isKnown = start - activity.since >= learnFor;
  const standing = new Set(met);
  const ids = [...seen.map(({ id }) => id), ...merged.map(([from]) => from)].filter((id) => !standing.has(id));
  const became = isKnown ? changed(memory, ids) : [];
  for (const id of met) {
    const template = id === undefined ? undefined : memory.templates.get(id);
    if (template === undefined || template.first - activity.since < learnFor) continue;
    const observed = counts.find(([counted]) => counted === id)?.[1] ?? 1;
    found.notes.push(note('new', [id!, template], { since: template.first, observed }));
  }
  if (start < activity.through) forCounted(memory, counts, count);
  else {
    const minute = memory.minutes.get(minuteOf(start)) ?? { lines: 0, counts: new Map() };
    addCounts(minute, { lines, counts });
    memory.minutes.set(minuteOf(start), minute);
  }
  return { ...found, became, notes: chosen(found.notes) };
}

/** What known templates are now whose ids look different or became another's. */
function changed({ templates, aliases }: TemplateMemory, ids: readonly string[]): readonly RenamedTemplate[] {
  return ids.flatMap((id) => {
    const into = resolve(aliases, id);
    const template = templates.get(into);
    return template === undefined ? [] : [{ id, into, text: template.text, first: template.first }];
  });
}

/** The minute that begins at `start` is complete; `isLast` at the end of the input, when no more lines are awaited. */
export function closeMinute(
  { name, activity, memory }: WatchedService,
  start: Time,
  { silence, isLast }: { readonly silence: SilenceSettings; readonly isLast: boolean },
): Watched {
  const found: Watched = { notes: [], rows: [], became: [] };
  const window = memory.minutes.get(start);
  if (window === undefined) return found;
  memory.minutes.delete(start);
  const end = start + minuteMs;
  activity.through = end;
  addArrivals(activity.speech, { lines: window.lines, end, isFrozen: false });
  forCounted(memory, window.counts, (template, observed, id) => {
    const { ratio, log10p, expected } = testOf(activity, template, { observed, lines: window.lines, end });
    const isSurge = ratio >= surge.ratio && log10p <= surge.log10p && observed - expected >= surge.excess;
    if (isSurge && end - template.first >= learnFor) {
      found.notes.push(note('surging', [id, template], { since: start, observed, expected }));
    }
    learnMinute(template, { observed, expected, end });
  });
  activity.lines = decayed(activity.lines, end - activity.at) + window.lines;
  activity.at = end;
  const isWriting = window.lines >= (usualLines(activity.speech) * (minuteMs / paneMs)) / 2;
  for (const [id, template] of memory.templates.entries()) {
    const { first, last, speech } = template;
    if (isWriting && !template.missing && isSilent(speech, { end, since: first }, silence)) {
      template.missing = true;
      memory.templates.set(id, template);
      const expected = missingLines(speech, end);
      found.notes.push(note('missing', [id, template], { since: last, observed: 0, expected }));
    }
    if (last <= template.told || (end - template.told < reportEvery && !isLast)) continue;
    template.told = end;
    memory.templates.set(id, template);
    found.rows.push(reported(name, [id, template]));
  }
  return { ...found, notes: chosen(found.notes) };
}

const count = (template: KnownTemplate, lines: number): void => {
  template.count += lines;
};

interface TemplateMinute {
  readonly observed: number;
  readonly expected: number;
  readonly end: Time;
}

/** Learns from a minute that holds lines of a template; how far it was off counts only there. */
function learnMinute(template: KnownTemplate, { observed, expected, end }: TemplateMinute): void {
  count(template, observed);
  template.share = decayed(template.share, end - template.at) + observed;
  template.at = end;
  template.excess = decayed(template.excess, minuteMs) + (observed - expected) ** 2 - expected;
  template.squares = decayed(template.squares, minuteMs) + expected ** 2;
  addArrivals(template.speech, { lines: observed, end, isFrozen: template.missing });
  template.last = end;
  template.missing = false;
}

/** Whether a minute of so many lines holds more of a template than its share. */
function testOf(
  activity: ServiceActivity,
  template: KnownTemplate,
  { observed, lines, end }: { readonly observed: number; readonly lines: number; readonly end: Time },
): WindowTest {
  const share = decayed(template.share, end - template.at) + priorShare;
  const mean = (lines * share) / (decayed(activity.lines, end - activity.at) + priorLines);
  const dispersion = shrunkDispersion(template.excess, template.squares, priorDispersion);
  return test(0, { observed, lasting: observed }, { mean, size: 1 / (1 / share + dispersion) });
}

function note(
  kind: TemplateNote['kind'],
  [id, { text, level, sample }]: readonly [string, KnownTemplate],
  { since, observed, expected = 0 }: Pick<TemplateNote, 'since' | 'observed'> & { readonly expected?: number },
): TemplateNote {
  return { kind, id, text, level, sample, since, observed, expected };
}

/** As it is now; what is kept changes on. */
function reported(service: string, [id, template]: readonly [string, KnownTemplate], into = id): ReportedTemplate {
  const { text, level, sample, first, last, count } = template;
  return { service, id, into, text, level, sample, first, last, count };
}

/** Not too many of each kind: the most severe first, then those with the most lines. */
export function chosen(notes: readonly TemplateNote[]): TemplateNote[] {
  const kinds = { new: 0, missing: 0, surging: 0 };
  return [...notes]
    .sort((a, b) => levelRank(b.level) - levelRank(a.level) || b.observed + b.expected - a.observed - a.expected)
    .filter(({ kind }) => kinds[kind]++ < mostNotes);
}
