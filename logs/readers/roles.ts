/**
 * What the keys of structured logs usually mean: one table for every logger, because they mostly agree. Of several
 * keys with one role the first in the list wins, the others stay ordinary fields.
 */
import type { Dialect, Role } from '../formats/format.ts';
import { type Level, levelOfLogback, levelOfOtel, levelOfPino, levelOfPython } from '../levels.ts';

/** What to do with a key. */
export interface Rule {
  readonly role: Role | null;
  /** Among keys with one role the smallest wins. */
  readonly rank: number;
  /** The field's name when the key plays no role. */
  readonly name: string;
  readonly levelOfNumber: (value: number) => Level | null;
}

/** Looks up rules for the keys of one dialect; unknown keys are worked out once and remembered. */
export type Rules = (key: string) => Rule;

/**
 * The rules of a dialect, or the usual ones.
 *
 * @example
 * rulesOf(null)('logger_name').name // => 'log.logger'
 * rulesOf(null)('mdc.traceId').role // => 'trace'
 * rulesOf(null)('basket').name // => 'basket'
 */
export function rulesOf(dialect: Dialect | null): Rules {
  const levelOfNumber = dialect?.levelOfNumber ?? levelOfPino;
  const known = new Map<string, Rule>();
  for (const [role, keys] of Object.entries(keysOf) as [Role, readonly string[]][]) {
    keys.forEach((key, rank) => {
      known.set(key, { role, rank, name: key, levelOfNumber: numbering[key] ?? levelOfNumber });
    });
  }
  const renames = { ...names, ...dialect?.renames };
  for (const [key, name] of Object.entries(renames)) known.set(key, { role: null, rank: 0, name, levelOfNumber });
  for (const [key, role] of Object.entries(dialect?.roles ?? {}))
    known.set(key, { role, rank: -1, name: key, levelOfNumber });
  const fixed = known.size;
  return (key) => {
    let rule = known.get(key);
    if (rule === undefined) {
      rule = derive(key, levelOfNumber);
      if (known.size < fixed + maxLearnt && key.length <= maxKeyLength) known.set(key, rule);
    }
    return rule;
  };
}

/** Trace and span ids hide under many prefixes (`mdc.`, `otel`, `dd.`, `X-B3-`); everything else keeps its name. */
function derive(key: string, levelOfNumber: Rule['levelOfNumber']): Rule {
  const plain = key.length > maxKeyLength ? '' : key.replace(/[._-]/g, '').toLowerCase();
  const role = plain.endsWith('traceid')
    ? 'trace'
    : plain.endsWith('spanid') && !plain.includes('parent')
      ? 'span'
      : null;
  // An object would take `__proto__` for something else and lose the value.
  return { role, rank: key.length, name: key === '__proto__' ? '(__proto__)' : key, levelOfNumber };
}

/** Keys come from outside: a sender of ever new ones must not fill the memory. */
const maxLearnt = 4096;
const maxKeyLength = 128;

const keysOf: Readonly<Record<Role, readonly string[]>> = {
  time: [
    ...['@timestamp', 'timestamp', 'time', 'ts', '@t', 'asctime', 'datetime', 'date', 'eventTime', 'timeMillis'],
    ...['instant.epochSecond', 'timeUnixNano', 't'],
  ],
  level: [
    ...['log.level', 'level', 'severity', 'levelname', 'lvl', 'loglevel', 'logLevel', 'log_level', 'level_name', '@l'],
    ...['severityText', 'SeverityText', 'severity_text', 'levelno', 'level_value'],
    ...['severityNumber', 'SeverityNumber', 'severity_number'],
  ],
  message: [
    'message',
    'msg',
    '@m',
    'logEvent.message',
    'MESSAGE',
    'short_message',
    'log',
    'body',
    'Body',
    'text',
    '@mt',
  ],
  service: [
    ...['service.name', 'service', 'service_name', 'serviceName', 'app', 'application', 'app_name', 'appName'],
    ...['app.name', 'applicationName', 'application.name', 'dd.service', 'resource.service.name'],
  ],
  trace: ['trace.id', 'trace_id', 'traceId', 'traceID'],
  span: ['span.id', 'span_id', 'spanId', 'spanID'],
};

const numbering: Readonly<Record<string, Rule['levelOfNumber']>> = {
  levelno: levelOfPython,
  level_value: levelOfLogback,
  severityNumber: levelOfOtel,
  SeverityNumber: levelOfOtel,
  severity_number: levelOfOtel,
};

/** ECS names of what loggers call by their own. */
const names: Readonly<Record<string, string>> = {
  hostname: 'host.hostname',
  host: 'host.name',
  pid: 'process.pid',
  process: 'process.pid',
  thread: 'process.thread.name',
  thread_name: 'process.thread.name',
  threadName: 'process.thread.name',
  thread_id: 'process.thread.id',
  threadId: 'process.thread.id',
  logger: 'log.logger',
  logger_name: 'log.logger',
  loggerName: 'log.logger',
  caller: 'log.origin.file.name',
  filename: 'log.origin.file.name',
  lineno: 'log.origin.file.line',
  func: 'log.origin.function',
  funcName: 'log.origin.function',
  stack: 'error.stack_trace',
  stack_trace: 'error.stack_trace',
  stacktrace: 'error.stack_trace',
  exc_info: 'error.stack_trace',
  exception: 'error.stack_trace',
  '@x': 'error.stack_trace',
  error: 'error.message',
  err: 'error.message',
  'err.message': 'error.message',
  'err.type': 'error.type',
  'err.stack': 'error.stack_trace',
  'error.stack': 'error.stack_trace',
  status_code: 'http.response.status_code',
  statusCode: 'http.response.status_code',
  'res.statusCode': 'http.response.status_code',
  method: 'http.request.method',
  'req.method': 'http.request.method',
  'req.url': 'url.original',
  'req.id': 'http.request.id',
  request_id: 'http.request.id',
  requestId: 'http.request.id',
  remote_addr: 'source.ip',
  client_ip: 'source.ip',
  'req.remoteAddress': 'source.ip',
  user_agent: 'user_agent.original',
};
