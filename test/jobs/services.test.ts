/** Services of the incident job that write nothing for long. */
import { expect, test } from 'vitest';
import { scorer } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { watchService } from '../../jobs/incidents/services.ts';
import { process } from '../../operators/process.ts';
import { type Pane, paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { drive } from '../../testing/drive.ts';
import { hours, type Time } from '../../time/duration.ts';
import type { Windowed } from '../../windows/window.ts';
import { inMinutes, morning, pane } from '../support/incidents/panes-of.ts';

const rules = { settings: incidentDefaults, scorer: scorer(incidentDefaults.score) };

test('of a pause of two days three hours are judged, and what was usual before it still is', async () => {
  const d = drive(process<Windowed<Pane>, Signal, string>('signals', watchService(rules)));
  const show = (start: Time) => {
    const window = { start, end: start + paneMs };
    d.data(start, { window, value: pane(100, 2), revision: 0, retracted: false }, 'cart');
  };
  const before = inMinutes(90);
  for (let i = 0; i < before; i++) show(morning + i * paneMs);
  const back = morning + before * paneMs + hours(47);
  show(back);
  const signals = (await d.seen).map(
    (line) => JSON.parse(line.slice(line.indexOf('{'), line.lastIndexOf(' @'))) as Signal,
  );
  expect(signals).toHaveLength(before + hours(3) / paneMs + 1);
  const [usual, now] = [signals[before - 1]!, signals.at(-1)!];
  expect(now).toMatchObject({ start: back, health: 'well', observed: 2 });
  expect(now.expected / now.window / (usual.expected / usual.window)).toBeCloseTo(1, 1);
});
