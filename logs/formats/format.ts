/**
 * What a format is: the contract of every file in this folder.
 *
 * To add a format, copy the nearest neighbour (go.ts for text, json-services.ts for records), put the new name into the
 * lists of index.ts, and run `npx vitest run test/logs`. Nothing else changes: samples are the format's tests and its
 * documentation, and fuzzing, hostile lines and benchmarks take them from the lists.
 *
 * A layout is `layout(…)` of literal texts and pieces (layouts/pieces.ts), with `optional(…)` and `oneOf([…], […])`
 * around parts (layouts/layout.ts). Pieces name what they capture. `message`, `service.name`, `trace.id` and `span.id`
 * become the log's own fields; other names become keys of `parsed_fields` and are those of the Elastic Common Schema
 * where it has one, else `vendor.kind.field`. `time` and `level` capture by themselves. What no layout can say,
 * `finish` derives: fields, a level from a status, a better message.
 */
import type { Layout } from '../layouts/layout.ts';
import type { Level } from '../levels.ts';
import type { ParsedLog, Value } from '../parsed-log.ts';

/** A line and what must come of it: the test of its format, and its documentation. */
export interface Sample {
  readonly line: string;
  /** ISO text, or null where the line has no time. */
  readonly time: string | null;
  readonly level: Level | null;
  readonly message: string;
  readonly service?: string;
  readonly trace?: string;
  readonly span?: string;
  /** All of parsed_fields. */
  readonly fields: Readonly<Record<string, Value>>;
}

/** A format of plain text lines: the layouts in which it comes, the most telling first. */
export interface TextFormat {
  readonly name: string;
  readonly layouts: readonly Layout[];
  /** Derives from the captured fields what no layout can say. */
  readonly finish?: (log: ParsedLog) => void;
  /** What its events begin with, where that is no time: tells the joiner of lines that an event begins. */
  readonly beginnings?: readonly string[];
  /** Whether a line that begins with `key=`, as logfmt does, is of this format all the same. */
  readonly beginsAsLogfmt?: (text: string) => boolean;
  readonly samples: readonly Sample[];
}

/** What a field of a structured record is for. */
export type Role = 'time' | 'level' | 'message' | 'service' | 'trace' | 'span';

/**
 * A logger that writes records (JSON objects or key=value pairs): how it is known, and where it departs from the
 * usual.
 */
export interface Dialect {
  readonly name: string;
  /** Keys (dotted) that a record of this dialect has, all of them. */
  readonly knownBy: readonly string[];
  /** Its keys that mean something else than they usually do. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** Its keys under their ECS names. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Derives from the fields what no rule can say. */
  readonly finish?: (log: ParsedLog) => void;
  readonly samples: readonly Sample[];
}
