import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Templates } from '../../logs/templates/templates.ts';
import { paneMs } from '../../signals/panes.ts';
import { type MinedTemplates, ServiceTemplates, type TemplatePane } from '../../signals/template-pane.ts';
import { logOf, morning } from '../support/incidents/logs-of.ts';

/** A service whose templates are mined; `crash` forgets all but what is kept. */
function mined() {
  const memory: MinedTemplates = { forms: new Map(), panes: new Map(), news: new Map() };
  let templates = new ServiceTemplates(memory.forms);
  return {
    memory,
    crash() {
      templates = new ServiceTemplates(memory.forms);
    },
    add: (pane: number, ...messages: string[]) => {
      for (const message of messages) templates.add(logOf(message), morning + pane * paneMs, memory);
    },
    close: (pane: number) => templates.close(morning + pane * paneMs, memory),
  };
}

const texts = (pane: TemplatePane | undefined) => pane?.seen.map(({ text }) => text);
const counts = (pane: TemplatePane | undefined) => pane?.counts.map(([, lines]) => lines);

describe('a pane of templates', () => {
  test('counts lines by template, whatever their values, and tells each template once', () => {
    const cart = mined();
    cart.add(0, 'order 1 done', 'order 2 done', 'cache is cold', 'order 3 done');
    const pane = cart.close(0);
    expect([pane?.lines, counts(pane), texts(pane)]).toEqual([4, [3, 1], ['order <*> done', 'cache is cold']]);
    expect(pane?.seen[0]?.first).toEqual({ time: morning, level: 'INFO', sample: 'order 1 done' });
    cart.add(1, 'order 4 done');
    expect(cart.close(1)).toMatchObject({ lines: 1, seen: [], merged: [] });
    expect(cart.close(1)).toBeUndefined();
  });

  test('a template and its sample are cut before a character of two halves', () => {
    const cart = mined();
    const message = `failed ${'word '.repeat(78)}ab😀 end`;
    expect(message.indexOf('😀')).toBe(399);
    cart.add(0, message);
    expect(cart.close(0)?.seen).toMatchObject([
      { text: message.slice(0, 399), first: { sample: message.slice(0, 399) } },
    ]);
  });

  test('only the first line of an event counts', () => {
    const cart = mined();
    cart.add(0, 'order 1 failed\njava.lang.Error\n\tat x', 'order 2 failed\njava.io.IOException');
    expect(texts(cart.close(0))).toEqual(['order <*> failed']);
  });

  test('templates that differ in values only are one by the end of their pane', () => {
    const cart = mined();
    const users = [
      'alice',
      'bob',
      'carol',
      'dave',
      'erin',
      'frank',
      'grace',
      'heidi',
      'ivan',
      'judy',
      'mallory',
      'oscar',
    ];
    cart.add(0, ...users.map((user) => `user ${user} logged in from here`));
    const pane = cart.close(0);
    expect([counts(pane), texts(pane)]).toEqual([[users.length], ['user <*> logged in from here']]);
    expect(pane?.merged.length).toBe(users.length - 1);
  });

  test('what is kept changes only where a template does', () => {
    const cart = mined();
    cart.add(
      0,
      ...Array.from(
        { length: 200 },
        (_, i) => `${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10) % 10]} is ready`,
      ),
    );
    cart.close(0);
    let writes = 0;
    const { forms } = cart.memory;
    const set = forms.set.bind(forms);
    forms.set = (...entry) => {
      writes++;
      return set(...entry);
    };
    cart.add(1, 'ak is ready', 'bl is ready');
    cart.add(1, 'the till is stuck');
    expect(writes).toBe(1);
  });

  test('a crash between any two lines changes nothing', () => {
    const lines = ['order 1 done', 'user bob came', 'order 2 done', 'cache is cold', 'user eve came', 'order 9 done'];
    const [straight, crashed] = [mined(), mined()];
    for (const [i, line] of [...lines, ...lines, ...lines].entries()) {
      straight.add(Math.floor(i / 5), line);
      crashed.add(Math.floor(i / 5), line);
      crashed.crash();
    }
    for (let pane = 0; pane < 4; pane++) expect(crashed.close(pane)).toEqual(straight.close(pane));
  });

  test('lines that are all different cost little at the end of their pane; counts are bounded, the sum is whole', () => {
    const noise = mined();
    const letters = (i: number) => String.fromCharCode(97 + (i % 26), 97 + ((i * 7) % 26), 97 + ((i * 11) % 26));
    noise.add(
      0,
      ...Array.from({ length: 3_000 }, (_, i) => `${'x '.repeat(1 + (i % 200))}${letters(i)}: ${letters(i * 3)}`),
    );
    const step = vi.spyOn(Templates.prototype, 'step');
    onTestFinished(() => step.mockRestore());
    const pane = noise.close(0);
    // Far from all forms were looked at: what is left is done at the ends of later panes.
    expect(step.mock.calls).toEqual([[20_000]]);
    expect(step.mock.results[0]?.value).toBe(false);
    expect(pane?.lines).toBe(3_000);
    expect(pane?.counts.length).toBeLessThanOrEqual(500);
  });
});
