/**
 * Reads events of Kubernetes: JSON of `kubectl get events -o json`, of watches and of exporters, Pod objects, and the
 * table that `kubectl get events` prints. An element is an event, a pod, or a line of the table.
 */
import type { Intake } from '../intake.ts';
import { bodyText, forEachValue, isBag } from '../values.ts';
import { kubeEventIn } from './kube-event.ts';
import { isTableHead, tableEvent } from './kubectl-table.ts';
import { type PodEvent, takePodEvent } from './pod-event.ts';
import { podIn, podStatusEvent } from './pod-status.ts';

/** Reads a body: objects or lists of them, one or one a line, or a table. */
export function readPodEvents(body: Uint8Array | string, intake: Intake<PodEvent>): void {
  const text = bodyText(body, intake);
  if (text === null) return;
  const first = text.trimStart().charAt(0);
  if (first === '{' || first === '[') return forEachValue(text, intake, (value) => readValue(value, intake));
  readTable(text, intake);
}

function readValue(value: unknown, intake: Intake<PodEvent>): void {
  const list = Array.isArray(value) ? value : isBag(value) && Array.isArray(value['items']) ? value['items'] : [value];
  for (const each of list as readonly unknown[]) {
    if (!isBag(each)) {
      intake.wrong('event', each, 'an object');
      continue;
    }
    const pod = podIn(each);
    const event = pod === null ? kubeEventIn(each) : podStatusEvent(pod);
    if (event === null) intake.refuse('INPUT_UNKNOWN', 'it is no event of Kubernetes');
    else takePodEvent(event, intake);
  }
}

function readTable(text: string, intake: Intake<PodEvent>): void {
  const before = intake.elements;
  for (const line of text.split('\n')) {
    if (line.trim() === '' || isTableHead(line)) continue;
    const event = tableEvent(line, intake.now);
    if (event === null) intake.wrong('line', line, 'an event as kubectl prints it');
    else takePodEvent(event, intake);
  }
  if (intake.elements > before || text === '') return;
  if (isTableHead(text)) intake.passed++;
  else intake.refuse('INPUT_UNREADABLE', 'it is empty');
}
