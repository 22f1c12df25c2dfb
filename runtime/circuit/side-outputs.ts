import { Subject, type Subscriber } from 'rxjs';
import type { Node, Origin } from '../../graph/stream.ts';
import type { Time } from '../../time/duration.ts';
import type { Element } from './element.ts';

/** Names a node's output in a circuit; `port` is '' for the main one. */
export const portName = ({ node, port }: Origin): string => `${node}/${port}`;

/** Where side outputs go: to the streams that read them, and to `onDropped` where none does. */
export class SideOutputs {
  readonly #nodes: readonly Node[];
  readonly #onDropped: (uid: string, reason: string, value: unknown, time: Time) => void;
  readonly #publish: (name: string, side: Subject<Element>) => void;
  readonly #subjects = new Map<string, Subject<Element>>();

  constructor(
    nodes: readonly Node[],
    onDropped: (uid: string, reason: string, value: unknown, time: Time) => void,
    publish: (name: string, side: Subject<Element>) => void,
  ) {
    this.#nodes = nodes;
    this.#onDropped = onDropped;
    this.#publish = publish;
  }

  /** The ports of a node that somebody reads. */
  read(node: Node): ReadonlySet<string> {
    const inputs = this.#nodes.flatMap((n) => n.inputs).filter((i) => i.node === node.id && i.port !== '');
    return new Set(inputs.map((i) => i.port));
  }

  /** The reader of a side output; the same one however often it is asked for. */
  reader(node: Node, port: string): Pick<Subscriber<Element>, 'next'> {
    const name = portName({ node: node.id, port });
    const known = this.#subjects.get(name);
    if (known !== undefined) return known;
    if (this.read(node).has(port)) {
      const subject = new Subject<Element>();
      this.#subjects.set(name, subject);
      this.#publish(name, subject);
      return subject;
    }
    const uid = node.uid ?? node.verb;
    return {
      next: (element) => {
        if (element.kind !== 'data') return;
        for (let i = 0; i < element.length; i++) this.#onDropped(uid, port, element.values[i], element.times[i]!);
      },
    };
  }
}
