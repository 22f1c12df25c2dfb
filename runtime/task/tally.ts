/** What a task counts from one epoch to the next, for the ledger and for recipes. */
import type { Json } from '../../state/store.ts';
import type { Time } from '../../time/duration.ts';
import type { Positions, ReadRange } from '../commit/committer.ts';
import { isoTime } from '../commit/own-tables.ts';
import type { Split } from './reading.ts';

/** What is counted from one epoch to the next: for the ledger, for recipes, and to tell whether an epoch is due. */
export class Tally {
  recordsIn = 0;
  late = 0;
  #ranges: ReadRange[] = [];
  #from: string;

  constructor(positions: Positions) {
    this.#from = JSON.stringify(positions);
  }

  /** Notes that a split is about to move to `to`. */
  read({ uid, name, position }: Split, to: Json, records: number): void {
    this.recordsIn += records;
    const last = this.#ranges.at(-1);
    if (last?.uid === uid && last.split === name) this.#ranges[this.#ranges.length - 1] = { ...last, to };
    else this.#ranges.push({ uid, split: name, from: position, to });
  }

  /** The ledger's row of an epoch; undefined where nothing happened that it could tell. */
  row(epoch: {
    readonly job: string;
    readonly task: string;
    readonly now: Time;
    readonly watermark: Time;
    readonly positions: Positions;
    readonly counts: { readonly out: number; readonly dead: number };
  }): Readonly<Record<string, unknown>> | undefined {
    const { job, task, now, watermark, positions, counts } = epoch;
    const to = JSON.stringify(positions);
    if (this.recordsIn === 0 && counts.out === 0 && counts.dead === 0 && to === this.#from) return undefined;
    return {
      job,
      task,
      committed_at: isoTime(now),
      watermark: isoTime(watermark),
      positions_from: this.#from,
      positions_to: to,
      records_in: this.recordsIn,
      records_out: counts.out,
      records_late: this.late,
      records_dead: counts.dead,
    };
  }

  /** Hands over what was counted; `positions` are where the next epoch begins. */
  take(positions: Positions): {
    readonly recordsIn: number;
    readonly recordsLate: number;
    readonly ranges: readonly ReadRange[];
  } {
    const taken = { recordsIn: this.recordsIn, recordsLate: this.late, ranges: this.#ranges };
    this.recordsIn = 0;
    this.late = 0;
    this.#ranges = [];
    this.#from = JSON.stringify(positions);
    return taken;
  }
}
