/** What is said of an incident at each moment of its life, against what was true then. */
import { describe, expect, test } from 'vitest';
import { emptyPane, type Pane, paneMs } from '../../signals/panes.ts';
import { timeOfDay } from '../../signals/signal-kind.ts';
import { inMinutes, ordinary, pane } from '../support/incidents/panes-of.ts';
import { eventsOf, through, timeAt } from '../support/incidents/story-of.ts';

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
    expect(opened!.summary).toMatch(new RegExp(`^cart: \\d+ errors in a minute where .* usual, since ${time(begin)}$`));
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
        `^cart: well since ${timeOfDay(Date.parse(well.symptoms[0]!.well_since!))}; from ${time(begin)} up to \\d+ errors in \\d+ minutes where`,
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
    expect(resolved.symptoms[0]!.peak).toMatchObject({ kind: 'errors', window_seconds: 300 });
    expect(resolved.symptoms[0]!.peak.observed).toBeGreaterThan(800);
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
      `pipeline: nothing came from /a.log since ${new Date(timeAt(begin)).toISOString()}: 2 services fell silent together, so the log pipeline is at fault`,
    );
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
