/** Levels in a header: of many languages, behind names, in pairs, beside the time; and words that are none. */
import { describe, expect, it } from 'vitest';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const time = '2026-01-29 08:51:24';

describe('words of other languages', () => {
  it.each([
    [`${time} FEHLER Platte voll`, 'ERROR', 'Platte voll'],
    [`${time} [Warnung] Platte fast voll`, 'WARN', 'Platte fast voll'],
    ['29.01.2026 08:51:24 AVERTISSEMENT: disque plein', 'WARN', 'disque plein'],
    ['ERREUR: disque plein', 'ERROR', 'disque plein'],
    [`${time} | ADVERTÊNCIA | disco cheio`, 'WARN', 'disco cheio'],
    [`${time} BŁĄD: dysk`, 'ERROR', 'dysk'],
    [`${time} ОШИБКА: диск`, 'ERROR', 'диск'],
    [`${time} [ПРЕДУПРЕЖДЕНИЕ] диск`, 'WARN', 'диск'],
    [`${time} Ошибка чтения диска`, 'ERROR', 'Ошибка чтения диска'],
    [`${time} 错误：磁盘已满`, 'ERROR', '磁盘已满'],
    [`${time}【警告】磁盘将满`, 'WARN', '磁盘将满'],
    [`[信息] ${time} 启动`, 'INFO', '启动'],
    [`${time} エラー ディスク`, 'ERROR', 'ディスク'],
    [`${time} [오류] 디스크`, 'ERROR', '디스크'],
  ])('%s', (line, level, message) => {
    expect(read(line)).toMatchObject({ level, message });
  });

  it.each([`${time} Der Fehler wurde behoben`, `${time} aviso de entrega enviado`, `${time} 读取错误 0 个`])(
    '%s names none',
    (line) => {
      expect(read(line)).toMatchObject({ level: null, message: line.slice(time.length + 1) });
    },
  );
});

describe('levels with something around them', () => {
  it.each([
    ['[08:51:24] [Server thread/ERROR]: gone', 'ERROR', 'gone', { 'process.thread.name': 'Server thread' }],
    [`${time} [main/WARN] [mixin/]: gone`, 'WARN', 'gone', { 'process.thread.name': 'main' }],
    [`${time} [app.CRITICAL] gone`, 'CRITICAL', 'gone', { 'log.logger': 'app' }],
    [`${time} shop.cart.ERROR gone`, 'ERROR', 'gone', { 'log.logger': 'shop.cart' }],
    [`shop.cart.ERROR: gone`, 'ERROR', 'gone', { 'log.logger': 'shop.cart' }],
    [`[shop.warning] ${time} gone`, 'WARN', 'gone', { 'log.logger': 'shop.warning' }],
    [`${time} {app="cart", level="error"} gone`, 'ERROR', 'gone', { 'log.level': 'error' }],
    [`${time} [user=7][level=warn] gone`, 'WARN', 'gone', { user: 7 }],
    ['[W 260129 08:51:24 web:7] gone', 'WARN', 'gone', {}],
    [`[${time},967 E 42 43] gone`, 'ERROR', 'gone', { 'process.pid': 42, 'process.thread.id': 43 }],
    ['E260129 08:51:24.967123 42 server/node.go:7 gone', 'ERROR', 'gone', { 'process.pid': 42 }],
    [`${time}: W tensor/core/driver.cc:7] gone`, 'WARN', 'gone', { 'log.origin.file.line': 7 }],
    ['jan/29 08:51:24 system,error,critical gone', 'ERROR', 'gone', {}],
    ['Error,1/29/2026 8:51:24 AM,Shop,7,None,gone', 'ERROR', 'Shop,7,None,gone', {}],
    ['[Error#cart] gone', 'ERROR', 'gone', {}],
    ['src/cart.ts(7,12): error TS2304: gone', 'ERROR', 'src/cart.ts(7,12): error TS2304: gone', {}],
    ['Thu Jan 29 08:51:24 2026 -> ERROR: gone', 'ERROR', 'gone', {}],
  ])('%s', (line, level, message, fields) => {
    const log = read(line);
    expect(log).toMatchObject({ level, message });
    expect(log.parsed_fields).toMatchObject(fields);
  });

  it.each([
    `${time} GET /var/ERROR/index.html`,
    `${time} http://shop/ERROR gone`,
    `${time} ERROR_CODE is 5`,
    `${time} NON-FATAL trouble`,
    `${time} wrote a_file.trc: two rows`,
    `${time} error 42: two rows`.replace('error', 'terror'),
  ])('%s has none', (line) => {
    expect(read(line).level).toBeNull();
  });
});
