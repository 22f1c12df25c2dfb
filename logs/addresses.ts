/**
 * Internet addresses in text, by their look: enough to tell them from names, and a caller's from a proxy's.
 */
import { colonCode, commaCode, dotCode, isHex } from './text.ts';

/**
 * Whether the text between two positions looks like an address: hexadecimal digits with dots or colons, perhaps a
 * comma behind.
 *
 * @example
 * looksLikeAddress('10.0.0.7', 0, 8) // => true
 * looksLikeAddress('web-1', 0, 5) // => false
 */
export function looksLikeAddress(text: string, start: number, end: number): boolean {
  let separators = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === dotCode || code === colonCode) separators++;
    else if (!isHex(code) && !(code === commaCode && i === end - 1)) return false;
  }
  return separators >= 2;
}

/**
 * The first address of a list that is not private (RFC 1918, RFC 4193, loopback, link-local), else the first of all:
 * in a chain of proxies, most likely the caller's.
 *
 * @example
 * callerOf('10.0.0.2, 10.0.0.1, 81.2.69.143') // => '81.2.69.143'
 * callerOf('10.0.0.2, 127.0.0.1') // => '10.0.0.2'
 */
export function callerOf(list: string): string {
  const addresses = list.split(', ', maxAddresses);
  return (
    addresses.find((address) => looksLikeAddress(address, 0, address.length) && !isPrivate(address)) ?? addresses[0]!
  );
}

function isPrivate(address: string): boolean {
  if (address.startsWith('172.')) {
    const second = Number(address.slice(4, address.indexOf('.', 4)));
    return second >= 16 && second <= 31;
  }
  return privatePrefixes.some((prefix) => address.startsWith(prefix));
}

const privatePrefixes = ['10.', '192.168.', '127.', '169.254.', '::1', 'fc', 'fd', 'fe80:'];
const maxAddresses = 32;
