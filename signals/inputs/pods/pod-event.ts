/**
 * What Kubernetes says of a pod or a node that is in trouble, wherever it was read. What kind of trouble it is, is told
 * by its reason, and where that is of many meanings by its message; a warning of any other reason is kept as `other`.
 * What is normal and no trouble is passed over. An event that repeats comes again with a higher count and the same id.
 */
import { cutText } from '../../../codecs/utf8.ts';
import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { serviceOfPod, unknownService } from '../labels.ts';
import type { KubeEvent } from './kube-event.ts';

export type Trouble =
  | 'out-of-memory'
  | 'crash'
  | 'image'
  | 'evicted'
  | 'unschedulable'
  | 'unhealthy'
  | 'volume'
  | 'node-pressure'
  | 'node-down'
  | 'other';

/** An event of a pod, of its workload, or of a node. */
export interface PodEvent {
  /** The same for every repetition. */
  readonly id: string;
  /** When it was last seen. */
  readonly time: Time;
  readonly first_seen: Time;
  /** How often it came so far. */
  readonly count: number;
  readonly trouble: Trouble;
  /** As Kubernetes calls it. */
  readonly reason: string;
  /** The workload; of a node, the node. */
  readonly service: string;
  /** The pod, or null for a workload and a node. */
  readonly instance: string | null;
  readonly container: string | null;
  readonly namespace: string | null;
  readonly node: string | null;
  /** Untrusted text. */
  readonly message: string;
}

/** Takes in an event, passes it over where it is no trouble, or refuses it for what it lacks. */
export function takePodEvent(event: KubeEvent, intake: Intake<PodEvent>): void {
  if (event.reason === '') return intake.wrong('reason', event.reason, 'a text');
  const trouble = troubleOf(event);
  if (trouble === undefined) {
    intake.passed++;
    return;
  }
  if (event.object.name === '') return intake.wrong('object', event.object.name, 'the name of what the event is about');
  if (!intake.timely(event.last, 'time', event.written)) return;
  intake.records.push(podEvent(event, trouble));
}

/** The record of an event. */
export function podEvent(event: KubeEvent, trouble: Trouble): PodEvent {
  const { object, reason, last, first, count, namespace, container, node } = event;
  const isPod = object.kind === '' || /^pods?$/i.test(object.kind);
  const isNode = /^nodes?$/i.test(object.kind);
  const id = event.id ?? `${namespace ?? ''}/${object.name}/${reason}`;
  return {
    id: boundedName(id),
    time: last,
    first_seen: Number.isNaN(first) ? last : Math.min(first, last),
    count,
    trouble,
    reason: cutText(reason, longestReason).toWellFormed(),
    service: boundedName(serviceOf(event, isPod) || unknownService),
    instance: isPod ? boundedName(object.name) : null,
    container: container === undefined ? null : boundedName(container),
    namespace: namespace === undefined ? null : boundedName(namespace),
    node: isNode ? boundedName(object.name) : node === undefined ? null : boundedName(node),
    message: cutText(event.message, longestMessage).toWellFormed(),
  };
}

const longestReason = 100;
const longestMessage = 1_000;

function serviceOf({ object, container }: KubeEvent, isPod: boolean): string {
  const name = object.name.slice(0, longestObject);
  if (isPod) return serviceOfPod(name, [container]);
  if (/^replicasets?$/i.test(object.kind)) return name.replace(/-[bcdfghjklmnpqrstvwxz0-9]{6,10}$/, '');
  return /^jobs?$/i.test(object.kind) ? name.replace(/-\d{8,10}$/, '') : name;
}

const longestObject = 400;

/** Reasons by trouble. The first that fits counts. */
const reasons: readonly (readonly [Trouble, RegExp])[] = [
  ['out-of-memory', /^(?:OOMKill(?:ed|ing)|SystemOOM)$/i],
  ['evicted', /^(?:Evicted|Preempt(?:ed|ing)|TaintManagerEviction)$/i],
  ['unschedulable', /^(?:FailedScheduling|FailedCreate|FailedCreatePodSandBox|NotTriggerScaleUp)$/i],
  ['image', /^(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|InspectFailed)$/i],
  ['volume', /^Failed(?:Mount|AttachVolume|MapVolume|Binding)$/i],
  ['unhealthy', /^(?:Unhealthy|ProbeWarning|ProbeError)$/i],
  [
    'node-pressure',
    /^(?:NodeHas(?:Memory|Disk|PID)Pressure|NodeHasInsufficient\w*|EvictionThresholdMet|\w*GCFailed)$/i,
  ],
  ['node-pressure', /^FreeDiskSpaceFailed$/i],
  ['node-down', /^(?:NodeNotReady|NodeNotSchedulable|Rebooted|KubeletNotReady|NodeUnderDiskPressure|Shutdown)$/i],
  ['crash', /^(?:CrashLoopBackOff|Error|ContainerCannotRun|RunContainerError|FailedPostStartHook)$/i],
];

/** Messages by trouble, of the reasons `BackOff`, `Failed`, `Killing` and others of many meanings. */
const messages: readonly (readonly [Trouble, RegExp])[] = [
  ['out-of-memory', /\bOOM\b|OOMKilled|out of memory/i],
  ['image', /pull(?:ing)?\b.{0,40}\bimage|ImagePull|ErrImage/i],
  ['unhealthy', /probe failed|failed (?:liveness|readiness|startup) probe/i],
  ['crash', /restarting failed container|crashloop|exit code [1-9]/i],
];

/**
 * What trouble an event tells of; undefined if of none.
 *
 * @example
 * troubleOf({ reason: 'BackOff', type: 'Warning', message: 'Back-off restarting failed container' }) // => 'crash'
 * troubleOf({ reason: 'NodeHasNoDiskPressure', type: 'Normal', message: '' }) // => undefined
 */
export function troubleOf({ reason, type, message }: Pick<KubeEvent, 'reason' | 'type' | 'message'>) {
  if (reason.length > longestReason) return type === 'Warning' ? 'other' : undefined;
  const named = reasons.find(([, pattern]) => pattern.test(reason))?.[0];
  if (named !== undefined) return named;
  const isWarning = type === 'Warning';
  if (!isWarning && reason !== 'Killing' && reason !== 'BackOff') return undefined;
  const text = message.slice(0, longestMessage);
  const told = messages.find(([, pattern]) => pattern.test(text))?.[0];
  return told ?? (isWarning ? 'other' : undefined);
}
