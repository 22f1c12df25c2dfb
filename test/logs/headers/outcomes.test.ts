/** What tools say of how a run ended, in columns, among cells and by icons; and what looks like it and says nothing. */
import { describe, expect, it } from 'vitest';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const time = '2026-01-29 08:51:24';

describe('a failure', () => {
  it.each([
    'make: *** [Makefile:7: all] Error 2',
    'make[1]: *** No rule to make target `cart`.  Stop.',
    `${time} make: *** [all] Error 2`,
    'FAILURE: Build failed with an exception.',
    'BUILD FAILED in 7s',
    'Finished: FAILURE',
    '[FAILED] Failed to start Cart.',
    '[  FAILED  ] Cart.Add (7 ms)',
    '[DEPEND] Dependency failed for Cart.',
    'FAILED tests/test_cart.py::test_add',
    '--- FAIL: TestAdd (0.01s)',
    'not ok 7 - adds to the cart',
    '==42== Invalid read of size 4',
    '==42== Conditional jump or move depends on uninitialised value(s)',
    'SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior cart.cc:7:9',
    "*** Terminating app due to uncaught exception 'Gone', reason: 'nil'",
    'Error in add(cart) : no stock',
    'cart: severe (24): end of file',
    '> Task :cart:compileJava FAILED',
    'e: /src/cart.kt:7:3 unresolved: add',
    'CMake Error at CMakeLists.txt:7 (find_package):',
    'error(cart): no stock',
    'SQL0911N  The transaction has been rolled back.',
  ])('%s', (line) => {
    expect(read(line)).toMatchObject({ level: 'ERROR', message: line.replace(`${time} `, '') });
  });

  it.each([
    'cart: *** ready ***',
    'FAILED: 0',
    'FAILURE_RATE is low',
    'Order FAILED twice',
    'ok 8 - removes',
    'not ok with me',
    'e: two',
    'error(cart) is what it says',
    'C:\\src\\cart.ts: two',
    'C:/src/cart.ts: two',
    '> Task :cart:test',
    '==42== HEAP SUMMARY:',
    '==42== ERROR SUMMARY: 0 errors from 0 contexts',
    'SUMMARY: two orders',
    '*** ready',
    'Error in the second part of the book',
    'SQL1234 is a number',
    'MODEL501N is out',
  ])('%s is none', (line) => {
    expect(read(line)).toMatchObject({ level: null, message: line });
  });
});

describe('a column or a cell', () => {
  it.each([
    [`${time};error;no stock`, 'ERROR', 'no stock'],
    [`${time};ALARM;PUMP1;too hot`, 'ERROR', 'PUMP1;too hot'],
    [`${time},error,no stock`, 'ERROR', 'no stock'],
    [`${time},cart,error,no stock`, 'ERROR', 'no stock'],
    ['10;warning;cart;low', 'WARN', '10;warning;cart;low'],
    [`${time}.967  Fault       0x0  cart is gone`, 'CRITICAL', 'cart is gone'],
    [`${time} | FAILED | cart is gone`, 'ERROR', 'cart is gone'],
    [`${time} [FAILED] cart is gone`, 'ERROR', 'cart is gone'],
    [`${time} Er(03) cart is gone`, 'ERROR', 'cart is gone'],
    [`${time} In(14) cart is there`, 'INFO', 'cart is there'],
    [`${time} app[web.1]: ERROR no stock`, 'ERROR', 'no stock'],
    [`NTC ${time} cart is there`, 'INFO', 'cart is there'],
    ['Thu Jan 29 08:51:24 2026 daemon.err cart[42]: no stock', 'ERROR', 'no stock'],
    ['yarn error no stock', 'ERROR', 'yarn error no stock'],
  ])('%s', (line, level, message) => {
    expect(read(line)).toMatchObject({ level, message });
  });

  it.each([
    `${time};cart;no error`,
    `${time} fail; cart is gone`,
    `${time} Failed orders are tried again`,
    `${time} Default is seven`,
    `${time} Er(07) is no level`,
    'one; error; two',
    'they yarn error no stock',
  ])('%s has none', (line) => {
    expect(read(line).level).toBeNull();
  });
});

describe('an icon', () => {
  it.each([
    ['✖ cart is gone', 'ERROR'],
    ['08:51:24 ❌ cart is gone', 'ERROR'],
    [`${time} 🚨 cart is gone`, 'ERROR'],
    ['⚠️  cart is low', 'WARN'],
    ['08:51:24 ✔ cart is there', 'INFO'],
    ['✅ WARN cart is low', 'WARN'],
    ['cart ✖ gone', null],
    ['⏳ cart', null],
  ])('%s', (line, level) => {
    expect(read(line).level).toBe(level);
  });
});
