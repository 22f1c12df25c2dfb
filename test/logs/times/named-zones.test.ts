/** Times whose zone is a place or stands in a bracket, and words behind times that are no zones. */
import { expect, it } from 'vitest';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({ timezone: 'Asia/Tokyo' });
const timeOf = (line: string) => new Date(parser.parse(line, line, Date.UTC(2026, 7, 1)).timestamp!).toISOString();

it.each([
  ['2026-01-29 08:51:24 Europe/Berlin ERROR gone', '2026-01-29T07:51:24.000Z'],
  ['2026-07-29 08:51:24 Europe/Berlin ERROR gone', '2026-07-29T06:51:24.000Z'],
  ['2026-01-29T08:51:24[America/New_York] gone', '2026-01-29T13:51:24.000Z'],
  ['[2026-01-29 08:51:24 America/Argentina/Ushuaia] gone', '2026-01-29T11:51:24.000Z'],
  ['2026-01-29 08:51:24,967 (US/Pacific) gone', '2026-01-29T16:51:24.967Z'],
  ['2026-01-29 08:51:24 [CET] gone', '2026-01-29T07:51:24.000Z'],
  ['2026-01-29 08:51:24 PKT gone', '2026-01-29T03:51:24.000Z'],
  ['Thu Jan 29 08:51:24 Europe/Paris 2026 gone', '2026-01-29T07:51:24.000Z'],
  ['{"time":"2026-01-29 08:51:24 Etc/UTC","msg":"gone"}', '2026-01-29T08:51:24.000Z'],
  ['2026-01-29T08:51:24Z on', '2026-01-29T08:51:24.000Z'],
])('%s', (line, time) => {
  expect(timeOf(line)).toBe(time);
});

it.each([
  'Europe/Nowhere gone',
  'Shop/Cart gone',
  '[ALERT] gone',
  '[Europe/Berlin cart] gone',
  '(EST gone',
  'CAT gone',
  'Europe gone',
])('%s behind a time is no zone', (rest) => {
  expect(timeOf(`2026-01-29 08:51:24 ${rest}`)).toBe('2026-01-28T23:51:24.000Z');
});
