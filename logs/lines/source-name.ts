/**
 * Names of services and sources. They come from outside and become keys, which are bounded and have no half
 * characters; so a name that could be none is changed into one that can.
 */
import { createHash } from 'node:crypto';
import { cutText } from '../../codecs/utf8.ts';
import type { ParsedLog } from '../parsed-log.ts';

/** A key of 512 bytes has room for this beside a split, with every escape that JSON writes in it. */
const mostNameBytes = 400;
/** More bytes than a unit takes as JSON. */
const bytesOfUnit = 6;
/** What is kept of a name that was cut, for people to look at. */
const shownLength = 1_024;
/** Characters of which each takes one byte. */
const isPlain = /^[ !#-[\]-~]*$/;

/**
 * The name as it may be part of a key. One of more than 400 bytes is cut, and ends in a hash of the whole: names that
 * differ still do.
 *
 * @example
 * boundedName('cart') // => 'cart'
 * boundedName('x'.repeat(500)).length // => 400
 */
export function boundedName(name: string): string {
  if (name.length <= mostNameBytes && isPlain.test(name)) return name;
  const whole = name.toWellFormed();
  if (whole.length * bytesOfUnit <= mostNameBytes || fits(whole)) return whole;
  const hash = `~${createHash('sha256').update(whole).digest('hex').slice(0, 12)}`;
  let [at, bytes] = [0, hash.length];
  for (const character of whole) {
    bytes += jsonBytes(character);
    if (bytes > mostNameBytes) break;
    at += character.length;
  }
  return whole.slice(0, at) + hash;
}

const fits = (name: string): boolean => name.length <= mostNameBytes && jsonBytes(name) <= mostNameBytes;
const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text), 'utf8') - 2;

/** Takes back the service that a word of the text named: the log has that of its envelope or source. */
export function unnameService(log: ParsedLog, source: string): void {
  log.service = log.outerService ?? log.service;
  delete log.longService;
  nameService(log, source);
}

/** Takes back the service that a log names: it has that of its source. */
export function nameAfter(log: ParsedLog, source: string): void {
  log.service = 'unknown';
  delete log.longService;
  nameService(log, source);
}

/** Gives a log the service that it names, or that of its source, as it may be part of a key. */
export function nameService(log: ParsedLog, source: string): void {
  const named = log.service === 'unknown' ? serviceOfSource(source) : log.service;
  log.service = boundedName(named);
  if (log.service !== named) log.longService = cutText(named, shownLength).toWellFormed();
}

/**
 * The service that a source of lines belongs to, for lines that do not name one: shippers call their streams
 * `service/pod`, and files are called after what writes them.
 *
 * @example
 * serviceOfSource('frontend/frontend-5bc064c896-vsznk') // => 'frontend'
 * serviceOfSource('/var/log/payment.log') // => 'payment'
 * serviceOfSource('') // => 'unknown'
 */
export function serviceOfSource(source: string): string {
  const slash = source.indexOf('/');
  if (slash > 0) return source.slice(0, slash);
  const file = source.slice(source.lastIndexOf('/') + 1);
  const dot = file.indexOf('.');
  return (dot > 0 ? file.slice(0, dot) : file) || 'unknown';
}
