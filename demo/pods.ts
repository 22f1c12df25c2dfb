/**
 * Running copies of services with Kubernetes' kind of names: service, hash of the deployment, five letters.
 */
import { type Pod, recordTail } from './formats.ts';
import { maxLagMs } from './output.ts';
import type { Random } from './random.ts';
import type { Service, ServiceName } from './shop.ts';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const nodes = 6;

/** The pods of `service`. Each ships its lines at its own pace, most of them once a second or faster. */
export function podsOf(service: Service, random: Random): Pod[] {
  const hash = random.hex(16).slice(0, 10);
  return Array.from({ length: service.pods }, () => {
    const longest = random.float() < 0.25 ? maxLagMs - 100 : 1_000;
    const flushMs = Math.floor(random.between(200, longest));
    const host = `node-${random.int(nodes)}.fra1.internal`;
    const pod: Pod = { name: '', host, flushMs, phaseMs: random.int(flushMs), tail: '', source: '' };
    rename(pod, { service: service.name, hash }, random);
    return pod;
  });
}

/** Gives `pod` a new name under the deployment `hash`: a new pod in its place. */
export function rename(
  pod: Pod,
  { service, hash }: { readonly service: ServiceName; readonly hash: string },
  random: Random,
): void {
  const suffix = Array.from({ length: 5 }, () => letters[random.int(letters.length)]).join('');
  pod.name = `${service}-${hash}-${suffix}`;
  pod.tail = recordTail(service, pod.name, pod.host);
  pod.source = `${service}/${pod.name}`;
}
