/**
 * Changes of feature flags as LaunchDarkly, Flagsmith, Unleash and ConfigCat-like services send them, known by a flag's
 * name and what was done to it. A flag belongs to no service unless a tag `service:NAME` or a field says so; then it may
 * touch all of them, `*`.
 */
import { type Bag, bagOf, firstText, isBag, timeOfAny } from '../values.ts';
import { takeChange } from './change.ts';
import type { ChangeShape } from './shape.ts';

/** What is known of a flag's change. */
interface FlagChange {
  readonly flag: string;
  readonly what: string | undefined;
  readonly at: unknown;
  readonly id: string | undefined;
  readonly by: string | undefined;
  readonly environment: string | undefined;
  /** Where the service may be named. */
  readonly about: readonly Bag[];
}

export const flags: ChangeShape = {
  name: 'feature flag',
  fits: (bag) => flagIn(bag) !== null,
  read: (bag, intake) => {
    const change = flagIn(bag)!;
    const { flag, what, at, id, by, environment } = change;
    const time = at === undefined ? intake.now : timeOfAny(at);
    takeChange(
      {
        id: `flag/${id ?? `${flag}@${time}`}`,
        ...{ time, written: at, kind: 'flag', author: by, environment },
        service: serviceIn(change.about) ?? '*',
        message: what === undefined ? flag : `${flag} ${what}`,
      },
      intake,
    );
  },
};

function flagIn(bag: Bag): FlagChange | null {
  return launchDarkly(bag) ?? flagsmith(bag) ?? plainFlag(bag);
}

/** An entry of LaunchDarkly's audit log. */
function launchDarkly(bag: Bag): FlagChange | null {
  if (bag['kind'] !== 'flag' || typeof bag['name'] !== 'string' || bag['date'] === undefined) return null;
  const resource = firstText(firstOf(bagOf(bag['target'])['resources']), bagOf(firstOf(bag['accesses']))['resource']);
  const [member, current] = [bagOf(bag['member']), bagOf(bag['currentVersion'])];
  return {
    flag: firstText(current['key'], resource?.split(':flag/').at(1)?.split(';').at(0), bag['name']) ?? '',
    what: firstText(bag['titleVerb'], bag['description']),
    at: bag['date'],
    id: firstText(bag['_id']),
    by: firstText(member['email'], member['firstName']),
    environment: resource?.split(':env/').at(1)?.split(/[:;]/).at(0),
    about: [bag, current],
  };
}

/** Flagsmith's `FLAG_UPDATED` and its like. */
function flagsmith(bag: Bag): FlagChange | null {
  const data = bagOf(bag['data']);
  const state = isBag(data['new_state']) ? data['new_state'] : bagOf(data['previous_state']);
  const feature = bagOf(state['feature']);
  const flag = firstText(feature['name']);
  if (flag === undefined || typeof bag['event_type'] !== 'string') return null;
  const [was, is] = [bagOf(data['previous_state'])['enabled'], bagOf(data['new_state'])['enabled']];
  const isSwitched = typeof was === 'boolean' && typeof is === 'boolean' && was !== is;
  return {
    flag,
    what: isSwitched ? `${onOff(was)}->${onOff(is)}` : bag['event_type'].toLowerCase(),
    at: data['timestamp'],
    id: undefined,
    by: firstText(data['changed_by']),
    environment: firstText(bagOf(state['environment'])['name']),
    about: [data, feature],
  };
}

const flagKeys = ['flagKey', 'flag_key', 'featureName', 'feature_name', 'flagName', 'flag_name', 'flag', 'feature'];

/** A flag's name, and beside it what happened or how it stands now. */
function plainFlag(bag: Bag): FlagChange | null {
  for (const each of [bag, bagOf(bag['data'])]) {
    const flag = firstText(...flagKeys.map((key) => each[key]));
    if (flag === undefined) continue;
    const state = each['enabled'] ?? each['state'] ?? each['variant'] ?? each['value'];
    const what = firstText(each['action'], each['type'], bag['type'], bag['event']);
    if (state === undefined && what === undefined) continue;
    const at = ['timestamp', 'createdAt', 'created_at', 'time', 'date', 'updatedAt', 'updated_at'];
    return {
      flag,
      what: typeof state === 'boolean' ? `is ${onOff(state)}` : (firstText(state) ?? what),
      at: at.map((key) => each[key] ?? bag[key]).find((value) => value !== undefined && value !== null),
      id: firstText(each['id'], bag['id']),
      by: firstText(each['createdBy'], each['changed_by'], each['author'], each['user'], each['updatedBy']),
      environment: firstText(each['environment'], each['env'], bag['environment']),
      about: [each, bag],
    };
  }
  return null;
}

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

function serviceIn(bags: readonly Bag[]): string | undefined {
  for (const { service, tags } of bags) {
    if (typeof service === 'string' && service !== '') return service;
    if (!Array.isArray(tags)) continue;
    for (const tag of tags.slice(0, 100)) {
      if (typeof tag === 'string' && tag.startsWith('service:') && tag.length > 8) return tag.slice(8);
    }
  }
  return undefined;
}
