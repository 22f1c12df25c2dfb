/**
 * What the lexer takes for a value and what for a word.
 */
import { describe, expect, test } from 'vitest';
import { Lexer } from '../../../logs/templates/lexer.ts';

/** The tokens of a line with single blanks between. */
function tokens(line: string, pinned: readonly string[] = []): string {
  const lexer = new Lexer(new Set(pinned));
  lexer.read(line);
  return Array.from({ length: lexer.tokens.length }, (_, i) => lexer.tokens.text(lexer.line, i)).join(' ');
}

describe('pieces', () => {
  test.each([
    ['numbers of all kinds', 'took 31 -4 +7 1.5e3 0x1f 12ms 99.5% ok', 'took <*> ok'],
    ['times and dates', 'at 12:30:05.123 on 2026-01-29 ok', 'at <*> on <*> ok'],
    ['addresses and ports', 'peer 10.0.0.7:5432 up', 'peer <*> up'],
    [
      'addresses of hexadecimal groups',
      'peer fe80::1:2 via ::1 and mac 0a:1b:2c:3d:4e:5f',
      'peer <*> via <*> and mac <*>',
    ],
    ['hexadecimal words', 'hash cafebabe is not facade', 'hash <*> is not facade'],
    ['hexadecimal words with digits', 'id bea45530: gone', 'id <*> : gone'],
    ['yes and no', 'ready true cached False', 'ready <*> cached <*>'],
    ['words with a short number', 'link eth0 lost', 'link eth<*> lost'],
    ['words with a number behind a sign', 'on node-12 by task#7 as job-3fa9c', 'on node-<*> by task#<*> as job-<*>'],
    ['versions behind a name', 'run jelly-4.2.1 now', 'run jelly-<*> now'],
    ['addresses on the web', 'get https://a.example/b?c=d;e|f now', 'get <*> now'],
    ['paths', 'open /var/x/y ./z ~/q C:\\t\\u end', 'open <*> end'],
    ['partitions in paths', 'write /data/day=3/part=4 end', 'write <*> end'],
    ['mail addresses', 'to joe@host.example now', 'to <*> now'],
    ['accounts on a host', 'as joe@desk now', 'as <*> now'],
    ['names in packages', 'load com.shop/Cart and com.shop.cart.Line now', 'load <*> and <*> now'],
    ['an error class stays', 'threw com.shop.cart.StockException', 'threw com.shop.cart.StockException'],
    ['the class a line begins with stays', 'com.shop.cart.Line: sold', 'com.shop.cart.Line : sold'],
    ['hosts with a port', 'to api.shop.example:443 now', 'to <*> now'],
    ['a place in code keeps its name', 'at Cart.addLine:77 now', 'at Cart.addLine : <*> now'],
    ['a key and its value', 'size:12 kind:big', 'size : <*> kind : big'],
    ['anything else with a digit', 'lot_77 of x9y z', '<*> of <*> z'],
    ['a place in a program keeps its name', 'in do_fork+0x1f/0x40 and main+0x7', 'in do_fork+<*> and main+<*>'],
    [
      'addresses with a zone, a port, a length or a sign behind',
      'at fe80::1%eth0, fe80::1#53, fe80::/10, ::1: up',
      'at <*> , <*> : up',
    ],
    [
      'letters of a script without blanks are parted from numbers, names and signs',
      '订单5508创建成功，耗时12ms。服务cart启动（完了）',
      '订单 <*> 创建成功 ， 耗时 <*> 。 服务 cart 启动 （ 完了 ）',
    ],
    [
      'letters and digits of other scripts without blanks',
      'ผู้ใช้cartเข้า๑๘ครั้ง 주문17번이 １２個　終',
      'ผู้ใช้ cart เข้า <*> ครั้ง 주문 <*> 번이 <*> 個 終',
    ],
    ['two slashes', 'and/or is not a/b/c', 'and/or is not <*>'],
    ['months and weekdays', 'on Monday 29 January late', 'on <*> late'],
    ['a request without path', 'GET / done, a / b', 'GET <*> done , a / b'],
    ['the root of a path behind a sign', 'vhost "/" dir=/ and a / b', 'vhost " <*> " dir = <*> and a / b'],
    ['dots that lead to a value', 'cache enabled.......17', 'cache enabled ... <*>'],
    ['signs behind a word', 'done. why? 7! x:', 'done . why ? <*> ! x :'],
    ['signs alone', '=> * -- ok', '= > * -- ok'],
    ['letters of other scripts', 'пользователь вошёл 7 раз', 'пользователь вошёл <*> раз'],
  ])('%s', (_, line, expected) => {
    expect(tokens(line)).toBe(expected);
  });
});

describe('marks', () => {
  test.each([
    ['nothing is a value, too', 'a= () b= "" c=[]', 'a = ( <*> ) b = " <*> " c = [ <*> ]'],
    [
      'a key with nothing behind is a value, too',
      'a= b=7, c= ; (d=) e=',
      'a = <*> b = <*> , c = ; ( d = <*> ) e = <*>',
    ],
    ['what stands apart from its sign is no empty value', 'a = b= 7', 'a = b = <*>'],
    [
      'behind a key a name with a digit is a value, or one with parts',
      'tty=tty2 role=a_u:b_r:c t2 a_u:b_r:c',
      'tty = <*> role = <*> t<*> a_u : b_r : c',
    ],
    ['a sign in front or behind makes no such name', 'tty=:0 end=b7.', 'tty = : <*> end = b<*> .'],
    ['elements of an array are values', 'a0=ff arg1=x arg=x', 'a<*> = <*> arg<*> = <*> arg = x'],
    ['blanks in brackets are nothing', 'by [ ] at', 'by [ <*> ] at'],
    ['a call without arguments is none', 'init() ok', 'init ( ) ok'],
    ['a comparison belongs to its number', 'took <1 sec, left >=5', 'took <*> sec , left <*>'],
    ['the name of a browser', 'by "Fox/5.0 (A; B) C/1" end', 'by " <*> " end'],
    ['a dash in quotes', 'ref "-" end', 'ref " <*> " end'],
    ['a few quoted words are one', 'tag="big red lock", x', 'tag = " big red lock " , x'],
    ['other quotations are read', 'said "it is 7 now" twice', 'said " it is <*> now " twice'],
    ['quotes in quotes are plain', `sql "name = 'a b'" end`, `sql " name = ' a b ' " end`],
    ['an apostrophe is no quote', "can't and won't", "can ' t and won ' t"],
    [
      'a list in any brackets is a value',
      'Set(ash, elm) {ash,elm} <ash, elm> ["ash", \'elm\'] of ["ash"] (ash) ("ash") (ash elm, fir)',
      'Set ( <*> ) { <*> } < <*> > [ <*> ] of [ <*> ] ( ash ) ( " ash " ) ( ash elm , fir )',
    ],
    [
      'what happened is no list',
      'done (timeout, retry) of {open,close}',
      'done ( timeout , retry ) of { open , close }',
    ],
    [
      'words without blanks behind a key are a list',
      'to: ash,elm,fir in=ash|elm at=ash;elm',
      'to : <*> in = <*> at = <*>',
    ],
    ['words with other signs between are none', 'to: ash,elm|fir of 7', 'to : ash , elm | fir of <*>'],
    ['the words a line ends in behind a key are a list', 'at 7 to: ash, elm', 'at <*> to : <*>'],
    ['they are none where something follows', 'to: ash, elm of 7', 'to : ash , elm of <*>'],
    [
      'a row of words is none',
      'ash,elm x:ash,elm=7 x:ash,elm = 7 x:up,elm',
      'ash , elm x : ash , elm = <*> x : ash , elm = <*> x : up , elm',
    ],
    ['the colours of a console are nothing', '\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b(Bplain', 'red plain'],
    ['a list is a value', 'of=[a, b, c] in [a, b] not [a]', 'of = [ <*> ] in [ <*> ] not [ a ]'],
  ])('%s', (_, line, expected) => {
    expect(tokens(line)).toBe(expected);
  });
});

describe('folding', () => {
  test.each([
    ['values side by side', 'sum 1 2 3 end', 'sum <*> end'],
    ['values with signs between', 'sum 1,2 / 3 - 4 & 5 end', 'sum <*> end'],
    [
      'a comma and a blank part two values, and the last two of many',
      'at 1, 2 or 3, 4, 5',
      'at <*> , <*> or <*> , <*>',
    ],
    ['groups that repeat', 'up node-1 <ok> node-2 <ok> node-3 <ok> end', 'up node-<*> < ok > end'],
    [
      'groups in brackets that repeat, of any length',
      '[{"n":1,"of":{"k":2}}, {"n":3,"of":{"k":4}}, {"n":5,"of":{"k":6}}]',
      '[ { " n " : <*> , " of " : { " k " : <*> } } , { " n " : <*> , " of " : { " k " : <*> } } ]',
    ],
    ['words that repeat stay', 'very very very good', 'very very very good'],
  ])('%s', (_, line, expected) => {
    expect(tokens(line)).toBe(expected);
  });
});

describe('limits', () => {
  test('what stands behind the first row is one value', () => {
    expect(tokens('it failed\n  at a.b\n  at c.d')).toBe('it failed <*>');
    expect(tokens('{\n  "a": 1\n}')).toBe('{ " a " : <*>');
  });

  test('a line feed at the end is a blank', () => {
    expect(tokens('it failed\n')).toBe('it failed');
  });

  test('a long line is read up to a limit, without a cut word', () => {
    const start = 'word '.repeat(20);
    expect(tokens(start + 'a b c '.repeat(1000))).toMatch(/^(word ){20}(a b c )*.*<\*>$/);
    expect(tokens(`x ${'y'.repeat(5000)}`)).toBe('x <*>');
  });

  test('a lexeme of many parts has no more tokens than there is room for', () => {
    for (const parts of ['a:'.repeat(120), '订1'.repeat(120)]) {
      const lexer = new Lexer();
      lexer.read(`${'word '.repeat(250)}${parts}`);
      expect(lexer.tokens.length).toBeLessThan(264);
      expect(tokens(`${'word '.repeat(250)}${parts}`)).not.toContain('undefined');
    }
  });

  test('a long line is not cut within a character', () => {
    const lexer = new Lexer();
    lexer.read(`${'y'.repeat(2_047)}😀`);
    expect(lexer.line).toBe('y'.repeat(2_047));
  });

  test('a pinned word is kept whatever it looks like', () => {
    expect(tokens('link eth0 and 404 and May', ['eth0', '404', 'May'])).toBe('link eth0 and 404 and May');
  });

  test('lines that differ in values only have one key, others do not', () => {
    const lexer = new Lexer();
    expect(lexer.read('job 7 of eth0 took 3 ms')).toBe(lexer.read('job 9 of eth1 took 44 ms'));
    expect(lexer.read('job 7 took 3 ms')).not.toBe(lexer.read('job 7 took 3 s'));
  });
});
