/**
 * Which templates become one.
 */
import { describe, expect, test } from 'vitest';
import { Templates } from '../../../logs/templates/templates.ts';
import { texts, trees } from '../../support/templates/trees.ts';

describe('merging', () => {
  test('one place: many words are values', () => {
    expect(texts(trees.map((tree) => `they cut ${tree} in the wood`))).toEqual(['they cut <*> in the wood']);
  });

  test('two places at once: a user and a host', () => {
    const lines = trees.map((tree, i) => `login of ${tree} at ${trees[(i * 5 + 3) % 12]} was slow today`);
    expect(texts(lines)).toEqual(['login of <*> at <*> was slow today']);
  });

  test('records: any of the values of a row of keys may change', () => {
    const lines = trees.map((tree, i) => {
      const [b, c] = [trees[(i * 5 + 3) % 12], trees[(i * 7 + 1) % 12]];
      return `plot kindOf=${tree} next_to=${b} far_off=${c}`;
    });
    expect(texts(lines)).toEqual(['plot kindOf=<*> next_to=<*> far_off=<*>']);
  });

  test('fields: quoted ones may be of any length', () => {
    const lines = trees.map((tree, i) => {
      const words = [tree, ...trees.slice(0, i % 4)].join(' and 7 ');
      return `plot kind=${i} name="${words}" by=9`;
    });
    expect(texts(lines)).toEqual(['plot kind=<*> name="<*>" by=<*>']);
  });

  test('fields: four quotations are not many', () => {
    const lines = ['7 trees', '7 old trees', '7 tall old trees', 'few trees, 7 tall'];
    expect(texts(lines.map((words) => `plot kind=7 name="${words}" by=7`))).toHaveLength(4);
  });

  test('hosts: a form that another one would take in now belongs to it', () => {
    const some = trees.slice(0, 5);
    const grid = some.flatMap((a) => some.flatMap((b) => some.map((c) => `they cut ${a} near ${b} with ${c}`)));
    expect(texts(['they cut plum near pear with peach', ...grid])).toEqual(['they cut <*> near <*> with <*>']);
  });

  test('spans: several words where others have one value', () => {
    expect(texts(['worker (31) is late', 'worker (idle since 31) is late'])).toEqual(['worker (<*>) is late']);
  });

  test('spans: nothing, or mere signs, where others have a value', () => {
    expect(texts(['call f(31) is late', 'call f() is late', 'call f(;;) is late'])).toEqual(['call f(<*>) is late']);
  });

  test('spans: words only where words were found to be values', () => {
    const lines = trees.map((tree) => `worker (${tree}) is late`);
    expect(texts(['worker (in the wood) is late', ...lines])).toEqual(['worker (<*>) is late']);
    expect(texts(['worker (in the wood) is late', 'worker (31) is late'])).toHaveLength(2);
    expect(texts(['worker (out in the wood) is late', ...lines])).toHaveLength(2);
  });

  test('optional parts: remarks behind values, and units', () => {
    const lines = ['sent 5 bytes to peer', 'sent 5 bytes (7 KB) to peer', 'sent 5 to peer'];
    expect(texts(lines)).toEqual(['sent <*> to peer']);
  });

  test('spans: more words where words were found to be values, but none that tell what happened', () => {
    const lines = trees.map((tree) => `worker [${tree}] is late`);
    expect(texts(['worker [ash elm fir oak yew] is late', ...lines])).toEqual(['worker [<*>] is late']);
    expect(
      texts(['worker [ash elm fir lost yew] is late', 'worker [of the old wood now] is late', ...lines]),
    ).toHaveLength(2);
  });

  test('optional parts: quotes around a value, and one more of what is in brackets', () => {
    expect(texts(['{"of":"7","by":[{"n":1},{"n":2}]}', '{"of":7,"by":[{"n":1}]}'])).toEqual([
      '{"of":<*>,"by":[{"n":<*>}]}',
    ]);
    expect(texts(['by (n=1), (n=2)', 'by (n=1), (m=2)', 'by (n=1)'])).toHaveLength(2);
  });

  test('optional parts: more values, and one before a bracket', () => {
    expect(texts(['sent 5 to peer', 'sent 5, 6 to peer', 'sent 5, 6, 7 to peer'])).toEqual(['sent <*> to peer']);
    expect(texts(['sent to peer by 5(uid=0)', 'sent to peer by (uid=0)'])).toEqual(['sent to peer by (uid=<*>)']);
    expect(texts(['by 5(uid=0)', 'by (uid=0)'])).toHaveLength(2);
  });

  test('words that were values in one place are values in another, whenever that was seen', () => {
    const lines = trees.map((tree) => `they cut ${tree} in the wood`);
    const others = ['we saw ash from afar', 'we saw elm from afar'];
    expect(texts([...lines, ...others])).toHaveLength(2);
    expect(texts([...others, ...lines])).toHaveLength(2);
    expect(texts([...lines, 'we saw ash from afar', 'we saw smoke from afar'])).toHaveLength(3);
  });

  test('a word that a value takes the place of later is a value, too', () => {
    const templates = new Templates();
    texts(
      trees.map((tree) => `they cut ${tree} in the wood`),
      templates,
    );
    templates.add('they cut maple in the wood');
    expect(texts(['we saw ash from afar', 'we saw maple from afar'], templates)).toEqual(['we saw <*> from afar']);
  });

  test('objects that hold one value are values', () => {
    expect(texts(['plot area=Box{3} sold', 'plot area=3 sold'])).toEqual(['plot area=<*> sold']);
  });

  test('new holes side by side are one', () => {
    const lines = trees.flatMap((tree) => [`they cut the ${tree} 31 of late`]);
    expect(texts([...lines, 'they cut the 31 of late'])).toEqual(['they cut the <*> of late']);
  });

  test('words that tell what happened stay apart', () => {
    expect(texts(['the session of 7 opened', 'the session of 7 closed'])).toHaveLength(2);
  });
});

describe('names in a row of letters of a script without blanks', () => {
  const names = ['刘备', '关羽', '张飞', '诸葛亮', '曹操', '孙权', '周瑜', '司马懿'];
  const inside = (count: number) => names.slice(0, count).map((name) => `会员${name}提交了申请，共7次`);

  test('eight of them are a value, and the text around it stays', () => {
    expect(texts(inside(8))).toEqual(['会员<*>提交了申请，共<*>次']);
    expect(texts(inside(7))).toHaveLength(7);
  });

  test('at the end, where the outcome stands, sixteen', () => {
    const ends = [...'一二三四五六七八九十百千万亿兆京'].map((name) => `会员提交给${name}`);
    expect(texts(ends)).toEqual(['会员提交给<*>']);
    expect(texts(ends.slice(1))).toHaveLength(15);
  });

  test('other lines with other text around stay apart, also first seen later', () => {
    const templates = new Templates();
    const ids = inside(8).map((line) => templates.add(line));
    templates.flush();
    expect(templates.add('会员黄忠提交了申请，共7次')).toBe(templates.resolve(ids[0]!));
    expect(templates.add('会员黄忠取消了申请，共7次')).not.toBe(templates.resolve(ids[0]!));
    expect(templates.parameters('会员黄忠提交了申请，共7次').map(({ value }) => value)).toEqual(['黄忠', '7']);
  });

  test('they are found again after a restart', () => {
    const before = new Templates();
    const ids = inside(8).map((line) => before.add(line));
    before.flush();
    const after = new Templates();
    after.load(JSON.parse(JSON.stringify([...before.changed()])));
    expect(after.add('会员黄忠提交了申请，共7次')).toBe(before.resolve(ids[0]!));
  });

  test('a pinned one stays', () => {
    const lines = [...inside(8), '会员黄忠提交了申请，共7次'];
    expect(texts(lines, new Templates({ pinned: ['会员黄忠提交了申请'] }))).toHaveLength(2);
  });
});
