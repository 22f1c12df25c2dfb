/**
 * Reads millrace.yaml: services, formats of logs, thresholds, suppression rules, what jobs are told. Everything may be
 * left out, the file too. A mistake is reported with file, line and field, and nothing runs on settings with a
 * mistake.
 */
import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { elasticsearch } from '../../connectors/elasticsearch/elasticsearch.ts';
import { scorer } from '../../decisions/score.ts';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { JobConfig } from '../../graph/job.ts';
import { type IncidentSettings, incidentDefaults } from '../../incidents/settings.ts';
import { logParser } from '../../logs/parser.ts';
import type { Duration, Time } from '../../time/duration.ts';

/** What the command knows of the world it watches. */
export interface Config extends JobConfig {
  readonly settings: IncidentSettings;
  /** Who owns a service, by its name. */
  readonly teams: Readonly<Record<string, string>>;
  /** The index that the archive fills. */
  readonly search?: SearchPlace;
}

/** Where a search index is; what it knows us by never stands in a file. */
export interface SearchPlace {
  readonly node: string;
  readonly index?: string;
  /** A file, relative to the one that names it, with an authority to trust as PEM. */
  readonly ca?: string;
}

const units: Readonly<Record<string, Duration>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'write a duration as 30s, 5m, 2h or 1d')
  .transform((text): Duration => Number(text.slice(0, -1)) * units[text.at(-1)!]!);
const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'write a time as 2026-01-29T08:00:00Z')
  .transform((text): Time => Date.parse(text));
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const address = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'write an address as https://search.internal:9200')
  .refine(hasNoSecret, 'leave user and password out: ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD say them');

const schema = z.strictObject({
  environment: z.string().min(1).optional(),
  timezone: z.string().min(1).optional(),
  out_of_order: duration.optional(),
  idle_after: duration.optional(),
  formats: z.array(z.strictObject({ name: z.string().min(1), pattern: z.string().min(1) })).optional(),
  services: z
    .record(z.string(), z.strictObject({ criticality: positive.optional(), team: z.string().optional() }))
    .optional(),
  detection: z
    .strictObject({
      false_incidents_per_day: positive.optional(),
      services: positive.optional(),
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
      known_for: duration.optional(),
    })
    .optional(),
  grouping: z
    .strictObject({
      onset_within: duration.optional(),
      span: duration.optional(),
      services: positive.optional(),
      resolve_after: duration.optional(),
      flapping_after: positive.optional(),
      changes_within: duration.optional(),
      deploy_grace: duration.optional(),
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
        id: z.string().min(1),
        service: z.string().optional(),
        start: time.optional(),
        end: time.optional(),
        every: z.enum(['day', 'week']).optional(),
        pattern: z.string().optional(),
        reason: z.string().min(1),
      }),
    )
    .optional(),
  archive: z
    .strictObject({
      elasticsearch: z
        .strictObject({ node: address, index: z.string().optional(), ca: z.string().min(1).optional() })
        .optional(),
    })
    .optional(),
  jobs: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
type Written = z.infer<typeof schema>;

function hasNoSecret(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/**
 * The configuration of `file`, or the defaults without one; which file it is, config-file.ts says.
 * Errors: CONFIG_UNREADABLE, CONFIG_INVALID.
 */
export function readConfig(file: string | undefined): Config {
  if (file === undefined) return { settings: incidentDefaults, teams: {}, jobs: {} };
  return parseConfig(textOf(file), file);
}

/** The configuration in a text; `file` is only named in errors. Errors: CONFIG_UNREADABLE, CONFIG_INVALID. */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new MillraceError('CONFIG_INVALID', { file, line, field: 'YAML', reason: broken.message.split('\n')[0]! });
  }
  const parsed = schema.safeParse(document.toJS() ?? {});
  const refuse = (path: readonly PropertyKey[], reason: string): never => {
    throw new MillraceError('CONFIG_INVALID', {
      file,
      line: lineOf(document, lines, path),
      field: path.join('.'),
      reason,
    });
  };
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    if (issue.code !== 'unrecognized_keys') return refuse(issue.path, issue.message);
    return refuse([...issue.path, issue.keys[0]!], 'there is no such setting');
  }
  const config = configOf(parsed.data);
  const { score, timezone, formats } = config.settings;
  const { search } = config;
  refusedBy(
    () => scorer(score),
    (reason) => refuse(['score', 'formula'], reason),
  );
  if (timezone !== undefined)
    refusedBy(
      () => logParser({ timezone }),
      (reason) => refuse(['timezone'], reason),
    );
  for (const [i, format] of formats.entries()) {
    refusedBy(
      () => logParser({ formats: [format] }),
      (reason) => refuse(['formats', i, 'pattern'], reason),
    );
  }
  if (search?.index !== undefined) {
    const { index, node } = search;
    refusedBy(
      () => elasticsearch(index, { node, document: () => ({}) }),
      (reason) => refuse(['archive', 'elasticsearch', 'index'], reason),
    );
  }
  return config;
}

/** Some settings are checked by the code that uses them: only the formula's compiler knows what a formula may hold. */
function refusedBy(use: () => unknown, refuse: (reason: string) => never): void {
  try {
    use();
  } catch (error) {
    refuse(reasonOf(error));
  }
}

/** A file that belongs to the configuration. Errors: CONFIG_UNREADABLE. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = reasonOf(error);
    throw new MillraceError('CONFIG_UNREADABLE', { file, reason }, { cause: error });
  }
}

/** The line of the deepest part of `path` that is written down. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function configOf(written: Written): Config {
  const { services = {}, score, suppressions = [], formats = [], archive, jobs = {} } = written;
  const named = Object.entries(services);
  const settings: IncidentSettings = {
    ...incidentDefaults,
    ...renamed(written, ['environment', 'timezone', 'out_of_order', 'idle_after']),
    formats,
    detection: { ...incidentDefaults.detection, ...renamed(written.detection) },
    silence: { ...incidentDefaults.silence, ...renamed(written.silence) },
    grouping: { ...incidentDefaults.grouping, ...renamed(written.grouping) },
    score: {
      formula: score?.formula ?? incidentDefaults.score.formula,
      weights: { ...incidentDefaults.score.weights, ...present(score?.weights) },
      criticality: Object.fromEntries(
        named.flatMap(([name, s]) => (s.criticality === undefined ? [] : [[name, s.criticality]])),
      ),
      severities: { ...incidentDefaults.score.severities, ...present(score?.severities) },
    },
    suppressions: suppressions.map((rule) => present(rule)),
  };
  const teams = Object.fromEntries(named.flatMap(([name, { team }]) => (team === undefined ? [] : [[name, team]])));
  const search = archive?.elasticsearch;
  return { settings, teams, jobs, ...(search === undefined ? {} : { search: present(search) }) };
}

/** Without what is undefined, which strict types tell from what is absent. */
type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };
function present<T extends object>(object: T | undefined): Present<T> {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Camel<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
type Renamed<T> = { readonly [K in keyof T as Camel<K & string>]: Exclude<T[K], undefined> };

/** What is there of `keys` (all by default), under the names the code has for them: `idle_after` → `idleAfter`. */
function renamed<T extends object, K extends keyof T & string>(
  object: T | undefined,
  keys: readonly K[] = Object.keys(object ?? {}) as K[],
): Partial<Renamed<Pick<T, K>>> {
  const entries = keys.map((key) => [key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), object?.[key]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<Renamed<Pick<T, K>>>;
}
