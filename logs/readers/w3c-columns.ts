/**
 * The extended log format of the W3C (working draft WD-logfile): a `#Fields` directive names the columns of the lines
 * that follow. IIS, Windows' firewall and content delivery networks write it.
 */
import { finishW3c } from '../formats/iis.ts';
import { newLog, type ParsedLog, type Value } from '../parsed-log.ts';
import { isDigit, spaceCode } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/**
 * The columns that the directives in `text` name, or null.
 *
 * @example
 * columnsOf('#Version: 1.0\n#Fields: date time c-ip') // => ['date', 'time', 'c-ip']
 */
export function columnsOf(text: string): readonly string[] | null {
  const at = text.startsWith('#Fields:') ? 0 : text.indexOf('\n#Fields:') + 1;
  if (!text.startsWith('#Fields:', at)) return null;
  const end = text.indexOf('\n', at);
  const columns = words(text.slice(at + 8, end < 0 ? text.length : end));
  return columns.length > 1 && columns.length <= maxColumns ? columns : null;
}

/** The log of a line with such columns, or null when it has another number of them; the time is in the scanner. */
export function readColumns(text: string, columns: readonly string[], scanner: TimestampScanner): ParsedLog | null {
  if (text.length > maxLine) return null;
  const values = words(text);
  const date = columns.indexOf('date');
  if (values.length !== columns.length) return null;
  const clock = columns.indexOf('time');
  if (date < 0 || clock < 0 || !scanner.scan(`${values[date]} ${values[clock]}`, 0)) return null;
  const log = newLog('w3c', text.trim());
  for (let i = 0; i < columns.length; i++) {
    const value = values[i]!;
    if (i === date || i === clock || value === '-') continue;
    log.parsed_fields[names.get(columns[i]!) ?? columns[i]!] = numeric(value);
  }
  finishW3c(log);
  return log;
}

function words(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    while (text.charCodeAt(at) <= spaceCode) at++;
    const start = at;
    while (text.charCodeAt(at) > spaceCode) at++;
    if (at > start) found.push(text.slice(start, at));
  }
  return found;
}

function numeric(text: string): Value {
  if (text.length > 15) return text;
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return text;
  return Number(text);
}

const maxColumns = 100;
const maxLine = 65_536;

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'c-ip': 'source.ip',
    'c-port': 'source.port',
    's-ip': 'destination.ip',
    's-port': 'destination.port',
    's-computername': 'host.name',
    's-sitename': 'iis.access.site_name',
    'cs-username': 'user.name',
    'cs-method': 'http.request.method',
    'cs-uri': 'url.original',
    'cs-uri-stem': 'url.path',
    'cs-uri-query': 'url.query',
    'cs-host': 'url.domain',
    'cs(Host)': 'url.domain',
    'cs-version': 'http.version',
    'cs(User-Agent)': 'user_agent.original',
    'cs(Referer)': 'http.request.referrer',
    'cs-bytes': 'http.request.body.bytes',
    'sc-bytes': 'http.response.body.bytes',
    'sc-status': 'http.response.status_code',
    'sc-substatus': 'iis.access.sub_status',
    'sc-win32-status': 'iis.access.win32_status',
    'time-taken': 'iis.access.time_taken_ms',
    'src-ip': 'source.ip',
    'src-port': 'source.port',
    'dst-ip': 'destination.ip',
    'dst-port': 'destination.port',
    protocol: 'network.transport',
    action: 'event.action',
  }),
);
