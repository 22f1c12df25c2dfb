/**
 * State of the incident job that an earlier version stored: values lack fields that came later, and get them here.
 */
import { type Codec, json } from 'millrace';
import type { Incident, Member } from '../../incidents/incident.ts';
import { emptyPane, type Pane } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { type EdgePast, newEdgePast } from '../../signals/units/edges.ts';
import { newPast, type OperationPast } from '../../signals/units/steps.ts';

/**
 * For states of the incident job: records are checked before its handlers get them, so what throws behind a change is a
 * fault of the code, and all values are JSON. Where input can't be read again, saving and trying each value in each
 * call took two thirds of the time.
 */
export const intact = 'storable';

/** JSON whose values are completed when they are read. */
export function completed<T>(complete: (stored: T) => T): Codec<T> {
  const plain = json<T>();
  return { ...plain, decode: (bytes) => complete(plain.decode(bytes)) };
}

/** A pane that is still open. */
export const storedPane = completed<Pane>((stored) => ({ ...emptyPane(), ...stored }));

/** Signals that wait for the watermark. */
export const storedSignals = completed<Signal[]>((stored) => stored.map(withOrigins));

/** What is known of operations and edges of units of work. */
export const storedOperation = completed<OperationPast>((stored) => ({ ...newPast(), ...stored }));
export const storedEdge = completed<EdgePast>((stored) => ({ ...newEdgePast(), ...stored }));

/** An incident that is not over. */
export const storedIncident = completed<Incident>((stored) => ({
  ...stored,
  follows: stored.follows ?? null,
  relapses: stored.relapses ?? 0,
  rateTold: stored.rateTold ?? 0,
  healthsTold: stored.healthsTold ?? '',
  alerts: stored.alerts ?? [],
  improbable: stored.improbable ?? true,
  members: stored.members.map(withPeaks),
}));

type Added = 'usualErrors' | 'wellSince' | 'accepted' | 'origins' | 'lastLine' | 'lastMinute';

function withOrigins(stored: Omit<Signal, Added> & Partial<Pick<Signal, Added>>): Signal {
  const { end, pause, observed, expected } = stored;
  const added = { usualErrors: 0, wellSince: null, accepted: false, origins: [], lastLine: end - pause };
  return { ...added, lastMinute: { observed, expected }, ...stored };
}

/** Members that have no peaks hold the values of their worst moment, without its time. */
type AddedToMember = 'units' | 'told' | 'since' | 'accepted' | 'usual' | 'lastLine' | 'peaks';

function withPeaks(stored: Omit<Member, AddedToMember> & Partial<Pick<Member, AddedToMember>>): Member {
  const { health, onset, window, observed, expected, ratio, log10p, score } = stored;
  const peak = { at: onset, onset, window, observed, expected, ratio, log10p, score };
  return {
    units: 0,
    told: [],
    since: onset,
    accepted: false,
    usual: 0,
    lastLine: onset,
    peaks: { [health]: peak },
    ...stored,
  };
}
