/**
 * Addresses are told from names, and a caller from its proxies.
 */
import { expect, test } from 'vitest';
import { callerOf, looksLikeAddress } from '../../logs/addresses.ts';

test('the caller behind proxies is the first public address', () => {
  expect(callerOf('10.0.0.2, 172.20.0.1, 192.168.1.1, 81.2.69.143, 8.8.8.8')).toBe('81.2.69.143');
  expect(callerOf('172.32.0.1, 8.8.8.8')).toBe('172.32.0.1');
});

test('without a public address it is the first', () => {
  expect(callerOf('10.0.0.2, fe80::1')).toBe('10.0.0.2');
  expect(callerOf('unix:, 10.0.0.1')).toBe('unix:');
});

test('names are no addresses', () => {
  for (const name of ['web-1', 'cafe', 'unix:', '']) expect(looksLikeAddress(name, 0, name.length)).toBe(false);
  for (const address of ['10.0.0.7', '::1', 'fe80::1']) expect(looksLikeAddress(address, 0, address.length)).toBe(true);
});
