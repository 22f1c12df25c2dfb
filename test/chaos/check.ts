/**
 * The verdict: what committed readers of the topics see and what the tables hold, against an oracle that is computed
 * from the input topic alone. Of every order it is known in which window of which shop it belongs, once.
 */
import { stageJobs } from '../../runtime/exchange/stage-jobs.ts';
import type { StateStore } from '../../state/store.ts';
import type { Tables } from '../../tables/tables.ts';
import type { Topics } from '../../topics/topics.ts';
import type { Order, Total } from '../support/listed-orders.ts';
import { chaos, isPoisonous, partitions, windowOf } from './job.ts';

/** What was found wrong; all zeros, it is hoped. */
export interface Verdict {
  /** Orders missing at some place, or there more than once; epochs missing in the ledger, or there twice. */
  lost: number;
  doubled: number;
  /** Rows and records that are not as the oracle says, gaps and overlaps of the ledger, leftovers. */
  rowsDiffer: number;
  /** Rows and records that were compared. */
  compared: number;
  /** Some of what is wrong, in words. */
  readonly examples: string[];
}

/** Ids by shop and window, and those that no window may have. */
export interface Oracle {
  readonly windows: ReadonlyMap<string, readonly number[]>;
  readonly poisoned: readonly number[];
  readonly records: number;
}

interface Parts {
  readonly topics: Topics;
  readonly state: StateStore;
  readonly tables: Tables;
}

/** Every committed record of a topic's partition, from `from` on, and where it ends. */
export async function readAll(topics: Topics, topic: string, partition: number, from = 0) {
  const texts: string[] = [];
  let at = from;
  for (;;) {
    const batch = await topics.fetch({ topic, partition }, at, { maxRecords: 5_000, maxBytes: 4 << 20 });
    if (batch === undefined) return { texts, end: at };
    for (let i = 0; i < batch.length; i++) texts.push(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i]));
    at = batch.nextOffset;
  }
}

export async function oracleOf(topics: Topics): Promise<Oracle> {
  const windows = new Map<string, number[]>();
  const poisoned: number[] = [];
  let records = 0;
  for (let p = 0; p < partitions; p++) {
    for (const text of (await readAll(topics, 'orders', p)).texts) {
      const { id, shop, at } = JSON.parse(text) as Order;
      records++;
      if (shop === 'closing') continue;
      if (isPoisonous(id)) {
        poisoned.push(id);
        continue;
      }
      const key = `${shop} ${windowOf(at)}`;
      const ids = windows.get(key);
      if (ids === undefined) windows.set(key, [id]);
      else ids.push(id);
    }
  }
  for (const ids of windows.values()) ids.sort((a, b) => a - b);
  return { windows, poisoned: poisoned.sort((a, b) => a - b), records };
}

/** Compares everything. `doubledRows` were found and merged before. */
export async function judge({ topics, state, tables }: Parts, oracle: Oracle): Promise<Verdict> {
  const verdict: Verdict = { lost: 0, doubled: 0, rowsDiffer: 0, compared: 0, examples: [] };
  const totalsOf = async (topic: string) => {
    const found: Total[] = [];
    for (let p = 0; p < ((await topics.describe(topic))?.partitions ?? 0); p++) {
      for (const text of (await readAll(topics, topic, p)).texts) found.push(JSON.parse(text) as Total);
    }
    return found;
  };
  compare('alerts', await totalsOf('alerts'), oracle, verdict);
  compare('all', await totalsOf('all'), oracle, verdict);
  compare('totals as inserted', (await tables.query('SELECT * FROM totals')) as unknown as Total[], oracle, verdict);
  compare('totals', (await tables.rows('totals')) as unknown as Total[], oracle, verdict);
  compare('forgetful', (await tables.rows('forgetful')) as unknown as Total[], oracle, verdict);
  await judgeDead(topics, oracle, verdict);
  await judgeLedger(tables, oracle, verdict);
  await judgeLeftovers(topics, state, verdict);
  return verdict;
}

function wrong(verdict: Verdict, text: string): void {
  verdict.rowsDiffer++;
  if (verdict.examples.length < 40) verdict.examples.push(text);
}

/** One place that holds every total once. */
function compare(place: string, totals: readonly Total[], { windows }: Oracle, verdict: Verdict): void {
  const seen = new Map<number, number>();
  const rows = new Map<string, number>();
  for (const { shop, from, ids: text } of totals) {
    verdict.compared++;
    const key = `${shop} ${from}`;
    const ids = text.split(' ').map(Number);
    const expected = windows.get(key);
    const times = (rows.get(key) ?? 0) + 1;
    rows.set(key, times);
    for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1);
    if (times > 1) wrong(verdict, `${place}: window ${key} ${times} times`);
    const sorted = [...ids].sort((a, b) => a - b);
    if (expected?.join() !== sorted.join()) wrong(verdict, `${place}: ${key} has ${sorted} instead of ${expected}`);
  }
  const wanted = new Map<number, number>();
  for (const [key, ids] of windows) {
    if (!rows.has(key)) wrong(verdict, `${place}: window ${key} is missing`);
    for (const id of ids) wanted.set(id, (wanted.get(id) ?? 0) + 1);
  }
  for (const id of new Set([...wanted.keys(), ...seen.keys()])) {
    const difference = (seen.get(id) ?? 0) - (wanted.get(id) ?? 0);
    if (difference < 0) verdict.lost -= difference;
    else verdict.doubled += difference;
  }
}

async function judgeDead(topics: Topics, { poisoned }: Oracle, verdict: Verdict): Promise<void> {
  const { texts } = await readAll(topics, 'chaos.dead-letters', 0);
  const found = texts.map((text) => JSON.parse(text) as { readonly reason: string; readonly sample: string });
  verdict.compared += found.length;
  for (const { reason, sample } of found) if (reason !== 'threw') wrong(verdict, `dead letter: ${reason} ${sample}`);
  const ids = found.map(({ sample }) => (JSON.parse(sample) as Order).id).sort((a, b) => a - b);
  const count = (among: readonly number[]) => {
    const counts = new Map<number, number>();
    for (const id of among) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  };
  const [have, want] = [count(ids), count(poisoned)];
  for (const id of new Set([...have.keys(), ...want.keys()])) {
    const difference = (have.get(id) ?? 0) - (want.get(id) ?? 0);
    if (difference === 0) continue;
    if (difference < 0) verdict.lost -= difference;
    else verdict.doubled += difference;
    wrong(verdict, `dead letters: order ${id} ${have.get(id) ?? 0} times instead of ${want.get(id) ?? 0}`);
  }
}

/** Neighbours must touch, no epoch may stand twice, and the last stage has read every total once. */
async function judgeLedger(tables: Tables, { windows }: Oracle, verdict: Verdict): Promise<void> {
  const rows = await tables.query(
    'SELECT task, generation, epoch, positions_from, positions_to, records_in FROM ledger ORDER BY task, generation, epoch',
  );
  verdict.compared += rows.length;
  let counted = 0;
  for (const [i, row] of rows.entries()) {
    const { task, epoch, generation } = row;
    if (String(task).startsWith('last-')) counted += Number(row['records_in']);
    const before = rows[i - 1];
    if (before === undefined || before['task'] !== task) continue;
    const name = `ledger: ${task} epoch ${epoch}`;
    if (before['generation'] !== generation) wrong(verdict, `${name}: generation ${generation}`);
    else if (before['epoch'] === epoch) {
      verdict.doubled++;
      wrong(verdict, `${name} twice`);
    } else if (before['positions_to'] !== row['positions_from']) {
      // Whether an epoch's row is missing or what it read was read again, the next one does not touch.
      if (Number(before['epoch']) + 1 < Number(epoch)) verdict.lost++;
      wrong(verdict, `${name}: ${before['positions_to']} … ${row['positions_from']}`);
    }
  }
  if (counted !== windows.size)
    wrong(verdict, `ledger: the last stage has read ${counted} totals, not ${windows.size}`);
}

/** Nothing may be left in an outbox or unread in a topic. */
async function judgeLeftovers(topics: Topics, state: StateStore, verdict: Verdict): Promise<void> {
  for (const { name, inputs } of stageJobs(chaos)) {
    for (let partition = 0; partition < partitions; partition++) {
      const task = `${name}-${partition}`;
      if (name !== 'orders') {
        const left = await (await state.open('chaos', task)).outbox();
        for (const { lane, seq } of left) wrong(verdict, `outbox of ${task}: ${lane} ${seq}`);
      }
      for (const topic of inputs) {
        const [offset] = await topics.committed('chaos', [{ topic, partition }]);
        const { texts } = await readAll(topics, topic, partition, offset ?? 0);
        if (texts.length > 0) wrong(verdict, `${topic}/${partition}: ${texts.length} records unread from ${offset}`);
      }
    }
  }
}
