/**
 * Three weeks of a hundred services, ten seconds by ten seconds, and 500 faults of six kinds among things that look
 * like faults: what the incident job's decisions find, how soon, and what they tell for nothing, beside a Gaussian tail
 * and a fixed ratio on the same data.
 *
 *     npm run bench -- weeks [--days 21] [--services 100] [--faults 500] [--seed 1] [--show]
 *
 * `--show` lists what was missed and what was told for nothing.
 */
import { parseArgs } from 'node:util';
import { decide, newService, type ServiceState } from '../decisions/decide.ts';
import { scorer } from '../decisions/score.ts';
import { NaiveDetector } from '../demo/naive.ts';
import type { Incident } from '../incidents/incident.ts';
import { advance } from '../incidents/lifecycle.ts';
import { incidentDefaults } from '../incidents/settings.ts';
import { type KnownChange, noteChange } from '../signals/changes.ts';
import type { ErrorRateMemory } from '../signals/error-rate.ts';
import { emptyPane, type Pane, paneMs } from '../signals/panes.ts';
import type { Signal } from '../signals/signal.ts';
import { days, minutes, type Time } from '../time/duration.ts';
import { printTable } from './measure.ts';
import { effectOf, faultKinds, firstDay, type Happening, happenings } from './weeks/faults.ts';
import { GaussianDetector } from './weeks/gaussian.ts';
import { judged, type Told } from './weeks/judge.ts';
import { type Drawn, noEffect, ServiceLaw } from './weeks/law.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '21' },
    services: { type: 'string', default: '100' },
    faults: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    show: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const length = days(Number(values.days));
/** A Monday. */
const start = Date.UTC(2026, 2, 2);
const laws = Array.from({ length: Number(values.services) }, (_, i) => new ServiceLaw(seed, i));
const lawOf = new Map(laws.map((law) => [law.name, law]));
// Nothing happens on the first day: detectors are judged by what they know then, not by how they begin.
const happened = happenings({
  ...{ seed, services: laws, faults: Number(values.faults) },
  ...{ from: start + firstDay, length: length - firstDay },
});

/** The incident job's decisions over panes, as the job makes them. */
class Ours {
  readonly told: Told[] = [];
  /** Incidents as they were told first; what is asked for later counts, too. */
  readonly #opened = new Map<string, Told>();
  readonly #services = new Map<string, { state: ServiceState; memory: ErrorRateMemory }>();
  readonly #incidents = new Map<string, Incident>();
  readonly #changes = new Map<string, KnownChange>();
  readonly #state = {
    incidents: this.#incidents,
    changes: this.#changes,
    notes: new Map(),
    outages: new Map(),
    discoveries: new Map(),
  };
  readonly #rules = { settings: incidentDefaults, scorer: scorer(incidentDefaults.score) };

  announce({ start: at, services: [service] }: Happening): void {
    const timestamp = new Date(at).toISOString();
    noteChange(this.#changes, { timestamp, kind: 'deployment', service: service!, version: timestamp });
  }

  add(drawn: ReadonlyMap<string, Drawn>, end: Time): void {
    const signals = [...drawn].map(([name, { lines, errors }]) => {
      const service = this.#services.get(name) ?? {
        state: newService(end - paneMs),
        memory: { recent: new Map(), habits: new Map() },
      };
      this.#services.set(name, service);
      const origins = [name];
      const pane: Pane = { ...emptyPane(), total: lines, counts: [0, errors, 0, 0], origins, last: end - 1 };
      return decide(pane, { name, ...service }, this.#rules);
    });
    const { events, evidence } = advance(this.#state, signals, { end, settings: incidentDefaults });
    const said = new Map(evidence.map(({ signal }) => [signal.service, saidOf(signal)]));
    for (const { signal, suppression } of evidence)
      if (suppression === undefined)
        this.told.push({ at: end, service: signal.service, onset: signal.onset, opens: false, isPage: false });
    for (const { event, incident_id, services, root_causes, urgency } of events) {
      const before = this.#opened.get(incident_id);
      if (before !== undefined && urgency === 'page') before.isPage = true;
      if (event !== 'opened') continue;
      const service = root_causes[0]?.service ?? services[0]!;
      const isPage = urgency === 'page';
      const told = { at: end, service, onset: end, opens: true, isPage, said: said.get(service) ?? '' };
      this.#opened.set(incident_id, told);
      this.told.push(told);
    }
  }
}

const saidOf = ({ health, observed, expected, window, log10p }: Signal): string =>
  `${health}: ${observed} in ${window / 1_000} s where ${expected.toFixed(1)} are usual, p 1e${log10p.toFixed(1)}`;

const ours = new Ours();
const naive = new NaiveDetector({ factor: 3, least: 5 });
const gaussian = new Map(laws.map(({ name }) => [name, new GaussianDetector()]));
const byGauss: Told[] = [];
const begun = process.cpuUsage();
let ahead = 0;
let going: Happening[] = [];
for (let time = start; time < start + length; time += paneMs) {
  const end = time + paneMs;
  for (; ahead < happened.length && happened[ahead]!.start < end; ahead++) {
    going.push(happened[ahead]!);
    if (happened[ahead]!.isDeployed) ours.announce(happened[ahead]!);
  }
  going = going.filter((one) => one.end > time);
  const drawn = new Map(laws.map((law) => [law.name, law.draw(time, effectAt(law.name, time))]));
  ours.add(drawn, end);
  for (const [name, pane] of drawn) {
    naive.add(name, time, pane.errors);
    const told = gaussian.get(name)!.add(name, pane, end);
    if (told !== undefined) byGauss.push(told);
  }
  if ((time - start) % days(1) === 0) process.stderr.write(`day ${(time - start) / days(1) + 1}\r`);
}
const { user, system } = process.cpuUsage(begun);

/** What happens to a service; what stays goes on beside what else happens to it. */
function effectAt(name: string, time: Time) {
  let effect = noEffect;
  for (const one of going) {
    const index = one.services.indexOf(name);
    if (index < 0) continue;
    const { shifted } = effect;
    const now = effectOf(one, index, time);
    effect = { ...(one.kind === 'shift' ? effect : now), shifted: Math.max(shifted, now.shifted) };
  }
  return effect;
}

const byRatio = naive.events.map(({ detected_at, services: [service] }): Told => {
  const at = Date.parse(detected_at);
  return { at, service: service!, onset: at - minutes(1), opens: true, isPage: true };
});
const scene = { happened, laws: lawOf, days: Number(values.days) };
const results = [
  judged('millrace', ours.told, scene),
  judged('gaussian', byGauss, scene),
  judged('ratio of 3', byRatio, scene),
];
printTable(results.map(({ row }) => row));
printTable(faultKinds.map((kind) => results[0]!.kind(kind)));
console.log(`${((user + system) / 1e6).toFixed(0)} CPU-s`);
if (values.show) {
  const clock = (time: Time) => new Date(time).toISOString().slice(0, 19);
  for (const { kind, start: at, services, size } of results[0]!.missed)
    console.log(
      `missed ${kind} ${clock(at)} ${services.join(' ')} size ${size.toFixed(2)}, ${lawOf.get(services[0]!)!.usual(at).toFixed(0)} lines a minute`,
    );
  for (const { at, service, said } of results[0]!.false) console.log(`for nothing ${clock(at)} ${service} ${said}`);
}
