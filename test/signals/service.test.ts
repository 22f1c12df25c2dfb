/** What is kept of a service from pane to pane. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import type { ErrorRateMemory } from '../../signals/error-rate.ts';
import { measure, newMeasuredService } from '../../signals/service.ts';
import { morning, pane } from '../support/incidents/panes-of.ts';

test('samples are those of the last minute: an error of before is not shown with one of now', () => {
  const service = newMeasuredService(morning);
  const memory: ErrorRateMemory = { recent: new Map(), habits: new Map() };
  const how = { memory, settings: incidentDefaults.detection, isFrozen: false };
  /** Shows the next pane, with an error in its last millisecond if there is a message. */
  const next = (message?: string) => {
    const shown = pane(10, message === undefined ? 0 : 1, message);
    const time = service.through + 9_999;
    return measure(service, { ...shown, samples: shown.samples.map((sample) => ({ ...sample, time })) }, how);
  };
  const messages = (samples: readonly { readonly message: string }[]) => samples.map(({ message }) => message);
  next('old');
  next('newer');
  for (let n = 0; n < 3; n++) next();
  // The sixth pane ends less than a minute after the first error, the seventh a minute and a millisecond after it.
  expect(messages(next().earlier)).toEqual(['newer', 'old']);
  expect(messages(next().earlier)).toEqual(['newer']);
  expect(messages(service.samples)).toEqual(['newer']);
  expect(messages(next().earlier)).toEqual([]);
});
