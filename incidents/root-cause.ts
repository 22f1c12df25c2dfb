/**
 * The likely causes of an incident, the likeliest first. A service weighs by how anomalous it is, how early it began,
 * whether others blame it, and whether it was changed shortly before, a bounded prior; errors that only report the
 * failure of another service count for little. Reasons are kept as sentences; the confidence comes from the margin.
 */
import { unnamedService } from '../signals/blame.ts';
import { type Changes, changesBefore, type KnownChange } from '../signals/changes.ts';
import { minutes, seconds, type Time } from '../time/duration.ts';
import { type Incident, type Member, type RootCause, worstOf } from './incident.ts';
import type { GroupingSettings } from './settings.ts';
import { memberText } from './text.ts';

/** What a change shortly before an onset is worth, and what a report of another service's failure is. */
const changePrior = 3;
const reportWorth = 0.05;
/** What units of work weigh against lines. */
const unitWorth = 0.95;
const mostCauses = 3;
/** No cause is ever certain. */
const mostConfidence = 0.95;

interface Suspect {
  readonly service: string;
  readonly weight: number;
  readonly reasons: readonly string[];
}

/** The likely causes of an incident. */
export function rootCauses(
  { members }: Pick<Incident, 'members'>,
  { changes, end, settings }: { readonly changes: Changes; readonly end: Time; readonly settings: GroupingSettings },
): RootCause[] {
  const blaming = blamingMembers(members);
  const earliest = members.reduce((least, { onset }) => Math.min(least, onset), Number.POSITIVE_INFINITY);
  let suspects = members.map((member): Suspect => {
    const { service, onset } = member;
    const change = changesBefore(changes, { service, onset, within: settings.changesWithin })[0];
    const named = blaming.get(service) ?? [];
    const own = ownShare(member, members);
    const early = 0.25 + 0.75 * 2 ** (-(onset - earliest) / minutes(1));
    const { ratio, log10p } = worstOf(member).peak;
    const strength = Math.log1p(ratio) * Math.sqrt(Math.min(50, Math.max(1, -log10p)));
    const prior = change === undefined ? 1 : changePrior;
    const weight = strength * early * (reportWorth + (1 - reportWorth) * own) * (1 + named.length) * prior;
    return { service, weight, reasons: reasonsFor(member, { change, named, own, end }) };
  });
  suspects = byUnits(suspects, members);
  suspects.sort((a, b) => b.weight - a.weight || (a.service < b.service ? -1 : 1));
  const sum = suspects.reduce((total, s) => total + s.weight, 0);
  return suspects.slice(0, mostCauses).map(({ service, weight, reasons }) => ({
    service,
    confidence: round(Math.min(mostConfidence, sum === 0 ? 0 : weight / sum)),
    reasons,
  }));
}

/** Where units of work tell of a member, they weigh: lines tell how loud a failure is, units where it is. */
function byUnits(suspects: readonly Suspect[], members: readonly Member[]): Suspect[] {
  const units = members.reduce((sum, member) => sum + member.units, 0);
  const weights = suspects.reduce((sum, { weight }) => sum + weight, 0);
  if (units === 0 || weights === 0) return [...suspects];
  return suspects.map((suspect, i) => {
    const told = members[i]!.units;
    return { ...suspect, weight: told > 0 ? (unitWorth * told) / units : ((1 - unitWorth) * suspect.weight) / weights };
  });
}

/** What units and metrics tell of a member beyond the first sentence. */
const moreTold = ({ health, told, wellSince }: Member): readonly string[] =>
  wellSince === undefined ? told.slice(health === 'errors' || health === 'silent' ? 0 : 1) : [];

/** The members that blame each member. */
function blamingMembers(members: readonly Member[]): Map<string, string[]> {
  const blaming = new Map<string, string[]>();
  for (const { service, blames } of members) {
    for (const [blamed] of blames) {
      if (blamed === service || !members.some((m) => m.service === blamed)) continue;
      const list = blaming.get(blamed);
      if (list === undefined) blaming.set(blamed, [service]);
      else list.push(service);
    }
  }
  return blaming;
}

/** Share of a member's errors that are its own and not reports of another member's failure. */
function ownShare(member: Member, members: readonly Member[]): number {
  if (member.errors === 0) return 1;
  let reports = 0;
  for (const [blamed, errors] of member.blames) {
    const other = blamed !== member.service && members.some((m) => m.service === blamed);
    if (other || (blamed === unnamedService && members.length > 1)) reports += errors;
  }
  return Math.max(0, 1 - reports / member.errors);
}

function reasonsFor(
  member: Member,
  facts: {
    readonly change: KnownChange | undefined;
    readonly named: readonly string[];
    readonly own: number;
    readonly end: Time;
  },
): string[] {
  const { change, named, own, end } = facts;
  const reasons = [memberText(member, end), ...moreTold(member)];
  if (change !== undefined) reasons.push(describeChange(change, member.onset));
  if (named.length > 0) reasons.push(`blamed by ${named.slice(0, 5).join(', ')}`);
  if (own < 0.5) reasons.push(`${Math.round(100 * (1 - own))} % of its errors report the failure of another service`);
  if (member.learning) reasons.push('less than an hour of its past is known');
  return reasons;
}

const changeWords: Readonly<Record<KnownChange['kind'], string>> = {
  deployment: 'deployment',
  config: 'change of configuration',
  flag: 'change of flag',
  maintenance: 'maintenance',
};

/** A change as seen from an onset. */
export function describeChange({ kind, version, author, at }: KnownChange, onset: Time): string {
  const what = changeWords[kind];
  const by = author === '' ? '' : ` by ${author}`;
  const apart = Math.round(Math.abs(onset - at) / seconds(1));
  const when = apart < 90 ? `${apart} s` : `${Math.round(apart / 60)} min`;
  return `${what}${version === '' ? '' : ` ${version}`}${by} ${when} ${at <= onset ? 'before' : 'after the first signs'}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
