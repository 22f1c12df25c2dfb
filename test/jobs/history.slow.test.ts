import { expect, test } from 'vitest';
import { json } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { incidentJob, type PastPane } from '../../jobs/incidents.ts';
import { lineParser, type TimedLog } from '../../logs/lines/raw-line.ts';
import { emptyPane, type Pane, paneAggregate, paneMs } from '../../signals/panes.ts';
import { END, IDLE, type Played, play, WAKE } from '../../testing/index.ts';
import { morning, shop } from '../support/raw-lines.ts';

const hour = 3_600;
/** Two and a half hours, of which payment fails in ten minutes after two. */
const lines = shop(0, 2.5 * hour, (service, at) => {
  return service === 'payment' && at >= 2 * hour && at < 2 * hour + 600 && at % 2 === 0;
});
const job = incidentJob({
  logs: script([]),
  changes: script([]),
  history: script<PastPane>([]),
  settings: incidentDefaults,
});

/** The panes of lines, counted apart from any job. */
function panesOf(of: typeof lines): PastPane[] {
  const parse = lineParser({ formats: [] });
  const { add } = paneAggregate(json<Pane>());
  const panes = new Map<string, PastPane>();
  for (const line of of) {
    const [log] = parse(line) as readonly [TimedLog];
    const start = Math.floor(log.timestamp! / paneMs) * paneMs;
    const key = `${log.service} ${start}`;
    const past = panes.get(key) ?? { service: log.service, start, pane: emptyPane() };
    panes.set(key, { ...past, pane: add(past.pane, log, log.timestamp!) });
  }
  return [...panes.values()].sort((a, b) => a.start - b.start);
}

const events = (played: Played) => (played.topics['incidents'] as readonly CloudEvent[]).map((e) => e.data);

// Templates are known from lines only, so what is new of them in an incident may be reported at other moments.
test('what is known from panes is as good as if the lines had been read', async () => {
  const cut = morning + 1.9 * hour * 1_000;
  const before = lines.filter(({ time }) => time < cut);
  const after = lines.filter(({ time }) => time >= cut);
  const [known, read, fresh] = [
    await play(job, { logs: [IDLE, ...after, END], changes: [END], history: [...panesOf(before), WAKE('logs'), END] }),
    await play(job, { logs: [...lines, END], changes: [END], history: [END] }),
    await play(job, { logs: [...after, END], changes: [END], history: [END] }),
  ];
  const told = (played: Played) =>
    events(played)
      .filter(({ event }) => event !== 'updated')
      .map(({ event, started_at, detected_at, resolved_at, services, symptoms }) => {
        const [{ observed, expected } = { observed: 0, expected: 0 }] = symptoms;
        return { event, started_at, detected_at, resolved_at, services, observed, expected };
      });
  expect(told(known)[0]).toMatchObject({ event: 'opened', services: ['payment'] });
  expect(told(known)).toEqual(told(read));
  expect(told(known)).not.toEqual(told(fresh));
  expect(known.deadLetters).toEqual([]);
});
