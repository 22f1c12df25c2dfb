import type { OperatorFunction, Subscriber } from 'rxjs';
import type { Upstream } from '../../graph/connector.ts';
import type { Time } from '../../time/duration.ts';
import { IDLE, minWatermark, type Watermark } from '../../time/watermark.ts';
import type { Element } from './element.ts';
import type { EventTimeMemory, Times } from './event-time.ts';
import { elementOperator } from './rx.ts';

/**
 * Event time of a stage that receives: the least of what the tasks sending to it have said. Until all of them have
 * spoken nothing is known; one that crashed holds time back, for it is not idle; one that was restarted may repeat
 * itself, and what it says below its own past is ignored.
 */
export class UpstreamTimes implements Times {
  readonly id: string;
  readonly #heard = new Map<number, Watermark>();
  /** The highest time of each sender, idle or not. */
  readonly #highest = new Map<number, Time>();
  #of: number;
  #watermark: Time;
  #idle = false;
  #announced = false;

  constructor(id: string, memory: EventTimeMemory | undefined) {
    this.id = id;
    this.#watermark = memory?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#of = memory?.senders?.of ?? Number.POSITIVE_INFINITY;
    for (const [task, time] of Object.entries(memory?.splits ?? {})) {
      this.#highest.set(Number(task), time);
      this.#heard.set(Number(task), time);
    }
    for (const task of memory?.senders?.idle ?? []) this.#heard.set(task, IDLE);
  }

  get watermark(): Time {
    return this.#watermark;
  }

  of(): Time {
    return this.#watermark;
  }

  memory(): EventTimeMemory {
    const splits: Record<string, Time> = {};
    for (const [task, time] of this.#highest) if (Number.isFinite(time)) splits[task] = time;
    const idle = [...this.#heard].flatMap(([task, heard]) => (heard === IDLE ? [task] : []));
    const senders = Number.isFinite(this.#of) ? { senders: { of: this.#of, idle } } : {};
    return Number.isFinite(this.#watermark)
      ? { watermark: this.#watermark, splits, ...senders }
      : { splits, ...senders };
  }

  readonly operator: OperatorFunction<Element, Element> = elementOperator((element, to) => {
    this.#announce(to);
    if (element.kind === 'upstream') this.#hear(element.upstream, to);
    else if (element.kind !== 'split') to.next(element);
  });

  /** After a restart downstream hears first how far it had come, so that late stays late. */
  #announce(to: Subscriber<Element>): void {
    if (this.#announced) return;
    this.#announced = true;
    if (this.#watermark > Number.NEGATIVE_INFINITY) to.next({ kind: 'watermark', time: this.#watermark });
  }

  #hear({ task, of, watermark }: Upstream, to: Subscriber<Element>): void {
    this.#of = of;
    const highest = this.#highest.get(task) ?? Number.NEGATIVE_INFINITY;
    if (watermark !== IDLE) this.#highest.set(task, Math.max(highest, watermark));
    this.#heard.set(task, watermark === IDLE ? IDLE : Math.max(highest, watermark));
    if (this.#heard.size < this.#of) return;
    const least = minWatermark([...this.#heard.values()]);
    if (least === IDLE) {
      if (!this.#idle) to.next({ kind: 'idle' });
      this.#idle = true;
    } else if (least > this.#watermark || this.#idle) {
      this.#idle = false;
      this.#watermark = Math.max(least, this.#watermark);
      to.next({ kind: 'watermark', time: this.#watermark });
    }
  }
}
