/**
 * Reads what is sent as a change: records of our own, and webhooks by their shape. A CloudEvent, alone or in a batch,
 * is opened: what it carries is read as if it had come bare. Where that is of no known shape, the type and subject of
 * the event say what and which service. An element is one change; unknown shapes are refused.
 */
import { reasonOf } from '../../../errors.ts';
import { boundedName } from '../../../logs/lines/source-name.ts';
import { changeId, changeIn } from '../../changes.ts';
import type { Intake } from '../intake.ts';
import { type Bag, bagOf, firstText, forEachValue, isBag, timeOfText } from '../values.ts';
import { argo } from './argo.ts';
import { kindIn, type ReportedChange, takeChange } from './change.ts';
import { flags } from './flags.ts';
import { github } from './github.ts';
import { kubernetes } from './kubernetes.ts';
import { pagerDuty } from './pagerduty.ts';
import type { ChangeShape } from './shape.ts';

/** A record of our own has a timestamp and one of our kinds. */
const own: ChangeShape = {
  name: 'change',
  fits: (bag) => bag['timestamp'] !== undefined && bag['kind'] !== undefined && bag['metadata'] === undefined,
  read: (bag, intake) => {
    try {
      const change = changeIn(bag);
      const time = timeOfText(change.timestamp);
      if (!intake.timely(time, 'timestamp', change.timestamp)) return;
      intake.records.push({
        ...change,
        id: boundedName(changeId(change)),
        time,
        environment: firstText(bag['environment']) ?? null,
      });
    } catch (error) {
      const reason = reasonOf(error);
      intake.refuse('INPUT_FIELD_WRONG', reason.slice(0, Math.max(0, reason.indexOf(' is '))), reason);
    }
  },
};

/** Shapes by which changes are known; the first that fits reads. */
const shapes: readonly ChangeShape[] = [github, argo, kubernetes, pagerDuty, flags, own];

/** Reads a body: one change, a list or a batch of them, or one a line. */
export function readChanges(body: Uint8Array | string, intake: Intake<ReportedChange>): void {
  forEachValue(body, intake, (value) => {
    const list = Array.isArray(value) ? value : isBag(value) && isList(value) ? value['items'] : [value];
    for (const each of list as readonly unknown[]) {
      if (isBag(each)) readOne(each, intake);
      else intake.wrong('change', each, 'an object');
    }
  });
}

/** What `kubectl get events -o json` gives out. */
const isList = (bag: Bag): boolean => Array.isArray(bag['items']) && typeof bag['kind'] === 'string';

function readOne(bag: Bag, intake: Intake<ReportedChange>): void {
  if (typeof bag['specversion'] === 'string') return readCloudEvent(bag, intake);
  const shape = shapes.find(({ fits }) => fits(bag));
  if (shape === undefined) intake.refuse('INPUT_UNKNOWN', 'it is a change of no shape that is known');
  else shape.read(bag, intake);
}

/** A CloudEvent 1.0 in its structured form. Its source and id together are its identity. */
function readCloudEvent(event: Bag, intake: Intake<ReportedChange>): void {
  const data = dataIn(event);
  const shape = isBag(data) ? shapes.find(({ fits }) => fits(data)) : undefined;
  if (isBag(data) && shape !== undefined) return shape.read(data, intake);
  const [source, id, type] = [firstText(event['source']), firstText(event['id']), firstText(event['type'])];
  if (source === undefined || id === undefined || type === undefined) {
    return intake.wrong('CloudEvent', undefined, 'without source, id and type');
  }
  const kind = kindIn(type);
  if (kind === undefined) return intake.refuse('INPUT_UNKNOWN', 'it is a CloudEvent whose type names no change');
  const bag = bagOf(data);
  const subject = bagOf(bag['subject']);
  const content = bagOf(subject['content']);
  const written = firstText(event['time'], bag['timestamp'], bagOf(bag['context'])['timestamp']);
  takeChange(
    {
      id: `${source}#${id}`,
      time: written === undefined ? intake.now : timeOfText(written),
      written,
      kind,
      service: firstText(bag['service'], subject['id'], event['subject'], bag['application'], bag['app']),
      version: firstText(bag['version'], bag['tag'], content['artifactId'], bag['revision']),
      author: firstText(bag['author'], bag['user'], bag['actor']),
      commit: firstText(bag['commit'], bag['sha']),
      message: firstText(bag['message'], bag['summary'], bag['description'], type),
      environment: firstText(bag['environment'], bagOf(content['environment'])['id']),
    },
    intake,
  );
}

/** The data of an event: an object, or JSON in base64 or as text. */
function dataIn(event: Bag): unknown {
  const { data, data_base64: packed } = event;
  const text = typeof packed === 'string' ? Buffer.from(packed, 'base64').toString('utf8') : data;
  if (typeof text !== 'string') return data;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
