import { expect, test } from 'vitest';
import { MillraceError } from '../../../errors.ts';
import type { ChunkWriter } from '../../../graph/connector.ts';
import { chunkDelivery } from '../../../runtime/commit/lanes.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';

/** Delivers one row to a writer that fails with these errors, one after the other. */
async function delivered(errors: readonly Error[]): Promise<void> {
  const left = [...errors];
  const writer: ChunkWriter = {
    ensure: async () => {},
    async insert() {
      const error = left.shift();
      if (error !== undefined) throw error;
    },
  };
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const letterOf = () => Buffer.from('{}\n');
  const deliver = chunkDelivery({ uid: 'rows', writer, deadLetters: writer, letterOf, clock, onRetry() {}, signal });
  const payload = Buffer.from('{"n":1}\n');
  await deliver({ entries: [{ lane: 'rows', seq: 1, epoch: 0, payload }], bytes: payload.length, token: 't' });
}

const unknown = () => new MillraceError('OUTCOME_UNKNOWN', { what: 'the insert' });

test('a delivery that fails without a code says how often it was really tried', async () => {
  await expect(delivered([new Error('boom')])).rejects.toThrow(
    "DELIVERY_FAILED: sink 'rows' did not accept its records (tries: 1): boom.",
  );
  await expect(delivered([unknown(), unknown(), new Error('boom')])).rejects.toThrow('(tries: 3): boom');
  await expect(delivered([unknown(), unknown()])).resolves.toBeUndefined();
});

/** A table that keeps rows by token, as ClickHouse does, and refuses what a test does not like. */
function refusing(isRefused: (lines: string, rows: number) => boolean) {
  const kept = new Map<string, string>();
  const writer: ChunkWriter = {
    ensure: async () => {},
    async insert(ndjson, { token, rows }) {
      const lines = Buffer.from(ndjson).toString('utf8');
      if (isRefused(lines, rows)) throw new MillraceError('TABLE_INSERT_REFUSED', { table: 't', rows, reason: 'odd' });
      if (!kept.has(token)) kept.set(token, lines);
    },
  };
  return { kept, writer, rows: () => [...kept.values()].flatMap((lines) => lines.trimEnd().split('\n')).sort() };
}

const rows = Array.from({ length: 7 }, (_, n) => `{"n":${n}}`);

/** The delivery of the rows as one chunk. */
function delivering(writer: ChunkWriter, deadLetters: ChunkWriter): () => Promise<void> {
  const letterOf = ({ row, id }: { row: string; id: string }) => Buffer.from(`${JSON.stringify({ row, id })}\n`);
  const rest = { clock: new VirtualClock(), onRetry() {}, signal: new AbortController().signal };
  const deliver = chunkDelivery({ uid: 'rows', writer, deadLetters, letterOf, ...rest });
  const payload = Buffer.from(`${rows.join('\n')}\n`);
  return () => deliver({ entries: [{ lane: 'rows', seq: 1, epoch: 0, payload }], bytes: payload.length, token: 't' });
}

test('rows that a table refuses together go in by halves, each under a token of its own', async () => {
  const table = refusing((_, count) => count > 2);
  const letters = refusing(() => false);
  const deliver = delivering(table.writer, letters.writer);
  for (let time = 0; time < 2; time++) {
    await deliver();
    expect(table.rows()).toEqual(rows);
  }
  expect(letters.rows()).toEqual([]);
});

test('the rows around one that is refused go in once each, however often the chunk is delivered', async () => {
  const table = refusing((lines) => lines.includes('"n":4'));
  const letters = refusing(() => false);
  const deliver = delivering(table.writer, letters.writer);
  for (let time = 0; time < 2; time++) {
    await deliver();
    expect(table.rows()).toEqual(rows.filter((row) => row !== '{"n":4}'));
    expect(letters.rows().map((letter) => JSON.parse(letter).row)).toEqual(['{"n":4}']);
  }
  expect([...table.kept.keys()]).not.toContain('t');
  expect([...letters.kept.keys()].every((token) => token.endsWith('.refused'))).toBe(true);
});
