/**
 * Whom an error line holds responsible. A service that cannot reach another says so, and so do its callers in turn;
 * such lines are a taint, not an accusation of the one who wrote them. Hand-written scanning: linear on any text.
 */
import type { ParsedLog } from '../logs/parsed-log.ts';

/** Some other service, not named. */
export const somebody = '*';

/** Fields in which loggers name the service they called. */
const fields = ['upstream', 'peer.service', 'destination.address', 'server.address', 'upstream.address'] as const;

/** Phrases that are followed by the name of what was called. */
const phrases = ['://', 'instances available for ', 'call to ', 'Call to ', 'connecting to '] as const;

/** How much of a message is looked at. */
const reach = 512;

/**
 * The host or service that an error line says has failed it, without port and domain; `somebody` when only the status
 * of a gateway tells; null when it blames nobody.
 */
export function blamedBy(log: ParsedLog): string | null {
  for (let i = 0; i < fields.length; i++) {
    const value = log.parsed_fields[fields[i]!];
    if (typeof value === 'string') return nameAt(value, 0) ?? somebody;
  }
  const named = blamedIn(log.message);
  if (named !== null) return named;
  const status = log.parsed_fields['http.response.status_code'];
  return status === 502 || status === 503 || status === 504 ? somebody : null;
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

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Letters, digits, hyphen and underscore. */
function isNamePart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code) || code === 45 || code === 95;
}
