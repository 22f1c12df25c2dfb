/**
 * Events of Kubernetes among log lines, found in what the log parser made of a line: by the fields of an Event or of
 * OpenTelemetry's and Elastic's receivers, by what the controller writes of each Event (`"Event occurred" object=…`,
 * `Event(v1.ObjectReference{…`), and by lines of kubectl's table. Ordinary lines cost a look for three words.
 */
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { days } from '../../../time/duration.ts';
import { firstTime } from '../intake.ts';
import { firstText, numberOf, timeOfText } from '../values.ts';
import type { KubeEvent } from './kube-event.ts';
import { containerIn } from './kube-event.ts';
import { tableEvent } from './kubectl-table.ts';
import { type PodEvent, podEvent, troubleOf } from './pod-event.ts';

/** Names of fields by which an Event is known, and how the rest of it is called beside them. */
interface Names {
  readonly reason: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: readonly string[];
  readonly count: readonly string[];
  readonly path: readonly string[];
  readonly node: readonly string[];
  readonly type: readonly string[];
  readonly id: readonly string[];
}

const core = (object: string): Names => ({
  ...{ reason: 'reason', kind: `${object}.kind`, name: `${object}.name`, namespace: [`${object}.namespace`] },
  ...{ count: ['series.count', 'count', 'deprecatedCount'], path: [`${object}.fieldPath`] },
  ...{ node: ['source.host', 'deprecatedSource.host'], type: ['type', 'log.level'], id: ['metadata.uid'] },
});

const openTelemetry = (attributes: string, resource: string): Names => ({
  ...{
    reason: `${attributes}k8s.event.reason`,
    kind: `${resource}k8s.object.kind`,
    name: `${resource}k8s.object.name`,
  },
  ...{ namespace: [`${attributes}k8s.namespace.name`], count: [`${attributes}k8s.event.count`] },
  ...{ path: [`${resource}k8s.object.fieldpath`], node: [`${resource}k8s.node.name`] },
  ...{ type: ['severity_text', 'log.level'], id: [`${attributes}k8s.event.uid`] },
});

const elastic = 'kubernetes.event.involved_object';
const shapes: readonly Names[] = [
  ...['involvedObject', 'regarding', 'event.involvedObject', 'object.involvedObject'].map(core),
  ...[
    openTelemetry('', ''),
    openTelemetry('attributes.', 'resource.'),
    openTelemetry('attributes.', 'resource.attributes.'),
  ],
  {
    ...{ reason: 'kubernetes.event.reason', kind: `${elastic}.kind`, name: `${elastic}.name` },
    ...{ namespace: [`${elastic}.namespace`, 'kubernetes.namespace'], count: ['kubernetes.event.count'], path: [] },
    ...{ node: [], type: ['kubernetes.event.type'], id: [`${elastic}.uid`] },
  },
];

/**
 * Whether a log may tell of one, as cheaply as can be: called for each log. Records have the fields of one; texts begin
 * with what the controller writes, or are a line of the table, which its age begins.
 */
export function mayTellOfPods({ message, parsed_fields: fields }: ParsedLog): boolean {
  // hot: called per line.
  const first = message.charCodeAt(0);
  if (first === 0x22 || first === 0x45) {
    if (message.startsWith('"Event occurred"') || message.startsWith('Event')) return true;
  } else if (message.length < longestMessage && message.includes('Warning ')) return true;
  for (let i = 0; i < objectNames.length; i++) if (fields[objectNames[i]!] !== undefined) return true;
  return false;
}

const objectNames = shapes.map(({ name }) => name);

/** The event that a log tells of; null if it tells of none, or of one without trouble. */
export function podEventOf(log: ParsedLog): PodEvent | null {
  if (log.timestamp === null) return null;
  const event = inFields(log) ?? inText(log);
  if (event === null || event.object.name === '') return null;
  const trouble = troubleOf(event);
  return trouble === undefined ? null : podEvent(event, trouble);
}

function inFields(log: ParsedLog): KubeEvent | null {
  const fields = log.parsed_fields;
  for (const names of shapes) {
    const name = fields[names.name];
    if (typeof name !== 'string') continue;
    // An Event's reason stands with the object, or a level further out.
    const prefix = names.name.startsWith('event.') ? 'event.' : names.name.startsWith('object.') ? 'object.' : '';
    const at = (keys: readonly string[]) => keys.map((key) => fields[key] ?? fields[prefix + key]);
    const reason = firstText(...at([names.reason]));
    if (reason === undefined) continue;
    const last = timeOfText(firstText(...at(['series.lastObservedTime', 'lastTimestamp', 'deprecatedLastTimestamp'])));
    const first = timeOfText(firstText(...at(['firstTimestamp', 'deprecatedFirstTimestamp'])));
    const now = log.timestamp!;
    const time = last >= firstTime && last <= now + mostAhead ? last : now;
    const counts = at(names.count).filter((value) => value !== undefined);
    return {
      ...eventFrom(log, reason, { kind: firstText(...at([names.kind])) ?? '', name }),
      id: firstText(...at(names.id)),
      type: typeIn(log, firstText(...at(names.type))),
      namespace: firstText(...at(names.namespace)),
      container: containerIn(firstText(...at(names.path)) ?? ''),
      node: firstText(...at(names.node)),
      count: Math.max(1, numberOf(counts[0]) || 1),
      first: first >= firstTime && first <= time ? first : time,
      last: time,
    };
  }
  return null;
}

/** A clock that is further ahead of the line's is wrong. */
const mostAhead = days(1);

const typeIn = (log: ParsedLog, word: string | undefined): string =>
  /^warn/i.test(word ?? '') || log.level === 'WARN' ? 'Warning' : 'Normal';

function eventFrom(log: ParsedLog, reason: string, object: KubeEvent['object']): KubeEvent {
  const [time, none] = [log.timestamp!, undefined];
  const common = { id: none, type: 'Normal', namespace: none, container: none, node: none, count: 1, written: none };
  return { ...common, reason, message: log.message, object, first: time, last: time };
}

function inText(log: ParsedLog): KubeEvent | null {
  const { message } = log;
  if (message.length > longestMessage) return null;
  if (message.includes('Event occurred')) return occurred(log);
  if (message.startsWith('Event(v1.ObjectReference{')) return reference(log);
  return message.includes('Warning ') ? tableEvent(message, log.timestamp!) : null;
}

const longestMessage = 8_192;

/** What stands behind `name=` or `name:` in quotes. */
function quoted(text: string, name: string): string | undefined {
  const at = text.indexOf(name);
  const quote = text.charAt(at + name.length);
  if (at < 0 || (quote !== '"' && quote !== "'")) return undefined;
  const end = text.indexOf(quote, at + name.length + 1);
  return end < 0 ? undefined : text.slice(at + name.length + 1, end);
}

/** `"Event occurred" object="shop/cart-0" kind="Pod" type="Warning" reason="BackOff" message="…"`. */
function occurred(log: ParsedLog): KubeEvent | null {
  const { message } = log;
  const object = quoted(message, 'object=');
  const reason = quoted(message, 'reason=');
  if (object === undefined || reason === undefined) return null;
  const slash = object.indexOf('/');
  return {
    ...eventFrom(log, reason, { kind: quoted(message, 'kind=') ?? '', name: object.slice(slash + 1) }),
    type: quoted(message, 'type=') ?? 'Normal',
    message: quoted(message, 'message=') ?? quoted(message, 'note=') ?? '',
    namespace: slash > 0 ? object.slice(0, slash) : undefined,
  };
}

/** `Event(v1.ObjectReference{Kind:"Pod", Namespace:"shop", Name:"cart-0", …}): type: 'Warning' reason: 'BackOff' …`. */
function reference(log: ParsedLog): KubeEvent | null {
  const { message } = log;
  const [name, reason] = [quoted(message, ' Name:'), quoted(message, ' reason: ')];
  if (name === undefined || reason === undefined) return null;
  const behind = message.indexOf(`'${reason}'`) + reason.length + 2;
  return {
    ...eventFrom(log, reason, { kind: quoted(message, '{Kind:') ?? '', name }),
    type: quoted(message, ' type: ') ?? 'Normal',
    message: message.slice(behind).trim(),
    namespace: quoted(message, 'Namespace:'),
    container: containerIn(quoted(message, 'FieldPath:') ?? ''),
  };
}
