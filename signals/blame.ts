/**
 * Which service an error line blames. A service that cannot reach another reports that, and so do its callers in turn;
 * such lines are evidence against the service that they name and not against the one that wrote them. The scanning is
 * written by hand, so that it is linear on any text.
 */
import type { ParsedLog } from '../logs/parsed-log.ts';
import { isDigit, isWordCode, minusCode, underscoreCode } from '../logs/text.ts';

/** Stands for another service that is not named. */
export const unnamedService = '*';

/** Fields in which loggers name the service they called. */
const fields = ['upstream', 'peer.service', 'destination.address', 'server.address', 'upstream.address'] as const;

/** Phrases that are followed by the name of what was called. */
const phrases = ['://', 'instances available for ', 'call to ', 'Call to ', 'connecting to '] as const;

/** Characters of a message that are searched. */
const reach = 512;

/**
 * The host or service that an error line reports as failing, without port and domain; `unnamedService` when only the
 * status of a gateway shows it; null when the line blames no other service.
 */
export function blamedBy(log: ParsedLog): string | null {
  for (let i = 0; i < fields.length; i++) {
    const value = log.parsed_fields[fields[i]!];
    if (typeof value === 'string') return nameAt(value, 0) ?? unnamedService;
  }
  const named = blamedIn(log.message);
  if (named !== null) return named;
  const status = log.parsed_fields['http.response.status_code'];
  return status === 502 || status === 503 || status === 504 ? unnamedService : null;
}

/**
 * The service that a message names as the one that was called, or null.
 *
 * @example
 * blamedIn('HTTPError: 503 Server Error for url: http://payment.shop.svc:8080/') // => 'payment'
 * blamedIn('No instances available for ts-order-service') // => 'ts-order-service'
 * blamedIn('connect to http://10.0.0.7:80 failed') // => null
 */
export function blamedIn(message: string): string | null {
  const text = message.length > reach ? message.slice(0, reach) : message;
  for (let i = 0; i < phrases.length; i++) {
    const at = text.indexOf(phrases[i]!);
    if (at < 0) continue;
    const name = nameAt(text, at + phrases[i]!.length);
    if (name !== null) return name;
  }
  return null;
}

/** The first label of the host name that begins at `start`; null for addresses and for what is no name. */
function nameAt(text: string, start: number): string | null {
  let at = start;
  while (at < text.length && isNamePart(text.charCodeAt(at))) at++;
  return at === start || isDigit(text.charCodeAt(start)) ? null : text.slice(start, at);
}

/** Letters, digits, hyphen and underscore. */
function isNamePart(code: number): boolean {
  return isWordCode(code) || code === minusCode || code === underscoreCode;
}
