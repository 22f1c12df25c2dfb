/**
 * nginx's `log_format` and Apache's `LogFormat`, as they stand in a server's configuration or bare.
 */
import { forwarded, requestUpTo } from '../../layouts/access-pieces.ts';
import { optional } from '../../layouts/layout.ts';
import { chars, seconds } from '../../layouts/pieces.ts';
import { isBlank, isWordCode, questionCode, quoteCode, spaceCode } from '../../text.ts';
import { fieldOf, intValue, NotUnderstood, padded, type Token, textValue, timeValue, type Value } from './tokens.ts';

/** What nginx's `log_format` says. Throws NotUnderstood. */
export function nginxTokens(written: string): Token[] {
  const text = unquoted(written.replace(/^\s*log_format\s+\S+\s+(?:escape=\w+\s*)?/, '').replace(/;\s*$/, ''));
  const tokens: Token[] = [];
  let at = 0;
  for (let next = text.indexOf('$', at); next >= 0; next = text.indexOf('$', at)) {
    tokens.push(text.slice(at, next));
    const [all, braced, bare] = /^\$(?:\{(\w+)\}|(\w+))/.exec(text.slice(next)) ?? [];
    const name = braced ?? bare;
    if (name === undefined)
      throw new NotUnderstood(`'${text.slice(next, next + 20)}'`, 'the name of a variable behind $');
    tokens.push(nginxValue(`$${name}`, name));
    at = next + all!.length;
  }
  return [...tokens, text.slice(at)];
}

/** What Apache's `LogFormat` says. Throws NotUnderstood. */
export function apacheTokens(written: string): Token[] {
  const stripped = written
    .replace(/^\s*(?:LogFormat|CustomLog\s+\S+)\s+(?=")/, '')
    .replace(/^"(.*)"(?:\s+\w+)?\s*$/s, '$1');
  const text = stripped.replaceAll('\\"', '"').replaceAll('\\t', '\t');
  const tokens: Token[] = [];
  let at = 0;
  for (let next = text.indexOf('%', at); next >= 0; next = text.indexOf('%', at)) {
    tokens.push(text.slice(at, next));
    const [all, argument = '', letter] = /^%[!<>\d,]*(?:\{([^}]*)\})?(\^?[A-Za-z%]{1})/.exec(text.slice(next)) ?? [];
    if (letter === undefined) throw new NotUnderstood(`'${text.slice(next, next + 20)}'`, 'a letter behind %');
    tokens.push(...apacheValue(all!, letter, argument));
    at = next + all!.length;
  }
  return joinFractions([...tokens, text.slice(at)]);
}

/** The texts between quotes, of which nginx puts one behind the other; a text without quotes as it is. */
function unquoted(text: string): string {
  const bare = text.trim();
  if (!/^'.*'$/s.test(bare) && !/^"(?!\$).*"$/s.test(bare)) return bare;
  const quote = bare[0]!;
  const pieces = bare.slice(1, -1).split(new RegExp(`${quote}\\s+${quote}`));
  return pieces.join('').replaceAll(`\\${quote}`, quote);
}

function nginxValue(written: string, name: string): Value {
  if (nginxTimes.has(name)) return timeValue(written);
  if (name === 'is_args') return padded(written, optional('?'));
  if (name === 'request') return requestValue(written);
  if (name === 'request_time') return padded(written, seconds('event.duration'));
  const field = nginxNames[name];
  if (field !== undefined && numbers.has(field)) return intValue(written, field);
  if (name.startsWith('upstream_') || name.endsWith('_forwarded_for'))
    return listValue(written, field ?? `nginx.access.${name}`);
  if (solid.has(name)) return solidValue(written, field!);
  if (field !== undefined) return textValue(written, field);
  const own = fieldOf(name);
  return textValue(written, own === name ? `nginx.access.${name}` : own);
}

/** The tokens of one `%…`. */
function apacheValue(written: string, letter: string, argument: string): Token[] {
  switch (letter) {
    case '%':
      return ['%'];
    case 't':
      if (/_frac$/.test(argument)) return [{ ...intValue(written, ''), written: fraction }];
      return argument === '' ? ['[', timeValue(written), ']'] : [timeValue(written)];
    case 'r':
      return [requestValue(written)];
    case 'T':
    case 'D':
      return [intValue(written, durationOf(letter, argument))];
    case 'i':
    case 'o':
    case 'C':
    case 'e':
    case 'n':
      return [headerValue(written, letter, argument)];
  }
  const field = apacheNames[letter];
  if (field === undefined)
    throw new NotUnderstood(written, `one of %${Object.keys(apacheNames).join(' %')}, %t, %r, %T, %D, %{NAME}i`);
  return [
    numbers.has(field)
      ? intValue(written, field)
      : letter === 'q'
        ? textValue(written, field)
        : solidValue(written, field),
  ];
}

/** Apache's durations: microseconds, or seconds, or what the argument says. */
const durationOf = (letter: string, argument: string): string =>
  letter === 'D' || argument === 'us' ? took.us : argument === 'ms' ? took.ms : took.s;

/** Fields that hold a duration until the log is finished. */
export const took = { us: 'apache.access.took_us', ms: 'apache.access.took_ms', s: 'apache.access.took_s' } as const;

function headerValue(written: string, letter: string, argument: string): Value {
  const name = argument.toLowerCase();
  if (letter === 'i' && name === 'x-forwarded-for') return listValue(written, 'nginx.access.remote_ip_list');
  const known = letter === 'i' ? headers[name] : undefined;
  const own = fieldOf(argument);
  return textValue(written, known ?? (own === argument ? `apache.access.${name}` : own));
}

/** Takes away a fraction of a second that stands behind a time: the time is read with it. */
export function joinFractions(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, i) => {
    const [next, last] = [tokens[i + 1], tokens[i - 1]];
    const isFraction = (other: Token | undefined): boolean => typeof other === 'object' && other.written === fraction;
    if (typeof token === 'string') return !(/^[.,]$/.test(token) && isFraction(next));
    return !(isFraction(token) && typeof last === 'string' && /^[.,]$/.test(last));
  });
}

/** How the fraction of a second is known among tokens. */
export const fraction = 'the fraction of a second';

function requestValue(written: string): Value {
  return { written, piece: (stop) => (stop === '' ? null : requestUpTo(stop)) };
}

/** Values with commas and blanks between them. */
function listValue(written: string, name: string): Value {
  return {
    written,
    piece: (stop) =>
      stop !== null && !isBlank(stop.charCodeAt(0)) ? textValue(written, name).piece(stop) : forwarded(name),
  };
}

/** Text without blanks: what stands behind it need not be known, unless that begins with another sign. */
function solidValue(written: string, name: string): Value {
  return {
    written,
    piece: (stop) => {
      if (stop !== null && stop !== '' && !isBlank(stop.charCodeAt(0))) return textValue(written, name).piece(stop);
      if (stop !== '') return chars(name, notBlank);
      return chars(name, name.startsWith('url.') && name !== 'url.domain' ? isPathCode : isHostCode);
    },
  };
}

const notBlank = (code: number): boolean => code > spaceCode;
const isPathCode = (code: number): boolean => code > spaceCode && code !== questionCode && code !== quoteCode;
/** Of a name or an address, or of a scheme. */
const isHostCode = (code: number): boolean => isWordCode(code) || hostSigns.includes(String.fromCharCode(code));
const hostSigns = '.-_:[]';

const nginxTimes = new Set(['time_local', 'time_iso8601', 'msec', 'date_local', 'date_gmt']);
const solid = new Set([
  'remote_addr',
  'realip_remote_addr',
  'host',
  'http_host',
  'server_name',
  'scheme',
  'request_method',
  'hostname',
  'request_uri',
  'uri',
  'document_uri',
]);

const nginxNames: Readonly<Record<string, string>> = {
  remote_addr: 'source.address',
  realip_remote_addr: 'nginx.access.realip_remote_addr',
  remote_port: 'source.port',
  remote_user: 'user.name',
  status: 'http.response.status_code',
  body_bytes_sent: 'http.response.body.bytes',
  bytes_sent: 'http.response.bytes',
  request_length: 'http.request.bytes',
  request_method: 'http.request.method',
  request_uri: 'url.original',
  uri: 'url.path',
  document_uri: 'url.path',
  args: 'url.query',
  query_string: 'url.query',
  scheme: 'url.scheme',
  host: 'url.domain',
  http_host: 'url.domain',
  server_name: 'destination.domain',
  server_port: 'destination.port',
  hostname: 'host.name',
  server_protocol: 'http.version',
  http_referer: 'http.request.referrer',
  http_user_agent: 'user_agent.original',
  http_x_forwarded_for: 'nginx.access.remote_ip_list',
  request_id: 'http.request.id',
  pid: 'process.pid',
  connection: 'nginx.access.connection',
  connection_requests: 'nginx.access.connection_requests',
};

const apacheNames: Readonly<Record<string, string>> = {
  h: 'source.address',
  a: 'source.address',
  A: 'destination.ip',
  l: '',
  u: 'user.name',
  s: 'http.response.status_code',
  b: 'http.response.body.bytes',
  B: 'http.response.body.bytes',
  O: 'http.response.bytes',
  I: 'http.request.bytes',
  S: 'apache.access.transferred_bytes',
  H: 'http.version',
  m: 'http.request.method',
  U: 'url.original',
  q: 'url.query',
  f: 'file.path',
  v: 'destination.domain',
  V: 'url.domain',
  p: 'destination.port',
  P: 'process.pid',
  L: 'event.id',
  R: 'apache.access.handler',
  X: 'apache.access.connection_status',
  k: 'apache.access.keepalives',
};

const headers: Readonly<Record<string, string>> = {
  referer: 'http.request.referrer',
  'user-agent': 'user_agent.original',
  host: 'url.domain',
  'x-request-id': 'http.request.id',
};

const numbers = new Set([
  ...[
    'http.response.status_code',
    'http.response.body.bytes',
    'http.response.bytes',
    'http.request.bytes',
    'source.port',
  ],
  ...['destination.port', 'process.pid', 'apache.access.transferred_bytes', 'apache.access.keepalives'],
  ...['nginx.access.connection', 'nginx.access.connection_requests'],
]);
