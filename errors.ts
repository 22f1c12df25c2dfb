/**
 * Every error the project raises on purpose: one code, one sentence with what was got and the usual cause or remedy.
 * `docs/errors.md` explains each at length; a test holds the two lists equal.
 */
const messages = {
  // graph: building a job
  UID_TAKEN: "uid '{uid}' is used twice in job '{job}'; did you copy an operator and keep its uid?",
  UID_MALFORMED:
    "uid '{uid}' must be lower-case words joined by '-' or '.', such as 'errors-per-minute' or 'spike.baseline'",
  STREAM_UNUSED: "nobody consumes the stream after {node} in job '{job}'; end it with to(…) or remove it",
  JOB_EMPTY: "job '{job}' has no sink; end at least one stream with to(…)",
  EVENT_TIME_MISSING: "operator '{uid}' in job '{job}' needs event time; put eventTime(…) between its source and it",
  OPTION_INVALID: '{option} of {owner} is {got}; it must be {expected}',
  // time and windows
  WATERMARK_REGRESSED:
    'input {input} of a watermark merge went back from {from} to {to}; ignore such reports before merging',
  VALUE_NOT_FINITE:
    "aggregate '{aggregate}' got {got} where it needs a finite number; filter such records or give them a default",
  // exchanges
  EVENT_TIME_BEHIND_EXCHANGE:
    "job '{job}' has eventTime behind keyBy, where records of many partitions are mixed; put it before keyBy, or run the job with --inline",
  CONTROL_BEHIND_EXCHANGE:
    "the control stream of '{uid}' in job '{job}' must come straight from a source that feeds nothing else, so that every task can read it whole; or run the job with --inline",
  PARTITIONS_UNEQUAL:
    "topics '{topic}' ({partitions}) and '{other}' ({others}) of job '{job}' meet before any keyBy and must have equal partition counts; repartition one, or run the job with --inline",
  SOURCE_UNSHARED:
    "source '{uid}' of job '{job}' is no topic, so its records can't be shared among workers; read a topic, or run the job with --inline",
  // keys
  KEY_INVALID: 'a key must be a string, number, bigint or a tuple of these, got {got}; did keyBy return undefined?',
  KEY_TOO_LONG: 'a key takes {bytes} bytes, the limit is {limit}; hash or shorten it in keyBy',
  // state
  STATE_FENCED: "task '{task}' was taken over by fence {theirs} while this owner holds {mine}; this owner must stop",
  STATE_EPOCH_GAP: "task '{task}' committed epoch {got} after {last}; the commit was refused",
  STATE_LOST_WRITES:
    "the store of task '{task}' is at {found} but {known} was acknowledged before; it lost writes. Restore the store from a backup or reset the job with `millrace reset`",
  STATE_OVERFLOW: "state '{space}' holds more than {limit} entries for one key; bound it or raise its limit",
  STATE_CODEC_NEWER:
    "state '{space}' was written by codec version {found}, this code knows {known}; deploy the newer code again",
  STATE_CODEC_OLDER:
    "state '{space}' was written by codec version {found}, this code knows {known} and has no upgrade; give the codec an upgrade or deploy the older code",
  STATE_BYTES_BROKEN:
    "codec '{codec}' can't read {bytes} stored bytes: {reason}; was it changed without raising its version?",
  STATE_CORRUPT:
    "the state file '{path}' can't be read ({reason}); move it away to start afresh or restore it from a backup",
  STATE_UNAVAILABLE:
    'the state store at {address} did not answer in time or refused ({reason}); check that it runs and that its address and password are right',
  STATE_UNSAFE: "the state store at {address} can't keep state safely: {reason}",
  STATE_UNKNOWN_UID:
    "the state of job '{job}' holds uid '{uid}', which the job lacks; list it first in the option `was` of its successor, or put it back",
  // topics
  TOPIC_MISSING: "topic '{topic}' does not exist; create it or check its name",
  TOPIC_PARTITIONS_CHANGED:
    "topic '{topic}' has {found} partitions, job '{job}' was started with {known}; keys would move",
  OFFSET_OUT_OF_RANGE:
    "offset {offset} of '{topic}'/{partition} is outside {begin}…{end}; retention passed it or the topic was remade",
  TOPIC_REMADE:
    "topic '{topic}' was deleted and made again while it was read ({was} → {now}); its offsets mean other records. Reset the job",
  TOPIC_LOG_DIVERGED:
    "the log of '{topic}'/{partition} was cut back to {end}, below offset {offset} that was read; Kafka lost acknowledged records. Reset the job or restore the topic",
  TOPIC_APPEND_REFUSED: "topic '{topic}' refused a record: {reason}",
  RECORD_BATCH_BROKEN:
    "the record batch at offset {offset} of '{topic}'/{partition} can't be read: {reason}; the broker's disk or a proxy damaged it",
  KAFKA_UNREACHABLE: 'no broker of {brokers} answers: {reason}',
  KAFKA_REFUSED: '{broker} refused {request}: {reason}',
  KAFKA_UNTRUSTED: '{broker} is not trusted: {reason}',
  KAFKA_UNSUPPORTED: '{broker} does not speak {request} version {versions}; Kafka 4.0 or newer is needed',
  KAFKA_CLIENT_MISSING:
    "the native Kafka client can't be loaded ({reason}); build it with `node scripts/kafka.mjs`. Reading alone does not need it",
  PRODUCER_FENCED: "a newer producer took the transactional id '{id}'; this one must stop",
  OUTCOME_UNKNOWN: '{what} got no definite answer; it may or may not have been applied',
  GROUP_LOST: "this member lost its partitions of group '{group}'",
  // tables
  TABLE_MISSING: "table '{table}' does not exist any more; it is re-created at the next start",
  TABLE_MISMATCH: "table '{table}' differs from its specification: {difference}; migrate it or choose another name",
  TABLE_QUERY_FAILED: 'the query failed: {reason}',
  TABLE_INSERT_REFUSED: "table '{table}' refused {rows} rows: {reason}",
  TABLES_UNSAFE: "the tables at {address} can't keep rows safely: {reason}",
  SQL_UNSUPPORTED: 'these tables answer no SQL: {reason}',
  // embedded parts
  EMBEDDED_IN_USE:
    "'{path}' is in use by process {pid}; embedded parts serve one process. Use Kafka, Redis and ClickHouse for more",
  EMBEDDED_DISK_FULL: "no space left for '{path}'; free some and start again, nothing committed is lost",
  WORKERS_FAILED: 'worker {worker} failed again and again, at last with {end}; what it said above tells why',
  WORKERS_EMBEDDED:
    '{workers} workers were asked for, but embedded parts serve one process; more need Kafka and Redis. Run one worker',
  // runtime
  POISON_LIMIT:
    "operator '{uid}' failed on {count} records in a row, last: {reason}; a bad deploy would bury everything in dead letters",
  RECORD_POISONOUS: "operator '{uid}' failed on a record: {reason}",
  RANGE_GONE:
    "split '{split}' of source '{uid}' can't be read again, but rows of it were committed and not yet inserted; bring the input back",
  PLAN_CHANGED: 'the stored state belongs to plan {found}, the job is now {now}: {difference}',
  DELIVERY_FAILED: "sink '{uid}' did not accept its records after {tries} tries: {reason}",
  // connectors
  RECORD_FIELD_WRONG: '{what} is {got}; the job takes it for {expected}. Mend the producer, or pick the field as it is',
  FILE_MISSING: "no file matches '{pattern}'",
  FILE_UNREADABLE: "can't read '{path}': {reason}",
  SEARCH_REFUSED: '{address} refused {what}: {reason}; check credentials, privileges and the state of its indices',
  // configuration, formulas, command line
  CONFIG_INVALID: '{file}:{line}: {field}: {reason}',
  CONFIG_UNREADABLE: "can't read configuration '{file}': {reason}",
  FORMULA_REFUSED: "formula '{formula}' is refused: {reason}",
  USAGE: '{reason}',
  JOB_UNREADABLE: "can't load job '{path}': {reason}",
  SETUP_REFUSED: '{what} is missing and MILLRACE_SETUP=never forbids installing it; {remedy}',
} as const;

/** The closed list of error codes. */
export type ErrorCode = keyof typeof messages;

/** The named holes of a message. */
type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Tail}` ? Name | Holes<Tail> : never;

/** What an error of code `C` must say about itself. */
export type ErrorDetail<C extends ErrorCode> = { readonly [K in Holes<(typeof messages)[C]>]: string | number };

/**
 * An error with a stable code and structured detail.
 *
 * @example
 * new MillraceError('TOPIC_MISSING', { topic: 'logs' }).message // => "TOPIC_MISSING: topic 'logs' does not exist; create it or check its name"
 */
export class MillraceError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(code: C, detail: ErrorDetail<C>, options?: ErrorOptions) {
    const holes = detail as Readonly<Record<string, string | number>>;
    const text = messages[code].replace(/\{(\w+)\}/g, (_, name: string) => String(holes[name]));
    super(`${code}: ${text}`, options);
    this.name = 'MillraceError';
    this.code = code;
    this.detail = holes;
  }
}

/** Every code, for the documentation and its test. */
export const errorCodes = Object.keys(messages) as readonly ErrorCode[];

/** Whether `error` is one of ours with the given code. */
export function hasCode<C extends ErrorCode>(error: unknown, code: C): error is MillraceError<C> {
  return error instanceof MillraceError && error.code === code;
}

/**
 * What `error` says about itself: its message, or its name where the message is empty (as in an AggregateError), or the
 * thrown value as text.
 *
 * @example
 * reasonOf(new Error('disk full')) // => 'disk full'
 * reasonOf('disk full') // => 'disk full'
 */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error);
