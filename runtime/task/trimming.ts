/**
 * Exchanges keep what they are sent until it is trimmed. Records before the positions of every epoch that can be
 * restored are never read again. Each minute what was committed a minute ago is cut off.
 */
import type { Stage } from '../../graph/plan.ts';
import { minutes, type Time } from '../../time/duration.ts';
import type { Topics } from '../../topics/topics.ts';
import type { Positions } from '../commit/committer.ts';

/** Trims the exchanges that one task receives from. */
export class Trimming {
  readonly #topics: Topics;
  /** By source uid. */
  readonly #received: ReadonlyMap<string, string>;
  #committed: Positions = {};
  #last: Time = Number.NEGATIVE_INFINITY;

  constructor({ nodes }: Stage, topics: Topics) {
    this.#topics = topics;
    this.#received = new Map(
      nodes.flatMap(({ node: { uid, body } }) =>
        body.kind === 'source' && body.source.kind === 'exchange' ? [[uid!, body.source.topic!] as const] : [],
      ),
    );
  }

  /** Takes the committed positions of each epoch. A trim that fails is made up for by the next one. */
  async committed(positions: Positions, now: Time): Promise<void> {
    if (now - this.#last < minutes(1)) return;
    this.#last = now;
    const behind = this.#committed;
    this.#committed = positions;
    for (const [uid, topic] of this.#received) {
      for (const [split, offset] of Object.entries(behind[uid] ?? {})) {
        await this.#topics.trim(topic, Number(split), Number(offset)).catch(() => undefined);
      }
    }
  }
}
