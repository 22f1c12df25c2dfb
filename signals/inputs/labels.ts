/**
 * Labels of metric series and alerts, and what they say of the service and the instance. Labels tell series apart, so
 * none is left out: what has too many, or two of one name, is refused, and a long value keeps a hash of the whole.
 *
 * A service is named by a label for that purpose, else by its workload, else by its pod, else by the target that was
 * scraped. Of a pod's workload and a target's name the shorter one is the service where one begins with the other;
 * otherwise the target reports about the pod, as the kubelet does, and is not the service.
 */
import { boundedName } from '../../logs/lines/source-name.ts';
import { workloadOf } from '../../logs/wrappers/pod.ts';

/** Labels by name, in the order of their names. */
export type Labels = Readonly<Record<string, string>>;

/** The labels of what has none. */
export const noLabels: Labels = Object.freeze({});

/** An element may have so many. */
export const mostLabels = 64;

/** Names and values in turn: labels as they are read. Returns why they are none, or null. */
export function whyNoLabels(pairs: readonly string[]): string | null {
  if (pairs.length > 2 * mostLabels) return `${pairs.length / 2} labels`;
  if (isSorted(pairs) && pairs[0] !== '' && !pairs.includes('__proto__')) return null;
  const names = new Set<string>();
  for (let i = 0; i < pairs.length; i += 2) {
    const name = pairs[i]!;
    if (name === '' || name === '__proto__') return 'a label without a name that can be one';
    if (names.size === names.add(name).size) return 'two labels of one name';
  }
  return null;
}

/**
 * Labels from names and values in turn.
 *
 * @example
 * labelsFrom(['code', '500', 'app', 'cart']) // => { app: 'cart', code: '500' }
 */
export function labelsFrom(pairs: readonly string[]): Labels {
  if (pairs.length === 0) return noLabels;
  const labels: Record<string, string> = {};
  if (isSorted(pairs)) {
    for (let i = 0; i < pairs.length; i += 2) labels[pairs[i]!] = boundedName(pairs[i + 1]!);
    return labels;
  }
  const order = Array.from({ length: pairs.length / 2 }, (_, i) => 2 * i);
  order.sort((a, b) => (pairs[a]! < pairs[b]! ? -1 : 1));
  for (const at of order) labels[pairs[at]!] = boundedName(pairs[at + 1]!);
  return labels;
}

/** Whether names rise, so that none comes twice. */
function isSorted(pairs: readonly string[]): boolean {
  for (let i = 2; i < pairs.length; i += 2) if (pairs[i]! <= pairs[i - 2]!) return false;
  return true;
}

/** A service that is named by nothing. */
export const unknownService = 'unknown';

/** Names under which a service stands, the most telling first; dots are written as Prometheus writes them. */
const serviceLabels = [
  ...['service_name', 'exported_service', 'app_kubernetes_io_name', 'label_app_kubernetes_io_name', 'app'],
  ...['application', 'k8s_deployment_name', 'deployment', 'k8s_statefulset_name', 'statefulset', 'k8s_daemonset_name'],
  ...['daemonset', 'k8s_cronjob_name', 'cronjob', 'k8s_job_name', 'job_name'],
];
const podLabels = ['k8s_pod_name', 'exported_pod', 'pod', 'pod_name', 'kubernetes_pod_name'];
const targetLabels = ['service', 'svc', 'k8s_container_name', 'container', 'container_name', 'exported_job', 'job'];
const otherLabels = ['faas_name', 'component', 'functionname', 'cluster_name', 'dbinstanceidentifier', 'loadbalancer'];
const hostLabels = ['k8s_node_name', 'node', 'nodename', 'host_name', 'host', 'hostname', 'instanceid', 'instance'];
const instanceLabels = [...podLabels, 'service_instance_id', 'instance', 'container_id', ...hostLabels];

/** What a set of labels is about. */
export interface Subject {
  readonly service: string;
  readonly instance: string | null;
}

/**
 * The service and the instance that labels are about. Names may be written with dots or underscores, in any case.
 *
 * @example
 * subjectOf({ job: 'kubelet', pod: 'cart-75ff987878-kh56q' })
 * // => { service: 'cart', instance: 'cart-75ff987878-kh56q' }
 * subjectOf({ job: 'cart', instance: '10.0.0.7:9090' }) // => { service: 'cart', instance: '10.0.0.7:9090' }
 */
export function subjectOf(labels: Labels): Subject {
  const found = new Map<string, string>();
  for (const name in labels) {
    const value = labels[name]!;
    if (value !== '' && value.length <= longest) found.set(plainName(name), value);
  }
  return { service: serviceIn(found), instance: firstIn(found, instanceLabels) ?? null };
}

/** A name that is longer is none of these. */
const longest = 500;

const plainName = (name: string): string => (isPlain.test(name) ? name : name.toLowerCase().replace(/[./-]/g, '_'));
const isPlain = /^[a-z0-9_]*$/;

function firstIn(found: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = found.get(name);
    if (value !== undefined) return boundedName(value);
  }
  return undefined;
}

function serviceIn(found: ReadonlyMap<string, string>): string {
  // SDKs that were given no name all say the same.
  if (found.get('service_name')?.startsWith('unknown_service') === true) {
    const others = new Map(found);
    others.delete('service_name');
    return serviceIn(others);
  }
  const named = firstIn(found, serviceLabels);
  if (named !== undefined) return named;
  const pod = firstIn(found, podLabels);
  if (pod !== undefined)
    return serviceOfPod(
      pod,
      targetLabels.map((name) => found.get(name)),
    );
  return firstIn(found, targetLabels) ?? firstIn(found, otherLabels) ?? hostIn(found) ?? unknownService;
}

/**
 * The service of a pod: its workload, or the target whose name the workload's begins with.
 *
 * @example
 * serviceOfPod('cart-v2-75ff987878-kh56q', ['cart', 'metrics']) // => 'cart'
 */
export function serviceOfPod(pod: string, targets: readonly (string | undefined)[]): string {
  const workload = workloadOf(pod);
  for (const target of targets) {
    if (target !== undefined && (workload === target || workload.startsWith(`${target}-`))) return target;
  }
  return workload;
}

/** A host without its port. */
function hostIn(found: ReadonlyMap<string, string>): string | undefined {
  const host = firstIn(found, hostLabels);
  return host?.replace(/(?<=[^:]):\d{1,5}$/, '');
}
