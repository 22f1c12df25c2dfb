/**
 * What was last reported of an incident, and whether it is still so: services that joined or recovered, another
 * severity and that it now calls someone are worth an event at once; another cause, more templates, more alerts and
 * other numbers are worth one a minute.
 */
import { minutes, type Time } from '../time/duration.ts';
import { errorsAMinute, type Incident } from './incident.ts';

/** Numbers are other when errors a minute have changed by this factor. */
const otherRate = 2;
/** What is minor is reported at most this often. */
const minorEvery = minutes(1);

/** Notes that the incident is reported as it is, with `cause` as the likeliest cause. */
export function noteReported(incident: Incident, cause: string, end: Time): void {
  incident.sequence++;
  incident.updatedAt = end;
  incident.told = stateOf(incident);
  incident.causeTold = cause;
  incident.notesTold = notesIn(incident);
  incident.rateTold = rateOf(incident);
  incident.healthsTold = healthsOf(incident);
  incident.alerts = [];
}

/** Whether the incident is to be reported again at `end`. */
export function isNews(incident: Incident, cause: string, end: Time): boolean {
  if (incident.told !== stateOf(incident)) return true;
  if (end - incident.updatedAt < minorEvery) return false;
  const isOther = cause !== incident.causeTold || healthsOf(incident) !== incident.healthsTold;
  return isOther || incident.alerts.length > 0 || notesIn(incident) > incident.notesTold || hasOtherRate(incident);
}

const notesIn = ({ members }: Incident): number => members.reduce((sum, m) => sum + m.notes.length, 0);

/** Anomalous errors a minute. */
const rateOf = ({ members }: Incident): number =>
  members.reduce((sum, m) => sum + (m.wellSince === undefined && m.health === 'errors' ? errorsAMinute(m) : 0), 0);

function hasOtherRate(incident: Incident): boolean {
  const [now, told] = [rateOf(incident) + 1, incident.rateTold + 1];
  return now >= otherRate * told || told >= otherRate * now;
}

const healthsOf = ({ members }: Incident): string =>
  members.map((m) => (m.wellSince === undefined ? m.health : 'well')).join(' ');

/** How each service is belongs to it, but not of an incident that comes and goes. */
const stateOf = (incident: Incident): string => {
  const { members, severity, improbable, flapping } = incident;
  return `${members.length} ${severity} ${improbable} ${flapping} ${flapping ? '' : healthsOf(incident)}`;
};
