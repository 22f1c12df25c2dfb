/**
 * Python's logging module as it is usually set up: the default `LEVEL:name:text`, the documentation's
 * `time - name - LEVEL - text`, `time LEVEL name: text`, and the layouts of Flask, Gunicorn and Loguru.
 * Levels are in capitals; a logger is a module's dotted name in lower case, which tells it from a Java class.
 */
import { layout, optional } from '../layouts/layout.ts';
import { capitalLevel, chars, int, message, time, word } from '../layouts/pieces.ts';
import { backslashCode, colonCode, dotCode, isDigit, isLower, slashCode, spaceCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const python: TextFormat = {
  name: 'python',
  layouts: [
    layout(capitalLevel, ':', chars('log.logger', isNameCode), ':', message),
    layout(time, ' - ', word('log.logger'), ' - ', capitalLevel, ' - ', message),
    layout(time, ' ', capitalLevel, ' ', chars('log.logger', isModuleCode), ': ', message),
    layout('[', time, '] ', capitalLevel, ' in ', chars('log.logger', isModuleCode), ': ', message),
    layout('[', time, '] [', int('process.pid'), '] [', capitalLevel, '] ', message),
    layout(
      ...[time, ' | ', capitalLevel, ' | ', chars('log.logger', isNameCode), ':'],
      ...[chars('log.origin.function', isNameCode), ':', int('log.origin.file.line'), ' - ', optional(' '), message],
    ),
  ],
  samples: [
    {
      line: 'WARNING:shop.cart:stock is low',
      time: null,
      level: 'WARN',
      message: 'stock is low',
      fields: { 'log.level': 'WARNING', 'log.logger': 'shop.cart' },
    },
    {
      line: '2026-01-29 08:51:24,967 - shop.cart - ERROR - no stock',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'no stock',
      fields: { 'log.level': 'ERROR', 'log.logger': 'shop.cart' },
    },
    {
      line: '2026-01-29 08:51:24,967 CRITICAL root: disk is full',
      time: '2026-01-29T08:51:24.967Z',
      level: 'CRITICAL',
      message: 'disk is full',
      fields: { 'log.level': 'CRITICAL', 'log.logger': 'root' },
    },
    {
      line: '[2026-01-29 08:51:24,967] ERROR in app: Exception on /cart [GET]',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'Exception on /cart [GET]',
      fields: { 'log.level': 'ERROR', 'log.logger': 'app' },
    },
    {
      line: '[2026-01-29 08:51:24 +0200] [7] [INFO] Booting worker with pid: 7',
      time: '2026-01-29T06:51:24.000Z',
      level: 'INFO',
      message: 'Booting worker with pid: 7',
      fields: { 'log.level': 'INFO', 'process.pid': 7 },
    },
    {
      line: '2026-01-29 08:51:24.967 | DEBUG    | shop.cart:add:42 - added',
      time: '2026-01-29T08:51:24.967Z',
      level: 'DEBUG',
      message: 'added',
      fields: {
        'log.level': 'DEBUG',
        'log.logger': 'shop.cart',
        'log.origin.function': 'add',
        'log.origin.file.line': 42,
      },
    },
  ],
};

function isNameCode(code: number): boolean {
  // `C:\src\cart.cs: …` is a file.
  return code > spaceCode && code !== colonCode && code !== backslashCode && code !== slashCode;
}

function isModuleCode(code: number): boolean {
  return isLower(code) || isDigit(code) || code === dotCode || code === underscoreCode;
}
