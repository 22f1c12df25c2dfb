/** Lines without a time behind those that have one: events, unless something shows that they go on. */
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

/** How many lines each event has. */
function sizes(text: string): number[] {
  const joiner = new LineJoiner();
  const events = text.split('\n').map((line) => joiner.push(line));
  return [...events, joiner.flush()].flatMap((event) => (event === null ? [] : [event.length]));
}

const info = '2026-01-29 08:51:24 INFO order 7 taken';
const error = '2026-01-29 08:51:24 ERROR order 7 lost';

describe('a line without a time is an event', () => {
  test.each([
    ['of a program that has started', 'listening on port 80\nconnected to the database'],
    ['that is repeated', 'order 8 done\norder 9 done\norder 10 done'],
    ['that only looks like a statement', 'from now on there is stock\nand there was none'],
    ['with a name in front', 'worker: ready\nstore: ready'],
    ['in another script', '注文が完了しました\nзаказ принят'],
    ['with pairs of its own', 'order=7 state=done\norder=8 state=done'],
    ['that asks something', 'is there stock?\nthere is none!'],
    ['with a label and an id', 'END OrderId: 7\nREPORT OrderId: 7'],
    ['that says what is wrong in a pair', 'Internal Error: 7\nStore Failure: none'],
    ['with a level in a column', 'cart   ERROR   7 lost\npay    WARN    low'],
    ['with one gap', 'order 7   done\norder 8   done'],
    ['with a priority in front', '<3>no stock\n<6>ready'],
    ['of a build’s step', '#7 [3/5] RUN make\n#7 1.234 cart.c:7: no stock\n#7 ERROR: gone'],
    ['that opens a frame', '╭ low stock\n╭ no stock'],
  ])('%s', (_, text) => {
    const plain = text.split('\n').map(() => 1);
    expect(sizes(`${info}\n${text}\n${info}`)).toEqual([1, ...plain, 1]);
  });

  test('where a level in a column stands behind one blank, or a short one in front of a time', () => {
    expect(sizes(' ERROR  no stock\n WARN  low\n LOG  ready\n    at cart')).toEqual([1, 1, 2]);
    expect(sizes(`${error}\nNTC 2026-01-29 08:51:24 ready`)).toEqual([1, 1]);
    expect(sizes(`${error}\nABC 2026-01-29 08:51:24 goes on`)).toEqual([2]);
  });

  test('also behind others of its kind and behind an error, where the source writes such', () => {
    const plain = 'order 8 done\n'.repeat(60);
    expect(sizes(`${info}\n${plain}${error}\n${plain}${info}`)).toEqual(new Array(123).fill(1));
  });
});

describe('a line without a time goes on', () => {
  test.each([
    ['with more about an error', `${error}\nthere is no stock\nask for more`],
    ['with a class in its packages', `${error}\nshop.cart.Worse: none left\n\tat shop.Cart.add(Cart.java:12)`],
    ['with a frame of Ruby', `${error} (RuntimeError)\ncart.rb:12:in 'add'\n\tfrom shop.rb:3:in '<main>'`],
    ['with the clauses of a statement', `${info} by SELECT *\nFROM orders\nwhere id = 7\nORDER BY day`],
    ['with a clause below an indented one', `${info} by select name\n  , price\nfrom orders`],
    ['with several values under their names', `${info}\nversion: '5.7'  socket: '/tmp/shop.sock'  port: 3306`],
    ['with one value after the other', `${info}\nshop.name = cart\nshop.port=80\nstock.limit = 7`],
    ['with rows of a table', `${info} in\nplace    shelf   left\nnorth    4       70\nsouth    5       80`],
    ['with a table that is drawn', `${info} in\n+----+---+\n| no | 7 |\n+----+---+`],
    ['with pairs of which the first has a number', `${info}\nport: 8080\nhost: cart-1\ndebug: false`],
    ['with a colon in a column', `${info}\nPID    : 42    TID  : 7\nPlace  : north`],
    ['with a tree', `${info}\n├── cart\n│   └── 7\n└── pay`],
    ['with what stands below a time alone', `2026-01-29T08:51:24Z\nORA-00600: gone\nsee the file`],
    ['with more under the same label', `2026-01-29 08:51:24 Store: no file\nStore: one is made`],
  ])('%s', (_, text) => {
    expect(sizes(`${text}\n${info}`)).toEqual([text.split('\n').length, 1]);
  });

  test('inside of a frame, in a source without times', () => {
    expect(sizes('ready\n╷\n│ Error: no stock\n│ \n│   on main.tf line 7\n╵\nready')).toEqual([1, 5, 1]);
    expect(sizes('ready\n┌ Warning: low\n└ @ Main cart.jl:7\n┌ Warning: none\n└ @ Main cart.jl:8')).toEqual([1, 2, 2]);
    expect(sizes('ready\n│ one\n─ two')).toEqual([1, 1, 1]);
  });

  test('with a class only where it was thrown', () => {
    expect(sizes(`${info}\nshop.cart.Worse: none left\n${info}`)).toEqual([1, 1, 1]);
    const thrown = 'shop.cart.Worse: none left\n\tat shop.Cart.add(Cart.java:12)';
    expect(sizes(`${info}\nready\n${error}\n${thrown}\n${info}`)).toEqual([1, 1, 3, 1]);
  });
});
