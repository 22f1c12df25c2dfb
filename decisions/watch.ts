/**
 * One service from pane to pane: slides the windows, predicts, tests, follows the onset and listens for silence; learns
 * what is ordinary and stops learning while something is wrong. The state is small and plain; the panes of the longest
 * window and the habits are kept beside it, entry by entry.
 */

import {
  type Baseline,
  emptyBaseline,
  expectedCounts,
  learn,
  learnDispersion,
  type PerWindow,
  predict,
  startAnew,
  windowPanes,
} from '../signals/baseline.ts';
import type { Entries } from '../signals/entries.ts';
import { burstDispersion, type Habits, remember, usualBurst } from '../signals/habits.ts';
import type { NegativeBinomial } from '../signals/negative-binomial.ts';
import { cusum, type Onset } from '../signals/onset.ts';
import { type Counts, errorsOf, type Pane, paneMs, type Sample } from '../signals/panes.ts';
import type { DetectionSettings, SilenceSettings } from '../signals/settings.ts';
import type { Health, Signal } from '../signals/signal.ts';
import { firstWords, isSilent, listen, missingLines, type Speech, usualLines } from '../signals/silence.ts';
import { type Test, test } from '../signals/window-test.ts';
import { minutes, type Time } from '../time/duration.ts';
import { isAnomaly, isStillAnomaly, thresholdOf } from './decide.ts';
import { type Scorer, scoreOf } from './score.ts';

/** What is kept of a pane while a window holds it. */
export interface RecentPane {
  readonly end: Time;
  readonly lines: number;
  readonly counts: Counts;
}

/** What is kept of a service. */
export interface Service {
  /** Start of its first pane, and end of its last. */
  readonly since: Time;
  through: Time;
  /** Windows hold no pane that ended at this time or before. */
  from: Time;
  /** Per window: lines, and lines by severity. */
  lines: PerWindow;
  counts: [Counts, Counts, Counts];
  baseline: Baseline;
  onset: Onset;
  speech: Speech;
  health: Health;
  /** Since when it is not well. */
  ill: Time;
  /** Error lines of the last minute's panes. */
  samples: readonly Sample[];
  /** The last three panes as bits: whether a window showed an anomaly. */
  hot: number;
}

/** Where a service's many values are kept. */
export interface Memory {
  /** By place in the longest window. */
  readonly recent: Entries<number, RecentPane>;
  readonly habits: Habits;
}

/** How panes are judged. */
export interface Judge {
  readonly settings: { readonly detection: DetectionSettings; readonly silence: SilenceSettings };
  readonly scorer: Scorer;
}

const ring = windowPanes[2];
/** A pane is learned this many panes after it was seen, when an anomaly would have shown. */
const lag = 12;
const hour = 360;
/** An unexpected window is remembered as a habit from this improbability on. */
const burstLog10p = -4;
/** Expected errors a pane that the onset is measured against are at least this many. */
const leastExpected = 0.1;
const samplesKept = 5;

/** A service that is first heard of in the pane that begins at `start`. */
export const newService = (start: Time): Service => ({
  since: start,
  through: start,
  from: start,
  lines: [0, 0, 0],
  counts: [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ],
  baseline: emptyBaseline(),
  onset: { sum: 0, since: start },
  speech: firstWords(start),
  health: 'well',
  ill: start,
  samples: [],
  hot: 0,
});

/** Takes in the next pane of a service, changes its state in place and says how it is doing. */
export function watch(name: string, service: Service, pane: Pane, memory: Memory, judge: Judge): Signal {
  const start = service.through;
  const end = start + paneMs;
  service.through = end;
  slide(service, pane, memory.recent);
  const tests = testWindows(service, memory.habits, judge);
  const expected = Math.max(leastExpected, predictPane(service, pane, judge));
  cusum(service.onset, { errors: errorsOf(pane.counts), expected, start });
  const { detection } = judge.settings;
  const frozen = service.health !== 'well' && end - service.ill < detection.freezeAtMost;
  listen(service.speech, { lines: pane.total, end, frozen });
  const window = settle(service, tests, judge);
  learnOrdinary(service, tests, memory.recent, judge);
  const earlier = service.samples.filter((s) => s.time >= end - minutes(1));
  service.samples = [...pane.samples, ...earlier].slice(0, samplesKept);
  const fresh = service.health === 'silent' || isAnomaly(tests[0]!, thresholdOf(detection), detection);
  return signalOf(name, service, { pane, earlier, window, fresh, start, end, judge });
}

/** Moves the windows on by a pane. */
function slide(service: Service, pane: Pane, recent: Memory['recent']): void {
  const number = service.through / paneMs;
  for (let i = 0; i < windowPanes.length; i++) {
    const left = recent.get(slotOf(number - windowPanes[i]!));
    const counts = service.counts[i]!;
    if (left !== undefined && left.end > service.from && left.end === service.through - windowPanes[i]! * paneMs) {
      service.lines[i]! -= left.lines;
      for (let s = 0; s < counts.length; s++) counts[s]! -= left.counts[s]!;
    }
    service.lines[i]! += pane.total;
    for (let s = 0; s < counts.length; s++) counts[s]! += pane.counts[s]!;
  }
  recent.set(slotOf(number), { end: service.through, lines: pane.total, counts: pane.counts });
}

/** The place of a pane, by its number since 1970, among those that are kept. */
const slotOf = (number: number): number => ((number % ring) + ring) % ring;

function testWindows(service: Service, habits: Habits, { settings }: Judge): Test[] {
  const { baseline, through: end, since } = service;
  return windowPanes.map((_, index) => {
    const observed = errorsOf(service.counts[index]!);
    const predicted = predict(baseline, { lines: service.lines[index]!, end, index }, settings.detection);
    const plain = test(index, observed, predicted);
    if (plain.log10p > burstLog10p) return plain;
    const burst = usualBurst(habits, index, { end, since });
    remember(habits, index, { end, errors: observed });
    return burst <= predicted.mean ? plain : test(index, observed, widened(predicted, burst));
  });
}

/** The prediction at a time of day at which a burst is usual. */
const widened = ({ mean, size }: NegativeBinomial, burst: number): NegativeBinomial => ({
  mean: mean + burst,
  size: 1 / (1 / size + burstDispersion),
});

function predictPane(service: Service, pane: Pane, { settings }: Judge): number {
  return predict(service.baseline, { lines: pane.total, end: service.through, index: 0 }, settings.detection).mean;
}

/** Decides how the service is doing, and which window tells it. */
function settle(service: Service, tests: readonly Test[], { settings }: Judge): Test {
  const { detection, silence } = settings;
  const { through: end, since, speech } = service;
  const threshold = thresholdOf(detection);
  const most = tests.reduce((a, b) => (b.log10p < a.log10p ? b : a));
  const ill = service.health === 'errors' || service.health === 'silent';
  // The longest window would keep an anomaly alive that has long been over.
  const stays = isStillAnomaly(tests[0]!) || isStillAnomaly(tests[1]!);
  const hot = service.health === 'errors' ? stays : tests.some((t) => isAnomaly(t, threshold, detection));
  service.hot = ((service.hot << 1) | (hot ? 1 : 0)) & 0b111;
  const before = service.health;
  if (isSilent(speech, { end, since }, silence)) service.health = 'silent';
  else if (service.hot === 0b011 || service.hot === 0b101 || service.hot >= 0b110) service.health = 'errors';
  else if (ill && service.hot !== 0) service.health = 'errors';
  else service.health = service.hot === 0 ? 'well' : 'suspicious';
  if (before === 'well' && service.health !== 'well') service.ill = end;
  if (ill && service.health === 'well') recover(service);
  return most;
}

/** What belonged to an anomaly that is over no longer counts, or the long windows would keep it alive. */
function recover(service: Service): void {
  service.from = service.through;
  service.lines = [0, 0, 0];
  for (const counts of service.counts) counts.fill(0);
  service.onset.sum = 0;
}

/** Learns the pane that an anomaly would have reached by now, and how far finished windows were off. */
function learnOrdinary(service: Service, tests: readonly Test[], recent: Memory['recent'], { settings }: Judge): void {
  const { baseline, through, health } = service;
  const { detection } = settings;
  if (health !== 'well') {
    if (through - service.ill < detection.freezeAtMost) return;
    if (through - service.ill === detection.freezeAtMost) startAnew(baseline);
  }
  const number = through / paneMs;
  const old = recent.get(slotOf(number - lag));
  if (old === undefined || old.end !== through - lag * paneMs || old.end <= service.from) return;
  learn(baseline, old, detection);
  for (const { index, observed, expected } of tests) {
    const full = through - service.from >= windowPanes[index]! * paneMs;
    if (!full || number % windowPanes[index]! !== 0) continue;
    learnDispersion(baseline, { errors: observed, mean: expected, index }, detection);
  }
}

interface Moment {
  readonly pane: Pane;
  readonly earlier: readonly Sample[];
  readonly window: Test;
  readonly fresh: boolean;
  readonly start: Time;
  readonly end: Time;
  readonly judge: Judge;
}

const whatErrorsShow = ({ index, observed, expected, ratio, log10p }: Test) => ({
  window: windowPanes[index]! * paneMs,
  observed,
  expected,
  ratio,
  log10p,
});

/** A silence is told as no line where so many were to be expected; its probability is Poisson's. */
function stillness(speech: Speech, end: Time) {
  const expected = missingLines(speech, end);
  return { window: end - speech.last, observed: 0, expected, ratio: expected, log10p: -expected * Math.LOG10E };
}

function signalOf(name: string, service: Service, moment: Moment): Signal {
  const { pane, earlier, window, fresh, start, end, judge } = moment;
  const { health, speech, onset, baseline } = service;
  const { settings, scorer } = judge;
  const silent = health === 'silent';
  const missing = missingLines(speech, end);
  const { index } = window;
  const score = silent
    ? scorer({ service: name, severity: 'ERROR', observed: missing, expected: 0 })
    : scoreOf(scorer, name, service.counts[index]!, expectedCounts(baseline, service.lines[index]!));
  return {
    service: name,
    start,
    end,
    health,
    lines: pane.total,
    counts: pane.counts,
    ...(silent ? stillness(speech, end) : whatErrorsShow(window)),
    onset: silent ? speech.last : onset.sum > 0 ? onset.since : start,
    score: health === 'well' ? 0 : score,
    learning: baseline.panes < hour,
    fresh,
    usual: usualLines(speech),
    pause: end - speech.last,
    steady: end - service.since >= settings.silence.knownFor,
    samples: pane.samples,
    earlier,
    blames: pane.blames,
  };
}
