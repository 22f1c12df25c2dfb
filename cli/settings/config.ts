/**
 * Reads millrace.yaml: services, formats of logs, thresholds, suppression rules, how long rows are kept, what jobs are
 * told. Everything may be left out, the file too. A mistake is reported with file, line and field, and nothing runs on
 * settings with a mistake.
 */
import { readFileSync } from 'node:fs';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { JobConfig } from '../../graph/job.ts';
import { type IncidentSettings, incidentDefaults } from '../../incidents/settings.ts';
import type { Retention } from '../../tables/retention.ts';
import { checkSettings } from './checks.ts';
import { checkGoals, objectiveOf } from './objectives.ts';
import { schema, type Written } from './schema.ts';
import { readYaml } from './yaml-text.ts';

/** What the command knows of the world it watches. */
export interface Config extends JobConfig {
  readonly settings: IncidentSettings;
  /** Who owns a service, by its name. */
  readonly teams: Readonly<Record<string, string>>;
  /** For how long rows are kept, where it is not as the tables say. */
  readonly retention: Retention;
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

/**
 * The configuration of `file`, or the defaults without one; which file it is, config-file.ts says.
 * Errors: CONFIG_UNREADABLE, CONFIG_INVALID.
 */
export function readConfig(file: string | undefined): Config {
  if (file === undefined) return { settings: incidentDefaults, teams: {}, retention: {}, jobs: {} };
  return parseConfig(textOf(file), file);
}

/** The configuration in a text; `file` is only named in errors. Errors: CONFIG_INVALID. */
export function parseConfig(text: string, file: string): Config {
  const { value, refuse } = readYaml(text, { file, free: 'jobs' });
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    if (issue.code !== 'unrecognized_keys') return refuse(issue.path, issue.message);
    return refuse([...issue.path, issue.keys[0]!], 'there is no such setting');
  }
  checkGoals(parsed.data.objectives ?? [], refuse);
  const config = configOf(parsed.data);
  checkSettings(config, refuse);
  return config;
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

function configOf(written: Written): Config {
  const {
    services = {},
    objectives = [],
    score,
    suppressions = [],
    formats = [],
    retention,
    archive,
    jobs = {},
  } = written;
  const named = Object.entries(services);
  const settings: IncidentSettings = {
    ...incidentDefaults,
    ...renamed(written, ['environment', 'timezone', 'out_of_order', 'idle_after', 'inputs']),
    formats,
    objectives: objectives.map(objectiveOf),
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
  return {
    settings,
    teams,
    retention: present(retention),
    jobs,
    ...(search === undefined ? {} : { search: present(search) }),
  };
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
