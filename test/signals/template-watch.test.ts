import { describe, expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import type { TemplateMemory } from '../../signals/known-templates.ts';
import { paneMs } from '../../signals/panes.ts';
import { keepNotes, notesSince } from '../../signals/template-notes.ts';
import type { SeenTemplate, TemplatePane } from '../../signals/template-pane.ts';
import {
  closeMinute,
  minuteMs,
  minuteOf,
  newActivity,
  type ReportedTemplate,
  type TemplateNote,
  takePane,
} from '../../signals/template-watch.ts';
import { morning } from '../support/incidents/panes-of.ts';

/** A service that is told minute by minute how many lines it has of each template. */
function watched() {
  const memory: TemplateMemory = { templates: new Map(), aliases: new Map(), minutes: new Map() };
  const service = { name: 'cart', activity: newActivity(morning), memory };
  const known = new Set<string>();
  const told: ReportedTemplate[] = [];
  const notes: TemplateNote[] = [];
  const take = (pane: TemplatePane) => {
    const found = takePane(service, pane);
    notes.push(...found.notes);
    told.push(...found.rows);
    return found.became;
  };
  return {
    memory,
    told,
    take,
    /** The notes of minutes `from` to `to`. */
    show(from: number, to: number, make: (minute: number) => Readonly<Record<string, number>>): TemplateNote[] {
      const before = notes.length;
      for (let minute = from; minute < to; minute++) {
        const start = morning + minute * minuteMs;
        const counts = Object.entries(make(minute)).filter(([, lines]) => lines > 0);
        const fresh = counts.map(([id]) => id).filter((id) => !known.has(id));
        for (const id of fresh) known.add(id);
        const lines = counts.reduce((sum, [, n]) => sum + n, 0);
        if (lines > 0) take({ ...empty(start), lines, counts, seen: fresh.map((id) => seen(id, start)) });
        const found = closeMinute(service, start, { silence: incidentDefaults.silence, isLast: false });
        notes.push(...found.notes);
        told.push(...found.rows);
      }
      return notes.slice(before);
    },
  };
}

const empty = (start: number): TemplatePane => ({ service: 'cart', start, lines: 0, counts: [], seen: [], merged: [] });
const seen = (id: string, time: number): SeenTemplate => ({
  id,
  text: `${id} <*>`,
  first: { time, level: id.startsWith('bad') ? 'ERROR' : 'INFO', sample: `${id} 1` },
});
/** Steady but for the noise of a day. */
const usual = (minute: number) => ({ served: 60 + (minute % 7), checked: 12 + (minute % 3) });

describe('new templates', () => {
  test('are told after an hour of learning, with the line that brought them', () => {
    const cart = watched();
    expect(cart.show(0, 60, usual)).toEqual([]);
    const [note, ...rest] = cart.show(60, 61, (n) => ({ ...usual(n), bad: 3 }));
    expect(note).toMatchObject({
      kind: 'new',
      id: 'bad',
      text: 'bad <*>',
      sample: 'bad 1',
      level: 'ERROR',
      observed: 3,
    });
    expect(note?.since).toBe(morning + 60 * minuteMs);
    expect(rest).toEqual([]);
    expect(cart.show(61, 70, (n) => ({ ...usual(n), bad: 3 }))).toEqual([]);
  });

  test('are at most five a pane, the severe ones first', () => {
    const cart = watched();
    cart.show(0, 61, usual);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i === 17 ? 'bad' : 'odd'}${i}`, 1]));
    const notes = cart.show(61, 62, (n) => ({ ...usual(n), ...many }));
    expect([notes.length, notes[0]?.id]).toEqual([5, 'bad17']);
  });
});

describe('missing templates', () => {
  const without = (n: number) => ({ served: 60 + (n % 7) });

  test('are told once, while the service still speaks', () => {
    const cart = watched();
    cart.show(0, 180, usual);
    const notes = cart.show(180, 200, without);
    expect(notes).toMatchObject([{ kind: 'missing', id: 'checked', observed: 0, since: morning + 180 * minuteMs }]);
    expect(notes[0]!.expected).toBeGreaterThan(12);
  });

  test('are none of a service that has fallen silent as a whole', () => {
    const cart = watched();
    cart.show(0, 180, usual);
    expect(cart.show(180, 200, (n) => (n % 5 === 0 ? { served: 3 } : {}))).toEqual([]);
  });

  test('are none where a template always had such pauses', () => {
    const cart = watched();
    const hourly = (n: number) => ({ ...without(n), backup: n % 60 < 2 ? 40 : 0 });
    expect(cart.show(0, 600, hourly).filter((note) => note.since > morning + 130 * minuteMs)).toEqual([]);
  });
});

describe('surging templates', () => {
  test('are told with what was expected', () => {
    const cart = watched();
    cart.show(0, 120, usual);
    const [note] = cart.show(120, 121, (n) => ({ ...usual(n), checked: 90 }));
    expect(note).toMatchObject({ kind: 'surging', id: 'checked', observed: 90, since: morning + 120 * minuteMs });
    expect(note!.expected).toBeGreaterThan(10);
    expect(note!.expected).toBeLessThan(40);
  });

  test('are none when all lines surge alike', () => {
    const cart = watched();
    cart.show(0, 120, usual);
    expect(cart.show(120, 140, (n) => ({ served: 10 * usual(n).served, checked: 10 * usual(n).checked }))).toEqual([]);
  });

  test('are none in ten quiet hours', () => {
    expect(watched().show(0, 600, usual)).toEqual([]);
  });
});

describe('the table is told', () => {
  test('of a new template at the end of its minute, and at most every quarter of an hour after', () => {
    const cart = watched();
    cart.show(0, 60, usual);
    const rows = cart.told.filter(({ id }) => id === 'served');
    expect(rows.length).toBe(4);
    expect(rows[0]).toMatchObject({ first: morning, count: 60, level: 'INFO', sample: 'served 1' });
    expect(rows.at(-1)!.count).toBeGreaterThan(46 * 60);
  });

  test('of two that have become one: the younger leads to the older, which has the lines of both', () => {
    const cart = watched();
    cart.show(0, 20, usual);
    cart.take({ ...empty(morning + 20 * minuteMs), merged: [['served', 'checked']] });
    const alias = cart.told.at(-1)!;
    cart.show(20, 40, (n) => ({ served: 1, checked: n % 2 }));
    const root = cart.told.findLast(({ id }) => id === alias.into)!;
    expect(alias.id).not.toBe(alias.into);
    expect(root.count).toBeGreaterThan(20 * 72);
    expect(cart.memory.templates.get(alias.id)).toBeUndefined();
  });

  test('places that disagree on who became whose make no circle', () => {
    const cart = watched();
    cart.show(0, 2, usual);
    cart.take({ ...empty(morning + 2 * minuteMs), merged: [['served', 'checked']] });
    cart.take({ ...empty(morning + 2 * minuteMs), merged: [['checked', 'served']] });
    expect([...cart.memory.templates.entries()].length).toBe(1);
    expect(cart.show(2, 5, usual)).toEqual([]);
  });
});

test('a pane that comes late adds to the sums and to nothing else', () => {
  const cart = watched();
  cart.show(0, 10, usual);
  const before = cart.memory.templates.get('served')!.count;
  cart.take({ ...empty(morning), lines: 7, counts: [['served', 7]] });
  expect(cart.memory.templates.get('served')!.count).toBe(before + 7);
  expect([...cart.memory.minutes.entries()]).toEqual([]);
  expect(minuteOf(morning + paneMs)).toBe(morning);
});

test('what new templates have become is said once their service is known', () => {
  const becomes = (minute: number) => {
    const cart = watched();
    const start = morning + minute * minuteMs;
    cart.show(0, minute, usual);
    cart.take({ ...empty(start), lines: 2, seen: [seen('bad1', start), seen('bad2', start + 1)] });
    const now = { id: 'bad1', text: 'bad <*>', first: null };
    return cart.take({ ...empty(start + paneMs), seen: [now], merged: [['bad2', 'bad1']] });
  };
  expect(becomes(30)).toEqual([]);
  const first = morning + 90 * minuteMs;
  expect(becomes(90)).toEqual([
    { id: 'bad1', into: 'bad1', text: 'bad <*>', first },
    { id: 'bad2', into: 'bad1', text: 'bad <*>', first },
  ]);
});

describe('notes kept for incidents', () => {
  const note = (kind: TemplateNote['kind'], id: string, minute: number, observed = 1): TemplateNote => {
    return { kind, id, text: id, level: null, sample: id, since: morning + minute * minuteMs, observed, expected: 0 };
  };

  test('belong to an anomaly if they came with it, not if they came before', () => {
    const kept = new Map<string, readonly TemplateNote[]>();
    keepNotes(kept, { service: 'cart', notes: [note('new', 'old', 0)] });
    keepNotes(kept, { service: 'cart', notes: [note('new', 'fresh', 9), note('missing', 'gone', 10)] });
    const of = (minute: number) =>
      notesSince(kept.get('cart'), { onset: morning + minute * minuteMs }).map((n) => n.id);
    expect([of(10), of(30), notesSince(kept.get('user'), { onset: morning })]).toEqual([['fresh', 'gone'], [], []]);
  });

  test('the worst minute of a surge is the one that is shown', () => {
    const kept = new Map<string, readonly TemplateNote[]>();
    for (const [minute, observed] of [20, 90, 40].entries()) {
      keepNotes(kept, { service: 'cart', notes: [note('surging', 'retry', minute, observed)] });
    }
    expect(kept.get('cart')).toMatchObject([{ observed: 90 }]);
  });

  test('are of what their templates have become', () => {
    const kept = new Map<string, readonly TemplateNote[]>();
    keepNotes(kept, {
      service: 'cart',
      notes: [note('new', 'a', 20, 3), note('new', 'b', 21, 4), note('new', 'c', 21)],
    });
    const since = morning + 20 * minuteMs;
    const became = ['a', 'b'].map((id) => ({ id, into: 'a', text: 'off by <*>', first: since }));
    keepNotes(kept, { service: 'cart', notes: [], became });
    expect(kept.get('cart')).toMatchObject([
      { id: 'a', text: 'off by <*>', observed: 7, since },
      { id: 'c', text: 'c' },
    ]);
  });

  test('are no news if their template turns out to have long been there', () => {
    const kept = new Map<string, readonly TemplateNote[]>();
    keepNotes(kept, { service: 'cart', notes: [note('new', 'b', 20)] });
    keepNotes(kept, { service: 'cart', notes: [], became: [{ id: 'b', into: 'a', text: 'a', first: morning }] });
    expect(notesSince(kept.get('cart'), { onset: morning + 20 * minuteMs })).toEqual([]);
  });
});
