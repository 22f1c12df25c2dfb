/**
 * Templates of a service: ids, merging, storing and forgetting.
 */
import { describe, expect, test } from 'vitest';
import type { TemplateRecord } from '../../../logs/templates/store.ts';
import { Templates } from '../../../logs/templates/templates.ts';
import { texts, trees } from '../../support/templates/trees.ts';

describe('text', () => {
  test('a value that looks like a word is shown as long as it never changes', () => {
    const templates = new Templates();
    const id = templates.add('link eth0 is ready on Monday');
    templates.add('link eth0 is ready on Monday');
    expect(templates.text(id)).toBe('link eth0 is ready on Monday');
    templates.add('link eth0 is ready on Friday');
    expect(templates.text(id)).toBe('link eth0 is ready on <*>');
    templates.add('link eth1 is ready on Monday');
    expect(templates.text(id)).toBe('link eth<*> is ready on <*>');
  });

  test('the empty line has a template', () => {
    const templates = new Templates();
    expect(templates.add('')).toBe(templates.add('  '));
    expect(templates.text(templates.add(''))).toBe('');
  });
});

describe('ids', () => {
  test('the same first line has the same id everywhere', () => {
    expect(new Templates().add('job 7 done')).toBe(new Templates().add('job 8 done'));
  });

  test('when templates become one, the older id stays and the others lead to it', () => {
    const templates = new Templates();
    const ids = trees.map((tree) => templates.add(`they cut ${tree} in the wood`));
    expect(new Set(ids).size).toBe(trees.length);
    templates.flush();
    expect(new Set(ids.map((id) => templates.resolve(id)))).toEqual(new Set([ids[0]]));
    expect(templates.add('they cut maple in the wood')).toBe(ids[0]);
    expect(templates.text(ids[5]!)).toBe('they cut <*> in the wood');
  });

  test('an unknown id stays as it is', () => {
    expect(new Templates().resolve('nothing')).toBe('nothing');
    expect(new Templates().text('nothing')).toBeUndefined();
  });
});

describe('pins', () => {
  test('a pinned word never becomes a value', () => {
    const lines = trees.map((tree) => `they cut ${tree} in the wood`);
    expect(texts(lines, new Templates({ pinned: ['oak'] })).toSorted()).toEqual([
      'they cut <*> in the wood',
      'they cut oak in the wood',
    ]);
  });

  test('a word pinned late gets a template of its own from then on', () => {
    const templates = new Templates();
    const [id] = trees.map((tree) => templates.add(`they cut ${tree} in the wood`));
    templates.flush();
    templates.pin('ash');
    const own = templates.add('they cut ash in the wood');
    templates.flush();
    expect(own).not.toBe(id);
    expect(templates.text(own)).toBe('they cut ash in the wood');
    expect(templates.add('they cut fir in the wood')).toBe(id);
  });
});

describe('entries', () => {
  /** A store of entries as an operator keeps it. */
  function save(templates: Templates, into: Map<string, TemplateRecord>): number {
    let count = 0;
    for (const [id, record] of templates.changed()) {
      count++;
      if (record === undefined) into.delete(id);
      else into.set(id, JSON.parse(JSON.stringify(record)));
    }
    return count;
  }

  const lines = [
    ...trees.map((tree) => `they cut ${tree} in the wood`),
    'sent 5 bytes to peer',
    'sent 5 bytes (7 KB) to peer',
    'plot area=Box{3} sold',
    'link eth0 is ready: true',
    ...trees.map((tree) => `they sold the ${tree} 31 of late`),
  ];

  test('what was saved goes on with the same ids and texts', () => {
    const before = new Templates();
    const entries = new Map<string, TemplateRecord>();
    for (const line of lines) before.add(line);
    save(before, entries);
    before.flush();
    save(before, entries);
    const ids = lines.map((line) => before.add(line));
    const after = new Templates();
    after.load(entries);
    expect(lines.map((line) => after.add(line))).toEqual(ids);
    expect(ids.map((id) => after.text(id))).toEqual(ids.map((id) => before.text(id)));
    expect(after.size).toBe(before.size);
    const first = new Templates().add('they cut elm in the wood');
    expect(after.resolve(first)).toBe(before.resolve(first));
  });

  test('words that were found to be values are saved, and found again', () => {
    const before = new Templates();
    const entries = new Map<string, TemplateRecord>();
    for (const tree of trees) before.add(`they cut ${tree} in the wood`);
    before.flush();
    save(before, entries);
    const after = new Templates();
    after.load(entries);
    expect(texts(['we saw ash from afar', 'we saw elm from afar'], after)).toEqual(['we saw <*> from afar']);
    expect([...entries.values()].filter(({ kind }) => kind === 'word')).toHaveLength(trees.length);
  });

  test('a sign in the place of a value has the same id after a restart', () => {
    const before = new Templates();
    const line = (of: string): string => `{"log":"${of}","stream":"","time":""}`;
    const id = before.add(line(''));
    before.add(line(','));
    before.flush();
    expect(before.add(line(','))).toBe(id);
    const after = new Templates();
    after.load(JSON.parse(JSON.stringify([...before.changed()])));
    expect(after.add(line(','))).toBe(id);
  });

  test('words that are too many are forgotten, and their entries removed', () => {
    const templates = new Templates({ limit: 10 });
    const entries = new Map<string, TemplateRecord>();
    const words = () => [...entries.values()].filter(({ kind }) => kind === 'word').length;
    for (let i = 0; i < 60; i++) {
      templates.add(`they cut ${letters(i)} in the wood`);
      if (i === 5) templates.flush();
      save(templates, entries);
      if (i === 49) expect(words()).toBe(50);
    }
    expect(words()).toBe(10);
  });

  test('of two thousand templates only those that changed are given out', () => {
    const templates = new Templates({ limit: 3000 });
    const entries = new Map<string, TemplateRecord>();
    for (let i = 0; i < 2000; i++) templates.add(`unit ${letters(i)} of kind ${letters(i * 7)} failed`);
    expect(save(templates, entries)).toBe(2000);
    templates.add(`unit ${letters(5)} of kind ${letters(35)} failed`);
    expect(save(templates, entries)).toBe(0);
    templates.add('a new one');
    expect(save(templates, entries)).toBe(1);
  });
});

describe('bounds', () => {
  test('no more templates than the limit are kept, and removals are given out', () => {
    const templates = new Templates({ limit: 100 });
    const entries = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      templates.add(`${letters(i)} does not look like ${letters(i * 31)} and never ${letters(i * 77)}ed`);
      for (const [id, record] of templates.changed()) record === undefined ? entries.delete(id) : entries.add(id);
    }
    expect(templates.size).toBeLessThanOrEqual(100);
    expect(entries.size).toBeLessThanOrEqual(100);
  });

  test('random words in three places end up in a few templates and a bounded number of entries', () => {
    const templates = new Templates();
    const entries = new Set<string>();
    for (let i = 0; i < 60_000; i++) {
      const word = letters(i);
      templates.add([`found tree ${word} in the wood`, `${word} was sold to them there`, `they saw: ${word}`][i % 3]!);
      if (templates.isDue) templates.step(1000);
      if (i % 1000 === 0)
        for (const [id, record] of templates.changed()) record === undefined ? entries.delete(id) : entries.add(id);
    }
    templates.flush();
    expect(templates.size).toBe(3);
    expect(entries.size).toBeLessThan(9 * 2000 + 2000);
  });

  test('what is used is kept', () => {
    const templates = new Templates({ limit: 100 });
    const id = templates.add('the one that is used');
    for (let i = 0; i < 1000; i++) {
      templates.add(`once ${letters(i * 31)}ed upon ${letters(i * 77)}ed`);
      templates.add('the one that is used');
    }
    expect(templates.text(id)).toBe('the one that is used');
  });
});

test('a merge can be cut into small steps with lines between', () => {
  const templates = new Templates();
  const ids: string[] = [];
  for (const tree of trees) ids.push(templates.add(`they cut ${tree} in the wood`));
  let steps = 1;
  for (; !templates.step(1); steps++) ids.push(templates.add(`they saw ${trees[steps % 12]} from afar`));
  expect(steps).toBeGreaterThan(5);
  templates.flush();
  expect(new Set(ids.map((id) => templates.resolve(id))).size).toBe(2);
});

test('the values of a line have types', () => {
  const templates = new Templates();
  const line = 'peer 10.0.0.7:80 of 3fa9c1d2-0000-4000-8000-00000000abcd sent 17 in 350ms to /srv/x for eth7';
  templates.add(line);
  templates.add(line.replace('eth7', 'eth8'));
  expect(templates.parameters(line)).toEqual([
    { type: 'ip', value: '10.0.0.7:80' },
    { type: 'uuid', value: '3fa9c1d2-0000-4000-8000-00000000abcd' },
    { type: 'number', value: '17' },
    { type: 'duration', value: '350ms' },
    { type: 'path', value: '/srv/x' },
    { type: 'number', value: '7' },
  ]);
  expect(templates.parameters('a line that was never seen')).toEqual([]);
});

/** A word of letters for a number. */
function letters(n: number): string {
  let word = '';
  for (let left = n + 1; left > 0; left = Math.floor(left / 20)) word += 'bcdfghjklmnpqrstvwxz'[left % 20];
  return `q${word}u`;
}
