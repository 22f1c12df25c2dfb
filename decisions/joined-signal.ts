/**
 * One signal of what lines, units of work, metrics and objectives tell of a service in one pane: the anomalous one, the
 * worst if several are; it is well only if all that is known of it is well. What is said of lines is that of the
 * lines' signal.
 *
 * Units tell more of errors than lines do, because those that report a service which can't be reached accuse that
 * service and not the one that wrote them. So where units of a service have lately been judged, error lines alone
 * count only when the last minute has shown them for three minutes without a pause, as in an outage.
 */
import type { Entries } from '../signals/entries.ts';
import { isAnomalous } from '../signals/kinds.ts';
import type { Signal } from '../signals/signal.ts';
import { hours, minutes, type Time } from '../time/duration.ts';

/** A service that is judged by its units; stored as JSON. */
export interface ByUnits {
  /** Until when. */
  readonly until: Time;
  /** Since when each pane has shown error lines in its last minute; null while none does. */
  readonly erring: Time | null;
}

export type JudgedByUnits = Entries<string, ByUnits>;

/** The signals of a pane with one per service; notes which services were judged by their units. */
export function joinSignals(signals: readonly Signal[], judged: JudgedByUnits): readonly Signal[] {
  const ofUnits = new Map<string, Signal>();
  const ofMetrics = new Map<string, Signal>();
  const ofObjectives = new Map<string, Signal>();
  for (const signal of signals) {
    if (signal.metrics !== undefined) ofMetrics.set(signal.service, signal);
    if (signal.objective !== undefined) ofObjectives.set(signal.service, signal);
    if (signal.units === undefined) continue;
    ofUnits.set(signal.service, signal);
    const erring = judged.get(signal.service)?.erring ?? null;
    judged.set(signal.service, { until: signal.end, erring });
  }
  const found: Signal[] = [];
  for (const signal of signals) {
    if (signal.units !== undefined || signal.metrics !== undefined || signal.objective !== undefined) continue;
    const { service } = signal;
    const lines = weighed(signal, judged);
    const units = ofUnits.get(service);
    ofUnits.delete(service);
    found.push(units === undefined ? lines : joined(lines, units));
  }
  return joinedWith(joinedWith([...found, ...ofUnits.values()], ofMetrics), ofObjectives);
}

/** The signals with what metrics, or objectives, tell of their services, and of others. */
function joinedWith(signals: readonly Signal[], more: ReadonlyMap<string, Signal>): readonly Signal[] {
  if (more.size === 0) return signals;
  const alone = new Map(more);
  const all = signals.map((signal) => {
    const other = alone.get(signal.service);
    alone.delete(signal.service);
    if (other === undefined) return signal;
    const both = joined(signal, withUnits(other, signal));
    return other.health === 'objective' ? { ...both, burns: true } : both;
  });
  // What is only to be told of a service tells nothing where nothing else is known of it.
  const telling = [...alone.values()].filter(({ health, wellSince }) => isAnomalous(health) || wellSince !== null);
  return [...all, ...telling.map((other) => withUnits(other, other))];
}

/** A signal of metrics or objectives that tells also what is told of its service: first what is worse. */
function withUnits({ metrics, objective, ...signal }: Signal, { units, health, score }: Signal): Signal {
  // Objectives say who suffers and not why, so that they weigh nothing where a cause is looked for.
  const told = metrics ?? { score: 0, told: objective!.told };
  const other = units ?? { score: 0, told: [] };
  const isFirst = isAnomalous(signal.health) && (!isAnomalous(health) || signal.score > score);
  const all = isFirst ? [...told.told, ...other.told] : [...other.told, ...told.told];
  return { ...signal, units: { score: Math.max(told.score, other.score), told: all.slice(0, mostTold) } };
}

/** Error lines of a service that is judged by its units are a suspicion until they have lasted. */
function weighed(lines: Signal, judged: JudgedByUnits): Signal {
  const { service, health, start, end, fresh } = lines;
  const known = judged.get(service);
  if (known === undefined || end - known.until > trustedFor) return lines;
  const erring = health === 'errors' && fresh ? (known.erring ?? start) : null;
  if (erring !== known.erring) judged.set(service, { ...known, erring });
  if (health !== 'errors' || (erring !== null && end - erring >= outageAfter)) return lines;
  return { ...lines, health: 'suspicious', heldBy: 'units' };
}

/** What lines tell of a service with what else is told of it: the anomalous one, the worse if both are. */
export function joined(lines: Signal, units: Signal): Signal {
  const isWorse = isAnomalous(units.health) && (!isAnomalous(lines.health) || units.score > lines.score);
  if (!isWorse) return { ...lines, units: units.units!, wellSince: lines.wellSince ?? units.wellSince };
  const {
    lines: count,
    counts,
    usualErrors,
    lastMinute,
    usual,
    pause,
    lastLine,
    steady,
    origins,
    samples,
    earlier,
    blames,
  } = lines;
  return {
    ...units,
    lines: count,
    counts,
    usualErrors,
    lastMinute,
    usual,
    pause,
    lastLine,
    steady,
    origins,
    samples,
    earlier,
    blames,
  };
}

const trustedFor = hours(1);
const outageAfter = minutes(3);
const mostTold = 4;
