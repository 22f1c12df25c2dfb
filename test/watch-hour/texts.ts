/**
 * Lines as the services of the run write them, each file in a format of its own: logfmt, JSON, nginx's two, Log4j with
 * stack traces, and one file in which several services write logfmt.
 */
import type { Random } from '../../demo/random.ts';
import type { Time } from '../../time/duration.ts';

/** What is said: by which service, when, and how bad it is. */
export interface Said {
  readonly service: string;
  readonly time: Time;
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  /** Whether it is an error because the disk is full. */
  readonly diskFull: boolean;
}

const information = ['request served', 'item stored', 'cache refreshed', 'job finished', 'message sent'];
const warnings = ['slow answer from upstream', 'retrying', 'cache miss'];
const errors = ['upstream refused the connection', 'deadline exceeded', 'request failed with status 503'];

const iso = (time: Time): string => new Date(time).toISOString();

function messageOf({ level, diskFull }: Said, random: Random): string {
  if (diskFull) return 'write failed: No space left on device';
  return random.pick(level === 'ERROR' ? errors : level === 'WARN' ? warnings : information);
}

/** One line of logfmt; with the service's name where several write into one file. */
const logfmt = (named: boolean) => (said: Said, random: Random) =>
  [
    `time=${iso(said.time)}`,
    `level=${said.level.toLowerCase()}`,
    ...(named ? [`service=${said.service}`] : []),
    `msg="${messageOf(said, random)}"`,
    `ms=${random.int(900)}`,
    `request=${random.hex(8)}`,
  ].join(' ');

function json(said: Said, random: Random): string {
  const { service, time, level } = said;
  const [time_, request] = [iso(time), random.hex(16)];
  return JSON.stringify({ time: time_, level: level.toLowerCase(), service, msg: messageOf(said, random), request });
}

/** Errors have a stack trace of four lines. */
function log4j(said: Said, random: Random): string {
  const time = iso(said.time).replace('T', ' ').slice(0, 23);
  const head = `${time} ${said.level} [pool-1-thread-${random.int(8)}] com.shop.orders.OrderService - `;
  const message = messageOf(said, random);
  if (said.level !== 'ERROR') return `${head}${message}, order ${random.int(99_999)}`;
  return [
    `${head}order ${random.int(99_999)} is not stored`,
    `java.io.IOException: ${message}`,
    '\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)',
    '\tat com.shop.orders.Journal.append(Journal.java:88)',
  ].join('\n');
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function nginxAccess({ time, level }: Said, random: Random): string {
  const date = new Date(time);
  const clock = iso(time).slice(11, 19);
  const day = `${String(date.getUTCDate()).padStart(2, '0')}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const status = level === 'ERROR' ? 502 : 200;
  const request = `GET /items/${random.int(999)} HTTP/1.1`;
  return `10.0.0.${random.int(250)} - - [${day}:${clock} +0000] "${request}" ${status} ${random.int(9_999)} "-" "curl/8"`;
}

function nginxError({ time }: Said, random: Random): string {
  const stamp = iso(time).slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  const what = 'connect() failed (111: Connection refused) while connecting to upstream';
  return `${stamp} [error] 31#31: *${random.int(99_999)} ${what}, client: 10.0.0.${random.int(250)}, server: shop`;
}

/** How each file's lines are written; a text may hold several lines, without the last line break. */
export const writers: Readonly<Record<string, (said: Said, random: Random) => string>> = {
  'checkout.log': logfmt(false),
  'payments.log': json,
  'web.access.log': nginxAccess,
  'web.error.log': nginxError,
  'orders.log': log4j,
  'platform.log': logfmt(true),
  'catalog.log': json,
  'session.log': json,
  'backup.log': logfmt(false),
};

/** Formats whose times are whole seconds. */
export const wholeSeconds = new Set(['web.access.log', 'web.error.log']);
