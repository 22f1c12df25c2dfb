/**
 * The failure matrix: what can go wrong, in plain words, and how often the campaign has seen it happen. A row counts
 * when the workers' own announcements show that it was hit, not when the campaign meant to hit it.
 */
import type { Word } from './announce.ts';
import type { Life } from './life.ts';

export const rows = [
  'killed before the commit',
  'killed inside the commit',
  'killed after the commit, before its delivery',
  "killed inside the topics' transaction",
  "killed after the table's insert, before the topics' transaction was through",
  "killed after the topics' transaction, before its acknowledgement",
  "killed after the table's insert, before its acknowledgement",
  'killed while a task was taken over',
  'commit applied, its answer lost',
  "outcome of a table's insert unknown",
  "outcome of a topics' transaction unknown",
  'zombie refused by the store',
  'zombie refused by Kafka',
  'partitions moved amid an epoch',
  'partitions lost before anybody was asked',
  'Kafka killed inside a transaction and started again',
  'Redis killed and started again',
  'Redis came back with less than it had acknowledged, and was found out',
  'tables killed, or put out of reach, and back again',
  'tables away while epochs were committed',
  "a table's tokens forgotten: doubled rows that only their identity took out",
  'network: connection cut',
  'network: request torn',
  'network: connections refused',
  'network: connections open and dead',
  'network: slow',
  'records that an operator throws on',
  'retention passed the position: refused to start',
  "another job's state under the same name: refused to start",
] as const;
/** What is refused to a worker so soon after it was woken is refused to a zombie. */
const wakingMs = 10_000;

/** What only a take-over does. */
const opening = ['state.open', 'topics.producer', 'topics.mark', 'state.outbox'];

export type Row = (typeof rows)[number];

export class Matrix {
  readonly counts: Record<Row, number> = Object.fromEntries(rows.map((row) => [row, 0])) as Record<Row, number>;

  count(row: Row, times = 1): void {
    this.counts[row] += times;
  }

  /** Rows that were never hit. */
  get missed(): readonly Row[] {
    return rows.filter((row) => this.counts[row] === 0);
  }

  /** What a dead worker's tasks were at. */
  killed(life: Life): void {
    const found = new Set<Row>();
    for (const { phase, chunks, step } of life.tasks.values()) {
      const isTransacting = phase === 'committed' || phase === 'transacting';
      const lanes = [...chunks.values()];
      if (phase === 'quiet') found.add('killed before the commit');
      if (phase === 'committing') found.add('killed inside the commit');
      if (phase === 'committed') found.add('killed after the commit, before its delivery');
      if (phase === 'transacting') found.add("killed inside the topics' transaction");
      if (phase === 'transacted') found.add("killed after the topics' transaction, before its acknowledgement");
      if (opening.includes(step)) found.add('killed while a task was taken over');
      if (!lanes.includes('inserted')) continue;
      found.add("killed after the table's insert, before its acknowledgement");
      if (isTransacting) found.add("killed after the table's insert, before the topics' transaction was through");
    }
    for (const row of found) this.count(row);
  }

  /** What a worker announced; `life` knows it already. */
  heard({ kind, step, code }: Word, life: Life): void {
    if (kind === 'group') {
      if (step === 'lost') this.count('partitions lost before anybody was asked');
      else if (step === 'revoked' && life.tasks.size > 0) this.count('partitions moved amid an epoch');
      return;
    }
    if (kind !== 'end' || code === '') return;
    if (code === 'OUTCOME_UNKNOWN') {
      if (step === 'tables.insert') this.count("outcome of a table's insert unknown");
      if (step === 'topics.transact') this.count("outcome of a topics' transaction unknown");
    }
    if (Date.now() - life.woken > wakingMs) return;
    if (code === 'STATE_FENCED') this.count('zombie refused by the store');
    if (code === 'PRODUCER_FENCED' || code === 'GROUP_LOST') this.count('zombie refused by Kafka');
  }
}
