/**
 * Turns what a service says into the line that a shipper delivers: the layout of the service's logging library, and the
 * envelope around it. Each service gets one closure with its constant text prepared. Texts hold no quotes, so that an
 * envelope inside an envelope needs only another quote and no escaping of every line.
 */
import type { Time } from '../time/duration.ts';
import type { Level, Statement } from './operations.ts';
import type { Envelope, Format, Service } from './shop.ts';
import { accessSecond, isoSecond, spacedSecond, thousandths } from './stamps.ts';
import type { Visit } from './visit.ts';

/** A running copy of a service. A deployment replaces its name. */
export interface Pod {
  name: string;
  readonly host: string;
  /** Lines are shipped in batches: every `flushMs`, `phaseMs` after the full period. */
  readonly flushMs: number;
  readonly phaseMs: number;
  /** The end of its Fluent Bit record. */
  tail: string;
  /** What its lines are said to come from: `service/pod`. */
  source: string;
}

/** One line to write; a single object is reused for all of them. */
export interface Entry {
  time: Time;
  says: Statement;
  span: string;
  pod: Pod;
  readonly visit: Visit;
}

export type Write = (entry: Entry) => string;

/** The function that writes the lines of `service`. */
export function writer(service: Service): Write {
  const body = bodies[service.format];
  const quote = quotes[service.envelope];
  return envelopes[service.envelope]((entry) => body(entry, service.name, quote));
}

/** The constant end of a Fluent Bit record with its Kubernetes metadata. */
export function recordTail(service: string, pod: string, host: string): string {
  const labels = `{"app":"${service}","pod-template-hash":"${pod.split('-').at(-2)}"}`;
  const container = `"host":"${host}","container_name":"${service}","labels":${labels}`;
  return `","stream":"stdout","kubernetes":{"pod_name":"${pod}","namespace_name":"shop",${container}}}`;
}

/** How a quote of the line itself is written at the depth of each envelope. */
const quotes: Readonly<Record<Envelope, string>> = {
  none: '"',
  docker: '\\"',
  'fluent-bit': '\\"',
  'fluent-bit-docker': '\\\\\\"',
};

const fraction = (time: Time) => thousandths[time % 1_000] as string;
const epochSecond = (time: Time) => `${Math.floor(time / 1_000)}.${fraction(time)}`;
/** The container's runtime stamps with nanoseconds: digits that look arbitrary and follow from the line's time. */
const nanoseconds = (time: Time) => String(100_000 + ((time * 7_919) % 900_000));

const recordHead = (time: Time) => `{"@timestamp":${epochSecond(time)},"log":"`;
const dockerEnd = (time: Time, q: string) =>
  `,${q}stream${q}:${q}stdout${q},${q}time${q}:${q}${isoSecond(time)}.${fraction(time)}${nanoseconds(time)}Z${q}}`;

const envelopes: Readonly<Record<Envelope, (body: Write) => Write>> = {
  none: (body) => body,
  docker: (body) => (e) => `{"log":"${body(e)}\\n"${dockerEnd(e.time, '"')}`,
  'fluent-bit': (body) => (e) => `${recordHead(e.time)}${body(e)}${e.pod.tail}`,
  'fluent-bit-docker': (body) => (e) =>
    `${recordHead(e.time)}{\\"log\\":\\"${body(e)}\\\\n\\"${dockerEnd(e.time, '\\"')}${e.pod.tail}`,
};

const javaWords: Readonly<Record<Level, string>> = { debug: 'DEBUG', info: ' INFO', warn: ' WARN', error: 'ERROR' };
const plainWords: Readonly<Record<Level, string>> = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' };
const pythonWords: Readonly<Record<Level, string>> = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' };
const pinoNumbers: Readonly<Record<Level, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

type Body = (e: Entry, service: string, q: string) => string;

const logback: Body = (e, service) => {
  const head = `${spacedSecond(e.time)}.${fraction(e.time)} ${javaWords[e.says.level]} `;
  const where = `[${service},${e.visit.trace},${e.span}] 1 --- [nio-8080-exec-${e.visit.n(24)}] `;
  return `${head}${where}${e.says.logger} : ${e.says.text(e.visit)}`;
};

const log4j: Body = (e) => {
  const when = `${spacedSecond(e.time)},${fraction(e.time)}`;
  const head = `${when} ${plainWords[e.says.level]} [http-worker-${e.visit.n(16)}] `;
  const tail = e.visit.trace === '' ? '' : ` traceId=${e.visit.trace} spanId=${e.span}`;
  return `${head}${e.says.logger} - ${e.says.text(e.visit)}${tail}`;
};

const python: Body = (e, service) => {
  const { level, logger, text } = e.says;
  const file = `${logger.slice(logger.indexOf('.') + 1)}.py:${10 + logger.length * 7}`;
  const head = `${spacedSecond(e.time)},${fraction(e.time)} ${pythonWords[level]} [${logger}] [${file}] `;
  const where = `[trace_id=${e.visit.trace || '0'} span_id=${e.span || '0'} resource.service.name=${service}] `;
  return `${head}${where}- ${text(e.visit)}`;
};

const pino: Body = (e, service, q) => {
  const { level, logger, text } = e.says;
  const head = `{${q}level${q}:${pinoNumbers[level]},${q}time${q}:${e.time},${q}pid${q}:1,`;
  const who = `${q}hostname${q}:${q}${e.pod.name}${q},${q}name${q}:${q}${service}${q},`;
  const where = `${who}${q}module${q}:${q}${logger}${q}`;
  const more = e.says.fields?.(e.visit, q) ?? '';
  return `${head}${where}${ids(e, q)}${more},${q}msg${q}:${q}${text(e.visit)}${q}}`;
};

const zap: Body = (e, service, q) => {
  const { level, logger, text } = e.says;
  const head = `{${q}level${q}:${q}${level}${q},${q}ts${q}:${epochSecond(e.time)},${q}caller${q}:${q}${logger}${q},`;
  const what = `${q}msg${q}:${q}${text(e.visit)}${q},${q}service${q}:${q}${service}${q}`;
  return `${head}${what}${ids(e, q)}${e.says.fields?.(e.visit, q) ?? ''}}`;
};

const combined: Body = (e, _, q) =>
  `${request(e.time, e.visit, q)} ${q}https://shop.example/${q} ${q}${e.visit.agent}${q}`;

const ingress: Body = (e, _, q) => {
  const v = e.visit;
  const upstream = v.path.startsWith('/api') ? 'gateway' : 'frontend';
  const took = `${Math.floor(v.ms / 1_000)}.${thousandths[v.ms % 1_000]}`;
  const head = `${request(e.time, v, q)} ${q}-${q} ${q}${v.agent}${q} ${400 + v.path.length} ${took} `;
  const where = `[shop-${upstream}-8080] [] 10.42.1.${v.cents % 250}:8080 ${v.cents} ${took} ${v.status} `;
  return head + where + v.trace;
};

/** Spring Boot's console layout, log4j's own, OpenTelemetry's Python layout, pino, zap, nginx and ingress-nginx. */
const bodies: Readonly<Record<Format, Body>> = { logback, log4j, python, pino, zap, combined, ingress };

/** The members of a JSON line that tie it to its request; lines outside a request have none. */
function ids(e: Entry, q: string): string {
  if (e.visit.trace === '') return '';
  return `,${q}trace_id${q}:${q}${e.visit.trace}${q},${q}span_id${q}:${q}${e.span}${q}`;
}

/** What both web server layouts begin with. */
function request(time: Time, v: Visit, q: string): string {
  return `${v.address} - - [${accessSecond(time)}] ${q}${v.method} ${v.path} HTTP/1.1${q} ${v.status} ${v.cents}`;
}
