/**
 * The demo without a reader: incidents as NDJSON, and as the last line how they compare with what was injected, beside
 * what naive detectors make of the same lines. The simulation stands at fixed dates, so that a seed names one exact
 * course: a week of which panes are known, two hours of lines, and six hours of lines in which things break.
 */
import type { Scheduled } from '../../demo/faults.ts';
import { NaiveDetector, type NaiveRule, saysError } from '../../demo/naive.ts';
import { blipsWithin, hourOf, scheduleFaults } from '../../demo/schedule.ts';
import { type Summary, tableOf } from '../../demo/summary.ts';
import { serviceOf, type Traffic, traffic } from '../../demo/traffic.ts';
import { score } from '../../demo/truth.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { UnderstoodLines } from '../../logs/explained/understood.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { errorsOf } from '../../signals/panes.ts';
import { systemClock } from '../../time/clock.ts';
import { days, hours, seconds, type Time } from '../../time/duration.ts';
import { openWorld } from '../parts/world.ts';
import { onShutdown } from '../run/shutdown.ts';
import { Output, Progress, say } from '../terminal.ts';
import { DataClock } from './data-clock.ts';
import { demoPast } from './demo-past.ts';
import { demoSources } from './demo-source.ts';
import { fullSpeed, runIncidents } from './run.ts';

/** What is simulated. */
export interface HeadlessOptions {
  readonly seed: number;
  readonly faults: number;
  readonly data?: string;
}

/** A Monday; the seed draws an hour of the three weeks from here. */
const weeks = Date.UTC(2026, 0, 5);
/** Faults and decoys come in the last hours; before them all is well but for blips. */
const breaking = hours(6);
const history = days(7);
const readBefore = hours(2);
/** Of the first day nothing is judged, because nothing is known yet. */
const unjudged = days(1);
/** How long after a pane has ended it is decided: lines out of order are waited for, and the watermark has steps. */
const waits = incidentDefaults.outOfOrder + seconds(1);

/** A naive detector that is eager, and one that is not. */
const eager: NaiveRule = { factor: 3, least: 5 };
const calm: NaiveRule = { factor: 5, least: 10 };

/** Runs the demo and prints its score. */
export async function headlessDemo({ seed, faults: wanted, data }: HeadlessOptions): Promise<void> {
  const course = courseOf(seed, wanted);
  const { start, linesFrom, end } = course;
  const clock = new DataClock(start);
  const naive = [new NaiveDetector(eager), new NaiveDetector(calm)];
  const lines = seenBy(naive, traffic({ seed, start: linesFrom, faults: course.scheduled }));
  const until = () => (clock.now() < linesFrom ? linesFrom : end);
  const sources = demoSources({ traffic: lines, clock, start: linesFrom, until, end });
  const past = demoPast({
    seed,
    start,
    end: linesFrom,
    blips: course.scheduled,
    clock,
    onPane: ({ service, start: at, pane }) => {
      for (const detector of naive) detector.add(service, at, errorsOf(pane.counts));
    },
  });
  const { incidentJob } = await import('../../jobs/incidents.ts');
  const understood = new UnderstoodLines();
  const job = incidentJob({ ...sources, history: past, settings: incidentDefaults, understood });
  const signal = onShutdown((name) => say(`millrace: ${name}, committing what was read`));
  const world = await openWorld({ dir: data, clock, tables: data === undefined ? 'none' : 'served' });
  const metrics = new Metrics();
  const output = new Output();
  const events: IncidentEvent[] = [];
  const progress = new Progress('simulating a week and six hours', systemClock);
  const began = systemClock.now();
  try {
    await runIncidents({
      job,
      ports: world.ports,
      options: fullSpeed,
      metrics,
      signal,
      onEvent: (event) => {
        events.push(event);
        output.line(JSON.stringify(event));
      },
      onMoment: async () => {
        progress.at((clock.now() - start) / (end - start));
        await output.flush();
      },
    });
  } finally {
    progress.end();
    await world.close();
  }
  const truth = { scheduled: course.scheduled, traces: lines.traces, from: start + unjudged, to: end };
  const ours = score(events, truth, waits);
  const theirs = naive.map((detector) => score(detector.events, truth, 0));
  tell(course, ours, theirs);
  if (understood.sentence !== null) say(understood.sentence);
  const read = await metrics.get('millrace_records_in_total', 'logs');
  const took = Math.max(1, systemClock.now() - began);
  const speed = { lines: read, lines_per_s: Math.round((read * 1_000) / took), took_s: took / 1_000 };
  const begin = new Date(course.begin).toISOString();
  output.line(JSON.stringify({ event: 'summary', seed, begin, ...speed, ...ours, naive: theirs.map(withoutList) }));
  await output.flush();
}

/** A naive detector's false alarms are too many to be listed. */
const withoutList = ({ false_alarm_list: _, ...rest }: Summary) => rest;

interface Course {
  readonly start: Time;
  readonly linesFrom: Time;
  readonly begin: Time;
  readonly end: Time;
  readonly scheduled: readonly Scheduled[];
}

/** When what happens in the simulation of `seed`. */
function courseOf(seed: number, faults: number): Course {
  const begin = hourOf(seed, { from: weeks, length: breaking });
  const [start, end] = [begin - history, begin + breaking];
  const blips = blipsWithin({ seed, from: start, to: end });
  const scheduled = [...scheduleFaults({ seed, from: begin, to: end, faults }), ...blips];
  return { start, linesFrom: begin - readBefore, begin, end, scheduled };
}

/** The traffic, with every line shown to the naive detectors as it arrives. */
function seenBy(naive: readonly NaiveDetector[], shop: Traffic): Traffic {
  return {
    traces: shop.traces,
    next(until) {
      const batch = shop.next(until);
      for (const [i, line] of batch.lines.entries()) {
        const [service, errors] = [serviceOf(batch.sources[i]!), saysError(line) ? 1 : 0];
        for (const detector of naive) detector.add(service, batch.times[i]!, errors);
      }
      return batch;
    },
  };
}

/** Says to people how it went. */
function tell({ begin }: Course, ours: Summary, [first, second]: readonly Summary[]): void {
  say(`faults from ${new Date(begin).toUTCString()} on, for six hours; everything but the first day is judged`);
  const rows = [
    { name: 'millrace', summary: ours },
    { name: `errors × ${eager.factor}, at least ${eager.least}`, summary: first! },
    { name: `errors × ${calm.factor}, at least ${calm.least}`, summary: second! },
  ];
  for (const line of tableOf(rows)) say(line);
  for (const { kind, description, late, invisible } of ours.missed) {
    say(`${late ? 'late' : 'missed'}: ${kind}, ${description}${invisible ? '; it left hardly a line' : ''}`);
  }
  for (const { at, services, during } of ours.false_alarm_list) {
    say(`false: ${services.join(', ')} at ${at}${during === null ? '' : `, during a ${during}`}`);
  }
}
