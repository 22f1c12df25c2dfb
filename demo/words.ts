/**
 * The variable parts of log lines: customers, articles, addresses, browsers. They are drawn once with a fixed seed, as
 * a shop's stock and its customers' browsers do not change with the course of a day.
 */
import { Random } from './random.ts';

const random = new Random(20_240_607, 'words');
const many = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i));

export const articles = many(2_000, (i) => `${random.pick(['KT', 'GD', 'TL', 'BK', 'LM'])}-${10_000 + i * 7}`);
export const customers = many(4_000, () => `u-${random.hex(8)}`);
export const addresses = many(3_000, () => {
  const block = random.pick(['84.132', '91.12', '77.180', '188.96', '46.114', '2.247', '93.217', '176.6', '109.41']);
  return `${block}.${random.int(256)}.${1 + random.int(254)}`;
});
export const warehouses = ['HAM-1', 'LEJ-2', 'MUC-1', 'RTM-3'] as const;
export const categories = ['kitchen', 'garden', 'tools', 'books', 'lamps', 'outdoor', 'toys'] as const;
export const terms = [
  'kettle',
  'garden hose',
  'desk lamp',
  'cordless drill',
  'novel',
  'tent 4 person',
  'coffee grinder',
  'led strip',
  'wooden train',
  'rain jacket',
  'pan 28cm',
  'screwdriver set',
  'notebook a5',
  'hammock',
  'bread knife',
  'pruning shears',
] as const;
export const assets = [
  '/static/js/main.8d1f02c7.js',
  '/static/js/vendor.41ce9b0a.js',
  '/static/css/main.5b2e7d31.css',
  '/favicon.ico',
  '/static/img/logo.svg',
  '/static/img/hero-spring.webp',
  '/static/fonts/inter-var.woff2',
  '/manifest.webmanifest',
] as const;
export const pages = ['/', '/c/kitchen', '/c/garden', '/c/tools', '/c/books', '/about', '/returns', '/cart'] as const;

const chrome = (os: string, major: number, device = '') =>
  `Mozilla/5.0 (${os}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0${device} Safari/537.36`;
const iphone = (system: string, safari: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ` +
  `Version/${safari} Mobile/15E148 Safari/604.1`;
const mac = 'Macintosh; Intel Mac OS X 10_15_7';
const windows = 'Windows NT 10.0; Win64; x64';
/** Browsers, the common ones more than once. */
export const agents = [
  chrome(windows, 124),
  chrome(windows, 124),
  chrome(windows, 123),
  chrome(mac, 124),
  chrome('X11; Linux x86_64', 122),
  `${chrome(windows, 124)} Edg/124.0.0.0`,
  `Mozilla/5.0 (${windows}; rv:125.0) Gecko/20100101 Firefox/125.0`,
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  `Mozilla/5.0 (${mac}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15`,
  iphone('17_4', '17.4'),
  iphone('16_7', '16.6'),
  chrome('Linux; Android 14; Pixel 8', 124, ' Mobile'),
  chrome('Linux; Android 13; SM-A536B', 123, ' Mobile'),
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'MillShop/7.12.0 (iOS 17.4; build 2041)',
  'okhttp/4.12.0',
] as const;
