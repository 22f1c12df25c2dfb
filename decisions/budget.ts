/**
 * One control of false alarms over all services of an environment. Each service judges its errors as one of the set
 * number of services. Where more are there, what opens an incident must be improbable among the tests of all of them;
 * what calls someone must be so by a smaller budget of its own. What was found of late widens both: with true
 * incidents about, one more false one is a smaller share of what people get. This is LOND (Javanmard and Montanari,
 * "On online control of false discovery rate", 2015) whose count of discoveries is forgotten over days.
 */
import type { Entries } from '../signals/entries.ts';
import type { DetectionSettings } from '../signals/settings.ts';
import { days, type Time } from '../time/duration.ts';
import { thresholdOf } from './threshold.ts';

/** What was found of late, a found thing counting half after a day; stored as JSON. */
export interface Found {
  readonly count: number;
  readonly at: Time;
}

/** Incidents that were opened, and those of them that called someone. */
export type Discoveries = Entries<'incidents' | 'pages', Found>;

/** log10 of the probabilities below which errors open an incident, and call someone. */
export interface Levels {
  readonly opens: number;
  readonly calls: number;
}

/** Found things lose half of their weight in this time. */
const halfLife = days(1);

/** The levels of the pane that ends at `end`, in which `services` were judged. */
export function levelsOf(
  discoveries: Discoveries,
  {
    services,
    end,
    detection,
  }: { readonly services: number; readonly end: Time; readonly detection: DetectionSettings },
): Levels {
  const { falseIncidentsPerDay, falsePagesPerDay } = detection;
  const all = Math.max(detection.services, services);
  const level = (budget: number, of: 'incidents' | 'pages') =>
    thresholdOf({ falseIncidentsPerDay: budget * (1 + foundAt(discoveries.get(of), end)), services: all });
  return {
    opens: level(falseIncidentsPerDay, 'incidents'),
    calls: level(Math.min(falsePagesPerDay, falseIncidentsPerDay), 'pages'),
  };
}

/** Notes something that was found at `end`. */
export function noteFound(discoveries: Discoveries, of: 'incidents' | 'pages', end: Time): void {
  discoveries.set(of, { count: foundAt(discoveries.get(of), end) + 1, at: end });
}

const foundAt = (found: Found | undefined, end: Time): number =>
  found === undefined ? 0 : found.count * 0.5 ** ((end - found.at) / halfLife);
