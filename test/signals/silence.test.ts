import { describe, expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import { addArrivals, isSilent, missingLines, newArrivals } from '../../signals/silence.ts';
import { hours, minutes } from '../../time/duration.ts';
import { morning } from '../support/incidents/panes-of.ts';

/** A service that speaks as `lines` says, pane by pane; then how many quiet panes it takes to be called silent. */
function silentAfter(panes: number, lines: (i: number) => number, most = 8_640): number | undefined {
  const speech = newArrivals(morning);
  let end = morning;
  const step = (n: number) => addArrivals(speech, { lines: n, end: (end += 10_000), isFrozen: false });
  for (let i = 0; i < panes; i++) step(lines(i));
  for (let quiet = 1; quiet <= most; quiet++) {
    step(0);
    if (isSilent(speech, { end, since: morning }, incidentDefaults.silence)) return quiet;
  }
  return undefined;
}

describe('a service', () => {
  test('that speaks all the time is silent after two minutes', () => {
    expect(silentAfter(1_440, () => 20)).toBe(12);
  });

  test('that says a line in 100 seconds is silent when a dozen are missing', () => {
    const panes = silentAfter(4_320, (i) => (i % 10 === 0 ? 1 : 0))!;
    expect(panes).toBeGreaterThan(100);
    expect(panes).toBeLessThan(240);
  });

  test('that is known for minutes only is never called silent', () => {
    expect(silentAfter(60, () => 20, 300)).toBeUndefined();
  });

  test('that pauses for an hour now and then is not called silent after another', () => {
    expect(silentAfter(4_320, (i) => (i % 720 < 360 ? 20 : 0), 360)).toBeUndefined();
  });

  test('keeps its rate in mind while it is silent, and pauses of an outage are not its custom', () => {
    const speech = newArrivals(morning);
    let end = morning;
    for (let i = 0; i < 720; i++) addArrivals(speech, { lines: 10, end: (end += 10_000), isFrozen: false });
    for (let i = 0; i < 360; i++) addArrivals(speech, { lines: 0, end: (end += 10_000), isFrozen: true });
    expect(missingLines(speech, end)).toBeCloseTo(3_600);
    addArrivals(speech, { lines: 10, end: (end += 10_000), isFrozen: true });
    expect(speech.longest).toBeLessThan(minutes(1));
    expect(end - morning).toBeGreaterThan(hours(2));
  });
});
