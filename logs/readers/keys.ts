/**
 * The one table of what the keys of structured logs mean, whatever wrote them. Keys stand here as `plainKey` makes
 * them, so that `log_level`, `logLevel`, `Log-Level`, `@log.level` and `log: { level }` are one entry. Of several keys
 * with one role the first in its list wins whose value can play it.
 */
import type { Role } from '../formats/format.ts';

/**
 * A key without case and signs: how it is looked up. The sign of the shortest stays, because a single letter means
 * something to Serilog alone.
 *
 * @example
 * plainKey('@Log_Level') // => 'loglevel'
 * plainKey('kubernetes.labels.app') // => 'kuberneteslabelsapp'
 * plainKey('@x') // => '@x'
 */
export function plainKey(key: string): string {
  const plain = key.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  return plain.length <= 2 && key.charCodeAt(0) === atSignCode ? `@${plain}` : plain;
}

const atSignCode = 64;

/** Keys by role, the most telling first. */
export const keysOf: Readonly<Record<Role, readonly string[]>> = {
  time: [
    ...['timestamp', 'time', 'ts', '@t', 't', 'asctime', 'datetime', 'eventtime', 'timemillis', 'instantepochsecond'],
    ...['timeunixnano', 'logtime', 'logtimestamp', 'logdate', 'timeiso8601', 'timelocal', 'isotime', 'timestampdate'],
    ...['timestampseconds', 'epochsecond', 'epochmillis', 'starttime', 'createdat', 'created', 'timestampms'],
    ...['timestampmillis', 'timegenerated', 'unixtime', 'date', 'when', 'epoch', 'observedtimestamp', 'msec'],
    ...['observedtimeunixnano', 'receivedat', 'tdate', 'timedate', 'dateandtime', 'timecreated'],
  ],
  level: [
    ...['loglevel', 'level', 'severity', 'levelname', 'lvl', '@l', 'severitytext', 'levelstr', 'sev', 'severitylabel'],
    ...['severityname', 'logseverity', 'loglvl', 'msglevel', 'levelno', 'levelvalue', 'severitynumber', 'loglevelname'],
    ...['detectedlevel', 'severitylevel', 'syslogseverity', 'priority', 'prio', 'syslogpriority', 'errorlevel'],
    ...['leveldisplayname', 'entrytype', 'kuberneteseventtype', '级别', '日志级别', 'レベル', 'nivel', 'niveau'],
    ...['status', 'eventtype', 'messagetype', 'type', 'at', 'lev', 'l', 'lv', 'logtype'],
  ],
  message: [
    ...['message', 'msg', '@m', 'logeventmessage', 'textpayload', 'shortmessage', 'log', 'body', 'text', 'event'],
    ...['renderedmessage', 'logmessage', 'eventmessage', 'messagetext', 'rawmessage', 'fullmessage', 'line', '@mt'],
    ...['messagetemplate', 'description', 'desc', 'content', 'detail', 'data', 'raw', 'logentry', 'resultdescription'],
    ...['kuberneteseventmessage', 'stringvalue', 'm', 'eventoriginal'],
  ],
  service: [
    ...['servicename', 'service', 'app', 'application', 'appname', 'applicationname', 'ddservice', 'svc'],
    'servicecontextservice',
    ...['resourceservicename', 'approlename', 'cloudrolename', 'serviceid', 'program', 'programname'],
    ...['kuberneteslabelsapp', 'kuberneteslabelsappkubernetesioname', 'kubernetespodlabelsapp', 'k8sdeploymentname'],
    ...['kubernetespodlabelsappkubernetesioname', 'kubernetesdeploymentname', 'k8scontainername'],
    ...['kubernetescontainername', 'containername'],
  ],
  trace: ['traceid', '@tr', 'trace', 'logginggoogleapiscomtrace', 'traceparent'],
  span: ['spanid', '@sp', 'logginggoogleapiscomspanid'],
};

/** Keys that name a level only by a word that hardly means anything else. */
export const looseLevels: ReadonlySet<string> = new Set([
  ...['status', 'eventtype', 'messagetype', 'type', 'at', 'l', 'lv', 'logtype', 'entrytype', 'kuberneteseventtype'],
]);

/** Keys whose value names the service when nothing better does, and is a field as well. */
export const alsoFields: ReadonlySet<string> = new Set([
  ...['containername', 'kubernetescontainername', 'k8scontainername', 'k8sdeploymentname', 'kubernetesdeploymentname'],
  ...['program', 'programname', 'traceparent'],
]);

const stack = 'error.stack_trace';

/** ECS names of what loggers call by names of their own. */
export const names: Readonly<Record<string, string>> = {
  hostname: 'host.hostname',
  downstreamstatus: 'http.response.status_code',
  host: 'host.name',
  pid: 'process.pid',
  process: 'process.pid',
  processid: 'process.pid',
  thread: 'process.thread.name',
  threadname: 'process.thread.name',
  threadid: 'process.thread.id',
  logger: 'log.logger',
  loggername: 'log.logger',
  sourcecontext: 'log.logger',
  categoryname: 'log.logger',
  module: 'log.logger',
  component: 'log.logger',
  timezone: 'event.timezone',
  tz: 'event.timezone',
  '@i': 'event.code',
  caller: 'log.origin.file.name',
  filename: 'log.origin.file.name',
  lineno: 'log.origin.file.line',
  func: 'log.origin.function',
  funcname: 'log.origin.function',
  stack,
  stacktrace: stack,
  excinfo: stack,
  exception: stack,
  '@x': stack,
  backtrace: stack,
  throwable: stack,
  traceback: stack,
  error: 'error.message',
  err: 'error.message',
  errormsg: 'error.message',
  errmsg: 'error.message',
  ...errorKeys(['error', 'err', 'exception', 'thrown', 'throwable', 'exc', 'cause']),
  excvalue: 'error.message',
  request: 'http.request.line',
  requestline: 'http.request.line',
  method: 'http.request.method',
  verb: 'http.request.method',
  responsetime: 'http.response.time_ms',
  reqid: 'http.request.id',
  requestid: 'http.request.id',
  remoteaddr: 'source.ip',
  remoteip: 'source.ip',
  clientip: 'source.ip',
  reqremoteaddress: 'source.ip',
  useragent: 'user_agent.original',
};

/** What an error is made of, for each word by which loggers call one. */
function errorKeys(words: readonly string[]): Record<string, string> {
  const parts: Record<string, readonly string[]> = {
    'error.message': ['message', 'msg', 'value', 'localizedmessage', 'description', 'excvalue'],
    'error.type': ['type', 'name', 'class', 'classname', 'kind', 'exceptionclass', 'exctype'],
    [stack]: ['stack', 'stacktrace', 'trace', 'backtrace', 'traceback', 'extendedstacktrace', 'stackinfo', 'steparray'],
  };
  const found: Record<string, string> = {};
  for (const word of words)
    for (const [name, ends] of Object.entries(parts)) for (const end of ends) found[`${word}${end}`] = name;
  return found;
}

/** Names that hold only where the rest of the record says that it is about a request. */
export const requestNames: Readonly<Record<string, string>> = {
  status: 'http.response.status_code',
  code: 'http.response.status_code',
  url: 'url.original',
  uri: 'url.original',
  path: 'url.original',
  target: 'url.original',
  bytes: 'http.response.body.bytes',
  size: 'http.response.body.bytes',
  bodybytessent: 'http.response.body.bytes',
  responsesize: 'http.response.body.bytes',
  bytessent: 'http.response.body.bytes',
  httpreferer: 'http.request.referrer',
  referer: 'http.request.referrer',
};

/** Ends of keys that mean the same whatever stands before them. */
export const endings: readonly (readonly [ending: string, name: string])[] = [
  ['statuscode', 'http.response.status_code'],
  ['requeststatus', 'http.response.status_code'],
  ['responsestatus', 'http.response.status_code'],
  ['responsecode', 'http.response.status_code'],
  ['httpstatus', 'http.response.status_code'],
  ['httpcode', 'http.response.status_code'],
  ['resstatus', 'http.response.status_code'],
  ['requestmethod', 'http.request.method'],
  ['reqmethod', 'http.request.method'],
  ['httpmethod', 'http.request.method'],
  ['requesturi', 'url.original'],
  ['requesturl', 'url.original'],
  ['requestpath', 'url.original'],
  ['httppath', 'url.original'],
  ['requri', 'url.original'],
  ['requrl', 'url.original'],
  ['httptarget', 'url.original'],
  ['httpurl', 'url.original'],
  ['httpuseragent', 'user_agent.original'],
  ['requestuseragent', 'user_agent.original'],
  ['clientip', 'source.ip'],
  ['remoteip', 'source.ip'],
  ['sourceipaddress', 'source.ip'],
];

/** What an ending does not mean behind these: another server's answer. */
export const elsewhere = /^(?:upstream|origin|backend|grpc|rpc|cache|target)/;

/** Objects that only hold the rest of the record. */
export const holders: ReadonlySet<string> = new Set([
  ...['fields', 'attributes', 'record', 'jsonpayload', 'log', 'logevent', 'logrecord', 'body', 'mdc', 'contextmap'],
  ...['message', 'msg', 'properties', 'entry', 'structured', 'syslog', 'resource', 'level', 'customdimensions', 'dd'],
]);

/** Objects that hold what belongs to the event, mixed with what it is about: no time is taken from them. */
export const looseHolders: ReadonlySet<string> = new Set([
  ...[
    'logger',
    'extra',
    'data',
    'event',
    'context',
    'ctx',
    'labels',
    'metadata',
    'meta',
    'payload',
    'state',
    'details',
    'info',
  ],
]);

/** What the presence of a key says about the logger: bits, so that a record's can be added up. */
export const hints = {
  python: 1,
  monolog: 2,
  syslog: 4,
  remoteAddress: 8,
  requestId: 16,
  source: 32,
  /** A table of numbers and words, not a logger's record. */
  table: 64,
  eventId: 128,
  windows: 256,
  hostname: 512,
  pid: 1024,
  /** Something of a request, of an error, or nanoseconds beside seconds: looked for only where a key said so. */
  request: 2048,
  stack: 4096,
  nanos: 8192,
  error: 16_384,
  zone: 32_768,
} as const;

/** The keys that say something about the logger. */
export const hintOf: Readonly<Record<string, number>> = {
  levelname: hints.python,
  levelno: hints.python,
  asctime: hints.python,
  funcname: hints.python,
  lineno: hints.python,
  channel: hints.monolog,
  shortmessage: hints.syslog,
  fullmessage: hints.syslog,
  facility: hints.syslog,
  syslogtag: hints.syslog,
  sysloghostname: hints.syslog,
  programname: hints.syslog,
  remoteaddr: hints.remoteAddress,
  reqid: hints.requestId,
  source: hints.source,
  eventid: hints.eventId,
  providername: hints.windows,
  sourcename: hints.windows,
  computer: hints.windows,
  hostname: hints.hostname,
  pid: hints.pid,
  instantnanoofsecond: hints.nanos,
  timestampnanos: hints.nanos,
  timezone: hints.zone,
  tz: hints.zone,
};
