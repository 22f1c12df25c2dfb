/**
 * Rows on their way into chunks, lane by lane. A chunk gathers the rows of several epochs and is sealed by size or
 * age; the seal, its bounds and its token, is part of the commit that makes it. So a successor finds the same chunks
 * and repeats them under the same tokens, and a seal that was never committed was never inserted either.
 */
import type { OutboxEntry } from '../../state/store.ts';
import type { Clock } from '../../time/clock.ts';
import { seconds, type Time } from '../../time/duration.ts';
import { encodeRows, type PendingRow } from './outputs.ts';

/** A chunked lane's numbers: what is open, what is sealed and not yet acknowledged. */
export interface LaneMeta {
  /** The last entry's seq and the next row's running number. */
  readonly seq: number;
  readonly row: number;
  readonly chunk: number;
  readonly open: { readonly from: number; readonly rows: number; readonly since: Time } | null;
  readonly sealed: readonly SealedChunk[];
}

/** A chunk whose content will never change, with the token it is inserted under. */
export interface SealedChunk {
  readonly from: number;
  readonly to: number;
  readonly token: string;
}

/** A chunk is sealed at this many rows, or when it has been open this long. */
const sealRows = 10_000;
const sealAfter = seconds(2);

const emptyLane: LaneMeta = { seq: 0, row: 0, chunk: 0, open: null, sealed: [] };

/** A sealed chunk with what it holds. */
export interface FullChunk {
  readonly lane: string;
  readonly token: string;
  readonly entries: readonly OutboxEntry[];
}

/** The rows of one task that wait for their chunks. */
export class Chunks {
  readonly #parts: { readonly job: string; readonly task: string; readonly nonce: string; readonly clock: Clock };
  #lanes: Record<string, LaneMeta>;
  /** Entries committed but not part of a sealed chunk yet, by lane. */
  readonly #open = new Map<string, readonly OutboxEntry[]>();

  constructor(parts: {
    readonly job: string;
    readonly task: string;
    readonly nonce: string;
    readonly clock: Clock;
    readonly lanes: Readonly<Record<string, LaneMeta>>;
  }) {
    this.#parts = parts;
    this.#lanes = { ...parts.lanes };
  }

  /** The numbers of all lanes, for the meta of the epoch; what is returned does not change any more. */
  get lanes(): Readonly<Record<string, LaneMeta>> {
    return { ...this.#lanes };
  }

  /** Whether rows wait for their chunk to be sealed. */
  get open(): boolean {
    return Object.values(this.#lanes).some((lane) => lane.open !== null);
  }

  /** Numbers the lane's next entry. */
  nextSeq(lane: string): number {
    const meta = this.#lane(lane);
    this.#lanes[lane] = { ...meta, seq: meta.seq + 1 };
    return meta.seq + 1;
  }

  /** The entry that carries an epoch's rows. */
  add(lane: string, rows: readonly PendingRow[], of: { epoch: number; generation: number }): OutboxEntry | undefined {
    if (rows.length === 0) return undefined;
    const seq = this.nextSeq(lane);
    const meta = this.#lane(lane);
    const { task, clock } = this.#parts;
    const payload = encodeRows(rows, { ...of, lane, task, first: meta.row });
    const open = meta.open ?? { from: seq, rows: 0, since: clock.now() };
    this.#lanes[lane] = { ...meta, row: meta.row + rows.length, open: { ...open, rows: open.rows + rows.length } };
    const entry = { lane, seq, epoch: of.epoch, payload };
    this.#open.set(lane, [...(this.#open.get(lane) ?? []), entry]);
    return entry;
  }

  /** Closes the lane's open chunk if it is large or old enough, or in any case; to be sent when that is committed. */
  seal(lane: string, always: boolean): FullChunk | undefined {
    const meta = this.#lane(lane);
    const { open } = meta;
    if (open === null) return undefined;
    const due = open.rows >= sealRows || this.#parts.clock.now() - open.since >= sealAfter;
    if (!due && !always) return undefined;
    const { job, task, nonce } = this.#parts;
    const chunk = meta.chunk + 1;
    const token = `${job}/${lane}/${task}/${nonce}/${chunk}`;
    const sealed = [...meta.sealed, { from: open.from, to: meta.seq, token }];
    this.#lanes[lane] = { ...meta, chunk, open: null, sealed };
    const entries = this.#open.get(lane) ?? [];
    this.#open.delete(lane);
    return { lane, token, entries };
  }

  /** Takes over what a former owner left undelivered, and returns the chunks that must be sent again. */
  restore(lane: string, entries: readonly OutboxEntry[]): readonly FullChunk[] {
    const meta = this.#lane(lane);
    const within = ({ from, to }: SealedChunk) => entries.filter((e) => e.seq >= from && e.seq <= to);
    // A chunk without entries was acknowledged after the last commit.
    const sealed = meta.sealed.filter((chunk) => within(chunk).length > 0);
    const from = meta.open?.from ?? Number.POSITIVE_INFINITY;
    const left = entries.filter((e) => e.seq >= from);
    this.#open.set(lane, left);
    this.#lanes[lane] = { ...meta, sealed, open: left.length === 0 ? null : meta.open };
    return sealed.map((chunk) => ({ lane, token: chunk.token, entries: within(chunk) }));
  }

  /** Notes that everything up to `seq` is delivered and dropped. */
  forget(lane: string, seq: number): void {
    const meta = this.#lane(lane);
    this.#lanes[lane] = { ...meta, sealed: meta.sealed.filter((chunk) => chunk.to > seq) };
  }

  #lane(lane: string): LaneMeta {
    return this.#lanes[lane] ?? emptyLane;
  }
}
