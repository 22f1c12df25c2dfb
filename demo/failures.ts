/**
 * What services say when something goes wrong, by what they are written in and by cause, and how long a failing call
 * takes. A failure may retry aloud before it gives up. Web servers say it by the status of their access line alone.
 */
import type { Statement } from './operations.ts';
import type { Runtime } from './shop.ts';

/** Why a request fails: `ordinary` is a normal day's bad luck, the rest comes of a fault or a decoy. */
export type Cause = 'ordinary' | 'release' | 'database' | 'refused' | 'leak' | 'flap' | 'maintenance';

export interface Failure {
  /** What the caller gets. */
  readonly status: number;
  /** How long the call hangs before it fails, in milliseconds. */
  readonly ms: number;
  readonly retries: number;
  readonly retry?: Statement;
  readonly says: readonly Statement[];
}

type Phrase = Statement['text'];
type Phrases = Readonly<Record<Cause, readonly Phrase[]>>;

/** Status, wait and number of retries by cause; the same in every language. */
const manner: Readonly<Record<Cause, Pick<Failure, 'status' | 'ms' | 'retries'>>> = {
  ordinary: { status: 500, ms: 8, retries: 0 },
  release: { status: 500, ms: 4, retries: 0 },
  database: { status: 504, ms: 3_000, retries: 0 },
  refused: { status: 503, ms: 210, retries: 2 },
  leak: { status: 503, ms: 40, retries: 0 },
  flap: { status: 503, ms: 25, retries: 0 },
  maintenance: { status: 503, ms: 3, retries: 0 },
};

const loggers: Readonly<Record<Runtime, string>> = {
  nginx: 'access',
  java: 'c.m.common.web.ErrorHandler',
  python: 'app.errors',
  node: 'errors',
  go: 'server/errors.go:42',
};

const java: Phrases = {
  ordinary: [
    (v) => `Request for ${v.article} failed: java.net.SocketException: Connection reset`,
    () => 'Unhandled exception: java.util.ConcurrentModificationException at java.util.ArrayList$Itr.next',
  ],
  release: [
    (v) => `Unhandled exception for ${v.article}: java.lang.NullPointerException: price tier is null`,
    (v) => `Can't deserialize response for ${v.order}: UnrecognizedPropertyException: Unrecognized field 'taxClass'`,
  ],
  database: [
    (v) => `HikariPool-1 - Connection is not available, request timed out after ${v.ms}ms (waiting=${3 + v.n(60)})`,
    (v) => `SQL Error: 0, SQLState: 57014: canceling statement due to statement timeout after ${v.ms} ms`,
  ],
  refused: [(v) => `Giving up after 3 attempts: java.net.ConnectException: Connection refused: ${v.peer}`],
  leak: [
    (v) => `Request rejected: java.util.concurrent.RejectedExecutionException: queue full (${190 + v.n(10)}/200)`,
    () => 'Handler dispatch failed: java.lang.OutOfMemoryError: Java heap space',
  ],
  flap: [
    (v) =>
      `I/O error on ${v.method} request: Connection reset by peer; node 10.42.${v.n(6)}.${v.n(250)} left the cluster`,
  ],
  maintenance: [() => 'Service is in maintenance mode, request refused'],
};
const python: Phrases = {
  ordinary: [
    (v) => `shard ${v.n(5)} timed out after 250 ms, returning partial results for '${v.term}'`,
    (v) => `could not decode document ${v.article}: 'utf-8' codec can't decode byte 0x${(128 + v.n(100)).toString(16)}`,
  ],
  release: [
    (v) => `unhandled exception in handler: KeyError: 'price_tier' (article ${v.article})`,
    () => "unhandled exception in handler: TypeError: unsupported operand type(s) for +: 'NoneType' and 'float'",
  ],
  database: [
    (v) => `psycopg2.errors.QueryCanceled: canceling statement due to statement timeout after ${v.ms} ms`,
    () => 'sqlalchemy.exc.TimeoutError: QueuePool limit of size 10 overflow 5 reached, timeout 3.00',
  ],
  refused: [(v) => `giving up after 3 attempts: ConnectionRefusedError: [Errno 111] Connection refused: ${v.peer}`],
  leak: [
    (v) => `OSError: [Errno 24] Too many open files: '/var/lib/app/segment_${v.n(4_000)}'`,
    (v) => `MemoryError while building response (rss=${1_900 + v.n(140)}MiB limit=2048MiB)`,
  ],
  flap: [(v) => `ConnectionResetError: [Errno 104] Connection reset by peer (node-${v.n(5)})`],
  maintenance: [() => 'refused: read-only during index maintenance'],
};
const node: Phrases = {
  ordinary: [() => 'socket hang up (ECONNRESET)', (v) => `optimistic lock on ${v.cart} lost twice, giving up`],
  release: [
    () => "TypeError: Cannot read properties of undefined (reading 'currency')",
    (v) => `RangeError: Invalid count value: -${1 + v.n(3)} in formatLine for ${v.article}`,
  ],
  database: [
    (v) => `Knex: Timeout acquiring a connection after ${v.ms}ms. The pool is probably full.`,
    (v) => `query read timeout after ${v.ms}ms: select * from carts where id = $1`,
  ],
  refused: [(v) => `giving up after 3 attempts: connect ECONNREFUSED ${v.peer}`],
  leak: [(v) => `request aborted: event loop blocked for ${2_000 + v.n(6_000)} ms, heap ${480 + v.n(30)}/512 MB`],
  flap: [(v) => `Redis connection lost: read ECONNRESET 10.42.${v.n(6)}.${v.n(250)}:6379`],
  maintenance: [() => 'rejected: maintenance mode is on'],
};
const go: Phrases = {
  ordinary: [() => 'write response: broken pipe', (v) => `idempotency key of ${v.order} already in flight`],
  release: [
    () => 'panic recovered: runtime error: invalid memory address or nil pointer dereference',
    (v) =>
      `decode body: json: cannot unmarshal string into Go struct field Request.amount of type int64 (order ${v.order})`,
  ],
  database: [(v) => `query failed: context deadline exceeded after ${v.ms}ms: pool exhausted (32/32)`],
  refused: [(v) => `giving up after 3 attempts: dial tcp ${v.peer}: connect: connection refused`],
  leak: [
    (v) => `accept tcp [::]:8080: accept4: too many open files (open ${65_300 + v.n(230)})`,
    (v) => `goroutine limit reached: ${9_900 + v.n(100)} running, request shed`,
  ],
  flap: [
    (v) => `rpc error: code = Unavailable desc = connection reset by peer, leader of partition ${v.n(12)} changed`,
  ],
  maintenance: [() => 'request refused: maintenance window in progress'],
};
const silence: Phrases = {
  ordinary: [],
  release: [],
  database: [],
  refused: [],
  leak: [],
  flap: [],
  maintenance: [],
};
const phrases: Readonly<Record<Runtime, Phrases>> = { nginx: silence, java, python, node, go };

/** How services of `runtime` fail for each cause. */
export function failuresOf(runtime: Runtime): Readonly<Record<Cause, Failure>> {
  const logger = loggers[runtime];
  const made = Object.entries(manner).map(([cause, how]) => {
    const says = phrases[runtime][cause as Cause].map((text): Statement => ({ level: 'error', logger, text }));
    const retry: Statement = { level: 'warn', logger, text: (v) => `connection to ${v.peer} refused, trying again` };
    return [cause, { ...how, says, ...(how.retries > 0 && { retry }) }];
  });
  return Object.fromEntries(made) as Record<Cause, Failure>;
}

/** What a service says when one that it needs has failed it. `v.peer` names that one, `v.status` what it answered. */
export function needed(runtime: Runtime): Statement | undefined {
  const texts: Readonly<Record<Runtime, Phrase | undefined>> = {
    nginx: undefined,
    java: (v) => `Call to ${v.peer} failed: ${v.status} from ${v.method} http://${v.peer}:8080 after ${v.ms} ms`,
    python: (v) => `HTTPError: ${v.status} Server Error for url: http://${v.peer}:8080/`,
    node: (v) => `request to http://${v.peer}:8080 failed with status code ${v.status}`,
    go: () => 'upstream request failed',
  };
  const text = texts[runtime];
  if (text === undefined) return undefined;
  return { level: 'error', logger: loggers[runtime], text, fields: blame };
}

/** What a service says when one that it needs has turned the customer down: a declined card, an unknown article. */
export function declined(runtime: Runtime): Statement {
  const text: Phrase = (v) => `${v.peer} answered ${v.status}, not going on`;
  return { level: 'info', logger: loggers[runtime], text, fields: blame };
}

/** What a service says when a call took a second try, as happens now and then. */
export function hiccup(runtime: Runtime): Statement {
  const text: Phrase = (v) => `attempt 1/3 timed out after ${40 + v.n(160)} ms, retrying`;
  return { level: 'warn', logger: loggers[runtime], text };
}

/** What a service says when it can do without the one that has failed. */
export function missed(runtime: Runtime): Statement | undefined {
  if (runtime === 'nginx') return undefined;
  const text: Phrase = (v) => `${v.peer} is unavailable, answering without it`;
  return { level: 'warn', logger: loggers[runtime], text, fields: blame };
}

const blame: NonNullable<Statement['fields']> = (v, q) =>
  `,${q}upstream${q}:${q}${v.peer}${q},${q}status${q}:${v.status},${q}duration_ms${q}:${v.ms}`;
