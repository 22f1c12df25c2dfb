/**
 * What may stand in millrace.yaml, each field by itself; checks.ts holds what fields say together. A field that is not
 * listed is refused.
 */
import { z } from 'zod';
import { toolNames } from '../../logs/formats/strings/given.ts';
import { optionalInputs } from '../../signals/inputs/kinds.ts';
import type { Duration, Time } from '../../time/duration.ts';
import { instantOf } from '../../time/instant.ts';

const units: Readonly<Record<string, Duration>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A duration that may be nothing, where that switches something off. */
const durationOrNone = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'write a duration as 30s, 5m, 2h or 1d')
  .transform((text): Duration => Number(text.slice(0, -1)) * units[text.at(-1)!]!);
/** How long a request may take. */
const shortDuration = z
  .string()
  .regex(/^[1-9]\d{0,5}(ms|s|m)$/, 'write a duration as 300ms, 2s or 1m')
  .transform((text): Duration => Number.parseInt(text, 10) * { ms: 1, s: 1_000, m: 60_000 }[text.replace(/\d+/, '')]!);
const duration = durationOrNone.refine((ms) => ms > 0, 'must be longer than nothing');
const time = z
  .string()
  .transform((text): Time => instantOf(text))
  .refine((ms) => !Number.isNaN(ms), 'write a time with its zone, as 2026-01-29T08:00:00Z');
/** Blanks around a name are no part of it: no service is called so. */
const name = z
  .string()
  .transform((text) => text.trim())
  .refine((text) => text !== '', 'must not be empty');
const positive = z.number().positive();
const whole = z.number().int().positive();
/** Of requests that are to be good: where all were, none could ever fail. */
const percent = z
  .number()
  .refine((value) => value >= 50 && value < 100, 'write a percentage from 50 on and below 100, such as 99.9');
const share = z.number().min(0).max(1);
/** Rows are kept for whole days: up to 27 years, for the column that it is computed from ends in 2106. */
const kept = z
  .string()
  .regex(/^([1-9]\d{0,3}d|forever)$/, 'write whole days as 14d, at most 9999d, or forever')
  .transform((text) => (text === 'forever' ? text : Number(text.slice(0, -1))));
const address = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'write an address as https://search.internal:9200')
  .refine(hasNoSecret, 'leave user and password out: ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD say them');

const text = z.string().min(1);
const layout = z.strictObject(Object.fromEntries(toolNames.map((tool) => [tool, text.optional()] as const)));

/** The whole file. */
export const schema = z.strictObject({
  environment: name.optional(),
  timezone: name.optional(),
  out_of_order: durationOrNone.optional(),
  idle_after: duration.optional(),
  inputs: z.array(z.enum(optionalInputs)).optional(),
  formats: z.array(z.strictObject({ name, pattern: text.optional(), layout: layout.optional() })).optional(),
  services: z
    .record(z.string(), z.strictObject({ criticality: positive.optional(), team: name.optional() }))
    .optional(),
  objectives: z
    .array(
      z.strictObject({
        service: name,
        operation: name.optional(),
        availability: percent.optional(),
        latency: z.strictObject({ percent, within: shortDuration }).optional(),
        days: z.number().int().min(7).max(90).optional(),
      }),
    )
    .max(100, 'at most 100 objectives')
    .optional(),
  detection: z
    .strictObject({
      false_incidents_per_day: positive.optional(),
      false_pages_per_day: positive.optional(),
      services: whole.optional(),
      minimum_ratio: z.number().min(1).optional(),
      minimum_excess: z.number().min(0).optional(),
      freeze_at_most: duration.optional(),
      prior_error_share: share.optional(),
      prior_lines: positive.optional(),
      half_life: duration.optional(),
    })
    .optional(),
  silence: z
    .strictObject({
      at_least: duration.optional(),
      expected_lines: positive.optional(),
      longest_pauses: positive.optional(),
      known_for: durationOrNone.optional(),
    })
    .optional(),
  grouping: z
    .strictObject({
      onset_within: duration.optional(),
      span: duration.optional(),
      services: whole.optional(),
      resolve_after: duration.optional(),
      flapping_after: whole.optional(),
      changes_within: durationOrNone.optional(),
      deploy_grace: durationOrNone.optional(),
    })
    .optional(),
  score: z
    .strictObject({
      formula: z.string().optional(),
      weights: z
        .strictObject({ WARN: positive, ERROR: positive, CRITICAL: positive, FATAL: positive })
        .partial()
        .optional(),
      severities: z.strictObject({ warning: positive, error: positive, critical: positive }).partial().optional(),
    })
    .optional(),
  suppressions: z
    .array(
      z.strictObject({
        id: name,
        service: name.optional(),
        start: time.optional(),
        end: time.optional(),
        every: z.enum(['day', 'week']).optional(),
        pattern: z.string().min(1).optional(),
        reason: name,
      }),
    )
    .optional(),
  retention: z
    .strictObject({
      logs: kept,
      service_windows: kept,
      templates: kept,
      changes: kept,
      decisions: kept,
      suppressions: kept,
      incident_windows: kept,
      incidents: kept,
      ledger: kept,
      dead_letters: kept,
    })
    .partial()
    .optional(),
  archive: z
    .strictObject({
      elasticsearch: z.strictObject({ node: address, index: z.string().optional(), ca: name.optional() }).optional(),
    })
    .optional(),
  jobs: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** What is written, in its types. */
export type Written = z.infer<typeof schema>;

function hasNoSecret(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
