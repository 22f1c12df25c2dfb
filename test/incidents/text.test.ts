/** What is said of an incident at each moment of its life, against what was true then. */
import { describe, expect, test } from 'vitest';
import { emptyPane, type Pane, paneMs } from '../../signals/panes.ts';
import { timeOfDay as timeSaid } from '../../signals/signal-kind.ts';
import type { Time } from '../../time/duration.ts';
import { inMinutes, ordinary, pane } from '../support/incidents/panes-of.ts';
import { eventsOf, through, timeAt } from '../support/incidents/story-of.ts';

const timeOfDay = (time: Time) => timeSaid(time, time);
const begin = inMinutes(60 * 6);
const later = (minutes: number) => begin + inMinutes(minutes);
const kinds = (events: readonly { event: string }[]) => events.map((e) => e.event);
const time = (i: number) => timeOfDay(timeAt(i));
const between = (from: number, to: number, during: (i: number) => Pane) => (i: number) =>
  i >= from && i < to ? during(i) : ordinary(i);
const nothing = () => emptyPane();

describe('errors that begin and end', () => {
  const events = eventsOf({ cart: between(begin, later(10), () => pane(100, 30)), user: ordinary }, later(30));
  const [opened] = events;
  const well = events.find((e) => e.summary.includes('well since'))!;
  const resolved = events.at(-1)!;

  test('are told within two minutes, since when they came', () => {
    expect(opened).toMatchObject({
      event: 'opened',
      services: ['cart'],
      started_at: new Date(timeAt(begin)).toISOString(),
    });
    expect(opened!.at - begin).toBeLessThan(12);
    expect(opened!.summary).toMatch(
      new RegExp(
        `^cart: \\d+ errors in the minute to ${timeOfDay(timeAt(opened!.at + 1))} where .* usual, since ${time(begin)}$`,
      ),
    );
  });

  test('are said to be over within two minutes of their end, since that end', () => {
    expect(well.event).toBe('updated');
    expect((well.at + 1 - later(10)) * paneMs).toBeLessThanOrEqual(100_000);
    expect(well.symptoms[0]).toMatchObject({ observed: expect.toSatisfy((n: number) => n <= 1) });
    expect(Date.parse(well.symptoms[0]!.well_since!) - timeAt(later(10))).toSatisfy(
      (ms: number) => ms >= 0 && ms <= 2 * paneMs,
    );
    expect(well.summary).toMatch(
      new RegExp(
        `^cart: well since ${timeOfDay(Date.parse(well.symptoms[0]!.well_since!))}; from ${time(begin)} up to \\d+ errors in the minute to [\\d:]+ where`,
      ),
    );
  });

  test('are resolved three minutes after their end, at that end', () => {
    expect(kinds(events.slice(-2))).toEqual(['updated', 'resolved']);
    expect(resolved.resolved_at).toBe(well.symptoms[0]!.well_since);
    expect(timeAt(resolved.at + 1) - Date.parse(resolved.resolved_at!)).toBe(180_000);
    expect(resolved.summary).toBe(well.summary);
  });

  test('are shown as they are now and as they were at the peak', () => {
    expect(resolved.symptoms[0]!.peak).toMatchObject({ kind: 'errors', window_seconds: 60 });
    expect(resolved.symptoms[0]!.peak.observed).toBe(180);
    expect(resolved.symptoms[0]!.observed).toBeLessThan(3);
  });
});

test('errors that fall are told as they fall', () => {
  const fading = (i: number) => pane(100, Math.round(60 * 0.5 ** ((i - begin) / inMinutes(3))));
  const events = eventsOf({ cart: between(begin, later(40), fading) }, later(60));
  const observed = events.map((e) => (e.symptoms[0]!.observed * 60) / e.symptoms[0]!.window_seconds);
  const highest = observed.indexOf(Math.max(...observed));
  expect(events.length - highest).toBeGreaterThan(3);
  expect(observed.slice(highest)).toEqual(observed.slice(highest).toSorted((a, b) => b - a));
  expect(events.at(-2)!.summary).toContain('well since');
});

describe('a service that fails, dies and comes back', () => {
  const failing = (i: number) => (i < later(1) ? pane(100, 40) : emptyPane());
  const events = eventsOf({ cart: between(begin, later(20), failing), user: ordinary }, later(40));

  test('is in one incident, which no silence holds back', () => {
    expect(new Set(events.map((e) => e.incident_id)).size).toBe(1);
    expect(events.some((e) => e.suppressed)).toBe(false);
  });

  test('is not called well while it writes nothing', () => {
    const dead = events.filter(({ at }) => at < later(20));
    expect(dead.map((e) => e.summary).filter((text) => text.includes('well'))).toEqual([]);
  });

  test('is said to be silent since its last line, and how it was before', () => {
    const silent = events.find((e) => e.symptoms[0]!.kind === 'silent')!;
    expect(silent.event).toBe('updated');
    expect(silent.at + 1).toBe(later(3));
    const last = timeOfDay(timeAt(later(1)) - 1);
    expect(silent.summary).toMatch(
      new RegExp(`^cart: no line since ${last} where about \\d+ a minute are usual; before that \\d+ errors in`),
    );
    expect(silent.symptoms[0]!.last_line).toBe(new Date(timeAt(later(1)) - 1).toISOString());
  });

  test('is well since its first line, and its old errors do not count again', () => {
    const [well, resolved, ...more] = events.filter(({ at }) => at >= later(20));
    expect(well).toMatchObject({ event: 'updated', at: later(20) });
    const last = timeOfDay(timeAt(later(1)) - 1);
    expect(well!.summary).toContain(`well since ${time(later(20))}; from ${time(begin)} up to`);
    expect(well!.summary).toContain(`no line from ${last} to ${time(later(20))}`);
    expect(resolved).toMatchObject({ event: 'resolved', resolved_at: new Date(timeAt(later(20))).toISOString() });
    expect(more).toEqual([]);
  });
});

describe('silence', () => {
  test('of the only service there is opens an incident', () => {
    const events = eventsOf({ cart: between(begin, later(20), nothing) }, later(19));
    expect(kinds(events)[0]).toBe('opened');
    expect(events.some((e) => e.suppressed)).toBe(false);
  });

  test('of all services of a file is the pipeline; of those of two files it is theirs', () => {
    const stopped = (file: string) => (i: number) => through(file, between(begin, later(20), nothing)(i));
    const together = eventsOf({ cart: stopped('/a.log'), user: stopped('/a.log') }, later(30));
    expect(kinds(together)).toEqual(['suppressed', 'updated', 'resolved']);
    expect(together[0]!.reason).toBe(
      `pipeline: nothing came from /a.log since ${time(begin)}: 2 services fell silent together, so the log pipeline is at fault`,
    );
    expect(together[1]!.reason).toMatch(/nothing came from \/a\.log from [\d:]+ to [\d:]+: 2 services/);
    expect(together[1]!.summary).toContain(`well since ${time(later(20))}; no line from`);
    const apart = eventsOf({ cart: stopped('/a.log'), user: stopped('/b.log') }, later(10));
    expect(apart[0]).toMatchObject({ event: 'opened', services: ['cart', 'user'] });
  });

  test('after one burst of lines is none: a burst is not a rate', () => {
    expect(eventsOf({ cart: (i) => (i === 0 ? pane(5) : emptyPane()), user: ordinary }, inMinutes(60 * 12))).toEqual(
      [],
    );
  });
});

test('a service that fails and stops before it is known for long is not called well', () => {
  const dying = (i: number) => (i < 180 ? pane(100, i >= 170 ? 90 : 0) : emptyPane());
  const events = eventsOf({ cart: dying, user: ordinary }, 180 + inMinutes(40));
  expect(kinds(events)).not.toContain('resolved');
  expect(events.map((e) => e.summary).filter((text) => text.includes('well'))).toEqual([]);
  expect(events.at(-1)!.summary).toContain(`no line since ${timeOfDay(timeAt(180) - 1)}`);
});

test('errors that stay for two hours are taken for usual, not called well', () => {
  const events = eventsOf({ cart: between(begin, later(400), () => pane(100, 20)) }, later(390));
  const last = events.at(-1)!;
  expect(last.event).toBe('resolved');
  expect(last.summary).toMatch(/^cart: taken for usual since /);
});

test('an open incident is not held back when its file stops', () => {
  const failing = (i: number) => pane(100, i >= begin ? 40 : 0);
  const stops = (make: (i: number) => Pane) => (i: number) => (i < later(3) ? through('/a.log', make(i)) : emptyPane());
  const events = eventsOf({ cart: stops(failing), user: stops(ordinary), mail: stops(ordinary) }, later(20));
  const cart = events.filter((e) => e.services.includes('cart'));
  expect(cart.some((e) => e.suppressed)).toBe(false);
  expect(cart.at(-1)!.summary).toContain('cart: no line since');
  const others = events.filter((e) => !e.services.includes('cart'));
  expect(others.every((e) => e.suppressed && e.reason!.startsWith('pipeline: nothing came from /a.log'))).toBe(true);
});

describe('a fault within a longer one', () => {
  const atEnd = (story: (i: number) => Pane, minutes: number) => eventsOf({ cart: story }, later(minutes)).at(-1)!;

  test('that is much worse is not taken for usual when the first was there for two hours', () => {
    const worse = (i: number) => (i < begin ? ordinary(i) : pane(100, i < later(118) ? 2 : 60));
    const last = atEnd(worse, 150);
    expect(last.event).not.toBe('resolved');
    expect(last.summary).not.toContain('taken for usual');
  });

  test('of errors is not taken for usual because of the silence before it', () => {
    const back = (i: number) => (i < begin ? ordinary(i) : i < later(125) ? emptyPane() : pane(100, 75));
    const last = atEnd(back, 150);
    expect(last.event).not.toBe('resolved');
    expect(last.summary).toMatch(/^cart: \d+ errors in /);
  });
});

test('a silence of many hours is said to end with the first line, with dates', () => {
  const events = eventsOf({ cart: between(begin, later(60 * 20), nothing), user: ordinary }, later(60 * 20 + 2));
  const said = (i: number) => new Date(timeAt(i)).toISOString().slice(0, 19).replace('T', ' ');
  const lastLine = new Date(timeAt(begin) - 1).toISOString().slice(0, 19).replace('T', ' ');
  expect(events.at(-1)!.summary).toBe(
    `cart: well since ${time(later(60 * 20))}; no line from ${lastLine} to ${said(later(60 * 20)).slice(11)}`,
  );
});

test('a service that comes and goes is told as it is, at least once a minute', () => {
  const rare = (i: number) => (i < begin || (i - begin) % 18 === 0 ? pane(20) : emptyPane());
  const events = eventsOf({ cart: rare, user: ordinary }, later(60));
  expect(events.at(-1)!.flapping).toBe(true);
  expect(events.at(-1)!.at).toBeGreaterThan(later(55));
});

test('a peak is the moment of the most errors, and stays it', () => {
  const burst = (i: number) => pane(100, i < later(2) ? 80 : 20);
  const events = eventsOf({ cart: between(begin, later(30), burst) }, later(29));
  const { peak } = events.at(-1)!.symptoms[0]!;
  expect(peak.observed / peak.window_seconds).toBeCloseTo(8);
  expect(Date.parse(peak.at)).toBeLessThanOrEqual(timeAt(later(2)));
});

test('errors from before a silence do not count when the service is back within a quarter of an hour', () => {
  const dying = (i: number) => (i < later(1) ? pane(100, 60) : emptyPane());
  const events = eventsOf({ cart: between(begin, later(6), dying), user: ordinary }, later(30));
  const back = events.filter(({ at }) => at >= later(6));
  expect(kinds(back)).toEqual(['updated', 'resolved']);
  expect(back[0]!.summary).toContain(`well since ${time(later(6))}`);
});

test('a relapse is told since its own beginning, and does not move the end of the fault before it', () => {
  const twice = (i: number) => (i < later(3) || i >= later(5) ? pane(100, 40) : pane(100));
  const events = eventsOf({ cart: between(begin, later(8), twice) }, later(20));
  const again = events.filter(({ at }) => at >= later(5) && at < later(8));
  expect(again.at(-1)!.summary).toContain(`since ${time(later(5))}`);
  expect(events.at(-1)!.started_at).toBe(new Date(timeAt(begin)).toISOString());
});
