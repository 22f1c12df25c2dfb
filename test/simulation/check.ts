/**
 * What a world holds in the end, and how it differs from what it should hold. Rows are compared as they were inserted,
 * before the identity of a table could hide that one came twice; topics as a reader of committed records sees them.
 */
import { drain } from '../conformance/topics-steps.ts';
import type { World } from './world.ts';

/** Texts by table, and by topic and partition. */
export type Outcome = Readonly<Record<string, readonly string[]>>;

/** What is wrong; three empty lists where nothing is. */
export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Records of a topic in another order, and neighbours in the ledger that do not touch. */
  readonly disordered: readonly string[];
}

export const faultless: Verdict = { lost: [], doubled: [], disordered: [] };

const outputs = ['alerts', 'relayed', 'shops.dead-letters', 'relay.dead-letters', 'archive.dead-letters'];

export async function outcomeOf({ topics, journal }: World): Promise<Outcome> {
  const found: Record<string, readonly string[]> = {};
  for (const [table, rows] of journal) found[table] = rows.map(unnumbered);
  for (const topic of outputs) {
    const { partitions = 0 } = (await topics.describe(topic)) ?? {};
    for (let p = 0; p < partitions; p++) found[`${topic}/${p}`] = (await drain(topics, topic, p)).map(String);
  }
  return found;
}

/** The archive's rows are numbered again in each epoch, and epochs are cut elsewhere after a restart. */
function unnumbered(row: string): string {
  const { revision, id, ...rest } = JSON.parse(row) as Record<string, unknown>;
  if (rest['job'] === 'archive' && 'reason' in rest) return JSON.stringify(rest);
  return 'sofar' in rest || 'job' in rest ? row : JSON.stringify({ id, ...rest });
}

/** Compares with a run that nothing happened to. */
export function judge(expected: Outcome, found: Outcome): Verdict {
  const [lost, doubled, disordered]: [string[], string[], string[]] = [[], [], []];
  for (const place of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const [wanted, got] = [expected[place] ?? [], found[place] ?? []];
    if (place === 'ledger') {
      judgeLedger(wanted, got, { lost, doubled, disordered });
      continue;
    }
    const before = lost.length + doubled.length;
    lost.push(...surplus(wanted, got).map((text) => `${place}: ${text}`));
    doubled.push(...surplus(got, wanted).map((text) => `${place}: ${text}`));
    const same = lost.length + doubled.length === before;
    if (same && place.includes('/') && wanted.join('\n') !== got.join('\n'))
      disordered.push(`${place} in another order`);
  }
  return { lost, doubled, disordered };
}

/** What `these` has more of than `those`, each as often as it has more. */
function surplus(these: readonly string[], those: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of those) counts.set(text, (counts.get(text) ?? 0) + 1);
  return these.filter((text) => {
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

interface LedgerRow {
  readonly epoch: number;
  readonly generation: number;
  readonly positions_from: string;
  readonly positions_to: string;
  readonly records_in: number;
  readonly records_out: number;
  readonly records_late: number;
  readonly records_dead: number;
}

/** Epochs are cut elsewhere after a restart: what must agree are the neighbours, both ends and the sums. */
function judgeLedger(
  expected: readonly string[],
  found: readonly string[],
  { lost, doubled, disordered }: { lost: string[]; doubled: string[]; disordered: string[] },
): void {
  const [wanted, rows] = [chain(expected), chain(found)];
  for (const [i, row] of rows.entries()) {
    const next = rows[i + 1];
    // A reset begins again.
    if (next === undefined || next.generation !== row.generation) continue;
    if (next.epoch === row.epoch) doubled.push(`ledger: epoch ${row.epoch}`);
    else if (next.positions_from !== row.positions_to)
      disordered.push(`ledger: ${row.positions_to} … ${next.positions_from}`);
  }
  for (const end of ['positions_from', 'positions_to'] as const) {
    const at = end === 'positions_from' ? 0 : -1;
    if (rows.at(at)?.[end] !== wanted.at(at)?.[end]) disordered.push(`ledger: ${end} ${rows.at(at)?.[end]}`);
  }
  for (const count of counts) {
    const [want, got] = [sumOf(wanted, count), sumOf(rows, count)];
    if (got !== want) (got < want ? lost : doubled).push(`ledger: ${count} ${got}, not ${want}`);
  }
}

const counts = ['records_in', 'records_out', 'records_late', 'records_dead'] as const;

function sumOf(rows: readonly LedgerRow[], count: (typeof counts)[number]): number {
  return rows.reduce((sum, row) => sum + row[count], 0);
}

function chain(rows: readonly string[]): readonly LedgerRow[] {
  return rows
    .map((row) => JSON.parse(row) as LedgerRow)
    .sort((a, b) => a.generation - b.generation || a.epoch - b.epoch);
}
