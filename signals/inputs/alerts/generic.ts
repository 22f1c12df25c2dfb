/**
 * Alerts of other systems, by what their keys mean: a name, a state, and more as far as it is there. Our own records,
 * Grafana's older webhook and what Datadog, Zabbix or a script send are of this kind. Without a time one is of now.
 */
import type { Time } from '../../../time/duration.ts';
import { type Bag, bagOf, firstText, isBag, timeOfAny } from '../values.ts';
import { alertSources, severityOf, stateIn, takeAlert } from './alert.ts';
import type { AlertShape } from './shape.ts';

/** The value of the first key that has one. Keys are compared without case and signs. */
type Ask = (...keys: readonly string[]) => unknown;

function askOf(bag: Bag): Ask {
  const plain = new Map<string, unknown>();
  for (const key in bag) {
    const value = bag[key];
    if (value !== null && value !== '' && key.length < longestKey)
      plain.set(key.toLowerCase().replace(/[^a-z0-9]/g, ''), value);
  }
  return (...keys) => {
    for (const key of keys) if (plain.has(key)) return plain.get(key);
    return undefined;
  };
}

const longestKey = 100;
const nameKeys = [
  'alertname',
  'rulename',
  'alerttitle',
  'monitorname',
  'checkname',
  'triggername',
  'name',
  'title',
  'alert',
  'rule',
  'check',
];
const stateKeys = [
  'state',
  'status',
  'alertstate',
  'alertstatus',
  'transition',
  'alerttransition',
  'action',
  'eventaction',
  'event',
  'eventtype',
];

export const generic: AlertShape = {
  name: 'generic',
  fits: (bag) => {
    const ask = askOf(bag);
    if (typeof ask(...nameKeys) !== 'string') return false;
    if (alertSources.some((each) => each === ask('source'))) return true;
    return (
      stateIn(ask(...stateKeys)) !== undefined || ask(...evidence) !== undefined || quiet.has(String(ask(...stateKeys)))
    );
  },
  read: (bag, intake) => {
    const ask = askOf(bag);
    const said = ask(...stateKeys);
    if (quiet.has(String(said))) {
      intake.passed++;
      return;
    }
    const ended = ask('resolvedat', 'endedat', 'endsat', 'endtime', 'closedat');
    const over = ended === undefined ? null : timeOfAny(ended);
    const isOver = stateIn(said) === 'resolved' || (ended !== undefined && over !== null && !(over > intake.now));
    const written = ask(
      'timestamp',
      'startsat',
      'startedat',
      'triggeredat',
      'starttime',
      'createdat',
      'time',
      'date',
      'lastupdated',
    );
    const began: Time = written === undefined ? (over ?? intake.now) : timeOfAny(written);
    const source = ask('source');
    const tags = ask('labels', 'tags');
    takeAlert(
      {
        name: ask(...nameKeys),
        ...{ began, written },
        over: isOver ? (over ?? Math.max(intake.now, began)) : null,
        source: alertSources.find((each) => each === source) ?? 'other',
        severity: severityOf(ask('severity', 'priority', 'level', 'urgency')),
        labels: [
          isBag(tags) ? tags : tagsIn(tags),
          { summary: ask('summary', 'message', 'body', 'text', 'description', 'msg') },
        ],
        fingerprint: firstText(ask('fingerprint', 'dedupkey', 'alias', 'aggregkey', 'eventkey', 'ruleid')),
        id: firstText(ask('id', 'alertid', 'eventid')),
        service: firstText(
          ask('service', 'servicename', 'app', 'application', 'component'),
          ask('host', 'hostname', 'entity'),
        ),
        instance: firstText(ask('instance', 'pod')),
      },
      intake,
    );
  },
};

/** Beside a name, one of these makes an alert of an object. */
const evidence = ['severity', 'priority', 'resolvedat', 'fingerprint'];
/** States between firing and resolved, and those of no data: Grafana's. */
const quiet = new Set(['pending', 'paused', 'no_data', 'nodata', 'unknown']);

/** Tags as `key:value`, in a list or with commas between them. */
function tagsIn(tags: unknown): Bag {
  const found: Record<string, string> = {};
  const list = typeof tags === 'string' ? tags.slice(0, mostTags * 100).split(',') : Array.isArray(tags) ? tags : [];
  for (const tag of list.slice(0, mostTags)) {
    if (typeof tag !== 'string') continue;
    const cut = tag.indexOf(':');
    const key = (cut < 0 ? tag : tag.slice(0, cut)).trim();
    if (key !== '' && key !== '__proto__') found[key] = cut < 0 ? 'true' : tag.slice(cut + 1).trim();
  }
  return bagOf(found);
}

const mostTags = 100;
