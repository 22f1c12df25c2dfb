/**
 * Every error that the project raises on purpose: a code that stays the same between releases, and a message that says
 * what was got, what it means and the usual remedy. `docs/errors.md` explains each code at length; a test holds the two
 * lists equal.
 */

const messages = {
  // graph: building a job
  UID_TAKEN:
    "uid '{uid}' is used twice in job '{job}', so two operators would share one state; give one of them another uid",
  UID_MALFORMED:
    "uid '{uid}' is malformed; write lower-case words joined by '-' or '.', such as 'errors-per-minute' or 'spike.baseline'",
  STREAM_UNUSED: "the stream after {node} in job '{job}' leads nowhere; end it with to(…) or remove it",
  JOB_EMPTY: "job '{job}' has no sink; end at least one stream with to(…)",
  EVENT_TIME_MISSING: "operator '{uid}' in job '{job}' needs event time; put eventTime(…) between its source and it",
  OPTION_INVALID: '{option} of {owner} is {got}; it must be {expected}',
  PROMISE_REFUSED:
    '{owner} got a promise, but what a job calls must answer at once: what comes later would belong to another record. Make it synchronous, and bring what must be waited for in by a source of its own',
  // time and windows
  WATERMARK_REGRESSED:
    'input {input} of a watermark merge went back from {from} to {to}; a watermark may only rise, so skip lower ones before merging',
  VALUE_NOT_FINITE:
    "aggregate '{aggregate}' got {got} but needs a finite number; filter such records out or give them a default",
  // exchanges
  EVENT_TIME_BEHIND_EXCHANGE:
    "job '{job}' has eventTime after keyBy, where records of many partitions are mixed; put eventTime before keyBy, or run the job with --inline",
  CONTROL_BEHIND_EXCHANGE:
    "the control stream of '{uid}' in job '{job}' does not come straight from a source of its own, so a task would read only a part of it; give it such a source, or run the job with --inline",
  PARTITIONS_UNEQUAL:
    "topics '{topic}' ({partitions} partitions) and '{other}' ({others}) meet before any keyBy in job '{job}'; give both the same number of partitions, or run the job with --inline",
  SOURCE_UNSHARED:
    "source '{uid}' of job '{job}' is not a topic, so several workers can't share its records; read a topic, or run the job with --inline",
  // keys
  KEY_INVALID:
    'a key is {got}; it must be a string, a number, a bigint or a tuple of these. Check that keyBy returns a value for every record',
  KEY_TOO_LONG:
    'a key takes {bytes} bytes and the limit is {limit}; hash or shorten it in keyBy, or shorten the name that it is made of',
  // state
  STATE_FENCED:
    "task '{task}' has a new owner with fence {theirs}; this owner, with fence {mine}, stops. If this repeats, look for a second process that runs the same job",
  STATE_EPOCH_GAP:
    "task '{task}' tried to commit epoch {got}, but the last stored epoch is {last}; the commit was refused and nothing was written",
  STATE_LOST_WRITES:
    "the store of task '{task}' is at {found}, but it had acknowledged {known}; it lost writes. Restore the store from a backup or reset the job with `millrace reset`",
  STATE_OVERFLOW:
    "state '{space}' holds more than {limit} entries for one key; let entries expire, raise the limit, or load the map lazily",
  STATE_VALUE_REFUSED:
    "state '{space}' ({at}) was given a value that can't be stored: codec '{codec}': {reason}. Correct the operator, or give the state a codec for such values",
  STATE_CODEC_NEWER:
    "state '{space}' was written by codec version {found}, but this code knows only version {known}; deploy the newer code again",
  STATE_CODEC_OLDER:
    "state '{space}' was written by codec version {found}, but this code reads only version {known}; give the codec an upgrade, or deploy the older code",
  STATE_BYTES_BROKEN:
    "codec '{codec}' can't read {bytes} stored bytes: {reason}. If the codec was changed, raise its version and add an upgrade",
  STATE_CORRUPT:
    "the file '{path}' can't be read ({reason}); restore it from a backup, or move it away to start without it",
  STATE_UNAVAILABLE:
    'the state store at {address} refused or did not answer in time ({reason}); check that it runs and that its address and password are right',
  STATE_UNSAFE: "the state store at {address} can't keep state safely: {reason}",
  STATE_UNKNOWN_UID:
    "the stored state of job '{job}' holds uid '{uid}', which the job does not have. If an operator was only renamed, list '{uid}' first in its option `was`; if it was removed, name '{uid}' in the option `drop` of the job, which deletes its state",
  // topics
  TOPIC_MISSING: "topic '{topic}' does not exist; create it or check its name",
  TOPIC_PARTITIONS_CHANGED:
    "topic '{topic}' has {found} partitions, but job '{job}' started with {known}; keys would move away from their state. Restore the old number or reset the job",
  OFFSET_OUT_OF_RANGE:
    "offset {offset} of '{topic}'/{partition} is outside {begin}…{end}; its record was deleted by retention, or the topic was created again. Reset the job if the loss is acceptable",
  TOPIC_REMADE:
    "topic '{topic}' was deleted and created again ({was} → {now}), so stored offsets now name other records; reset the job",
  SOURCE_TOPIC_CHANGED:
    "source '{uid}' of job '{job}' has read {was} and now reads topic '{now}', where its stored offsets name other records; give the source another uid or the job another name, or reset the job",
  TOPIC_LOG_DIVERGED:
    "the log of '{topic}'/{partition} now ends at {end}, but records up to offset {offset} were read; Kafka lost acknowledged records. Reset the job or restore the topic",
  TOPIC_APPEND_REFUSED: "topic '{topic}' refused a record: {reason}",
  RECORD_BATCH_BROKEN:
    "the record batch at offset {offset} of '{topic}'/{partition} can't be read: {reason}; the broker's disk or a proxy damaged it",
  RECORD_BATCH_TOO_LARGE:
    "records {offset} to {last} of '{topic}'/{partition} came compressed in {bytes} bytes and make more than {limit}; they are passed over",
  KAFKA_UNREACHABLE:
    'no broker of {brokers} answers: {reason}. Check address, network and the names that the brokers advertise',
  KAFKA_REFUSED: '{broker} refused {request}: {reason}',
  KAFKA_UNTRUSTED: '{broker} is not trusted: {reason}',
  KAFKA_UNSUPPORTED: '{broker} does not support {request} version {versions}; Kafka 4.0 or newer is needed',
  KAFKA_CLIENT_MISSING:
    "the native Kafka client can't be loaded ({reason}); build it with `node scripts/kafka.mjs`. Jobs that only read don't need it",
  PRODUCER_FENCED:
    "a newer producer uses the transactional id '{id}', so this producer was fenced and stops; only one process may use an id",
  OUTCOME_UNKNOWN: '{what} got no definite answer; it may or may not have been applied',
  GROUP_LOST:
    "this member lost its partitions of group '{group}' to other members; what it had not committed is read again",
  // tables
  TABLE_MISSING: "table '{table}' was removed while the job ran; the next start creates it again",
  TABLE_MISMATCH: "table '{table}' differs from its specification: {difference}; migrate it or choose another name",
  TABLE_REFUSED: 'ClickHouse refuses to {what}: {reason}',
  TABLE_PARTS_DAMAGED:
    "rows of {tables} are missing: ClickHouse could not read {parts} of their parts in '{path}' and set them aside; restore the directory from a backup, or delete what was set aside to go on without these rows: {folders}",
  TABLE_QUERY_FAILED: 'the query failed: {reason}',
  TABLE_INSERT_REFUSED: "table '{table}' refused {rows} rows: {reason}",
  TABLES_UNSAFE: "the tables at {address} can't keep rows safely: {reason}",
  SQL_UNSUPPORTED: "these tables can't run SQL: {reason}",
  // embedded parts
  EMBEDDED_IN_USE:
    "'{path}' is in use by process {pid}, and embedded parts serve one process; stop that process, choose another directory, or use Kafka, Redis and ClickHouse",
  EMBEDDED_UNUSABLE:
    "'{path}' can't be used for embedded parts: {reason}; correct it, or choose another directory with --data",
  EMBEDDED_DISK_FULL: "no space is left for '{path}'; nothing committed is lost. Free some space and start again",
  WORKERS_FAILED:
    'worker {worker} failed several times in a row, the last time with {end}; its own messages above give the cause',
  WORKERS_EMBEDDED:
    '{workers} workers were asked for, but embedded parts serve one process; run one worker, or set up Kafka and Redis',
  // runtime
  POISON_LIMIT:
    "operator '{uid}' failed on {count} records in a row, last: {reason}; the task stops, because a faulty release would send every record to the dead letters. Correct the operator and start again",
  RECORD_REPEATED:
    "operator '{uid}' threw and may have changed its state in place before: {reason}. The task goes back to its last commit and reads on carefully",
  TIMER_ENDLESS:
    "timer space '{space}': a timer that was due set the next one for {time}, which is due as well, {limit} times in a row; set the next timer for a later time",
  RECORD_POISONOUS: "operator '{uid}' failed on a record: {reason}",
  RANGE_GONE:
    "split '{split}' of source '{uid}' can't be read again, but rows made from it were committed and not yet inserted; restore the input, or reset the job",
  PLAN_CHANGED: 'the stored state belongs to plan {found}, but the job now has plan {now}: {difference}',
  DELIVERY_FAILED:
    "sink '{uid}' did not accept its records (tries: {tries}): {reason}. They stay in the outbox and are sent again after a restart",
  // connectors
  RECORD_FIELD_WRONG:
    '{what} is {got}, but the job expects {expected}; correct the producer, or pick the field as the kind that it has',
  FILE_MISSING: "no file matches '{pattern}'",
  FILE_UNREADABLE: "can't read '{path}': {reason}",
  FILES_EXHAUSTED:
    "can't open '{path}', the process has as many files open as it may ({reason}); raise its limit, as with ulimit -n",
  SEARCH_REFUSED: '{address} refused {what}: {reason}; check credentials, privileges and the state of its indices',
  // inputs: metrics, spans, changes, alerts, events of pods
  INPUT_UNREADABLE: '{input}: {reason}; check how it is encoded, and whether it arrives whole',
  INPUT_UNKNOWN: '{input}: {reason}; see docs/signals-inputs.md for what is read',
  INPUT_TOO_LARGE: '{input}: {reason}; send it in smaller parts',
  INPUT_FIELD_WRONG: '{input}: {reason}; correct what sends it',
  INPUT_TIME_WRONG: '{input}: {reason}; correct the clock or the unit of what sends it',
  // configuration, formulas, command line
  CONFIG_INVALID: '{file}:{line}: {field}: {reason}',
  CONFIG_UNREADABLE: "can't read configuration '{file}': {reason}",
  FORMULA_REFUSED: "formula '{formula}' is refused: {reason}",
  FORMULA_FAILED: "formula '{formula}' gives no number for {values}; the default formula is used where it fails",
  USAGE: '{reason}',
  JOB_UNREADABLE: "can't load job '{path}': {reason}",
  SETUP_REFUSED: '{what} is missing and MILLRACE_SETUP=never forbids installing it; {remedy}',
} as const;

/** The closed list of error codes. */
export type ErrorCode = keyof typeof messages;

/** The names of the holes in a message: `{uid}` is the hole `uid`. */
type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Tail}` ? Name | Holes<Tail> : never;

/** The values that fill the holes in the message of code `C`. */
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
    const text = messages[code].replace(/\{(\w+)\}/g, (_, name: string) => shown(holes[name]!));
    super(`${code}: ${text}`, options);
    this.name = 'MillraceError';
    this.code = code;
    this.detail = holes;
  }
}

/** In a message a value is cut here: a setting or a record may be as long as a file. `detail` holds all of it. */
const mostShown = 4_096;

function shown(value: string | number): string {
  const text = String(value);
  return text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}…` : text;
}

/** Every code, in the order of `messages`. */
export const errorCodes = Object.keys(messages) as readonly ErrorCode[];

/** Whether `error` is a `MillraceError` with the given code. */
export function hasCode<C extends ErrorCode>(error: unknown, code: C): error is MillraceError<C> {
  return isInstance(error, MillraceError) && error.code === code;
}

/** `instanceof`, which throws itself if what was thrown is a revoked proxy. */
function isInstance<T>(error: unknown, of: abstract new (...args: never[]) => T): error is T {
  try {
    return error instanceof of;
  } catch {
    return false;
  }
}

/**
 * What `error` says about itself: its message, or its name where the message is empty (as in an AggregateError), or the
 * thrown value as text.
 *
 * @example
 * reasonOf(new Error('disk full')) // => 'disk full'
 * reasonOf('disk full') // => 'disk full'
 * reasonOf(Object.create(null)) // => 'what was thrown has no text'
 */
export function reasonOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message || error.name : error);
  } catch {
    return 'what was thrown has no text';
  }
}
