/** One row among a thousand that a real table refuses, in each table of the incident job. */
import { expect, onTestFinished, test } from 'vitest';
import { incidentWindowsTable } from '../../../incidents/evidence.ts';
import { incidentsTable } from '../../../incidents/incident-table.ts';
import { chunkDelivery } from '../../../runtime/commit/lanes.ts';
import { deadLetterRow, deadLetters } from '../../../runtime/commit/own-tables.ts';
import { changesTable } from '../../../signals/changes.ts';
import { serviceWindowsTable } from '../../../signals/signal.ts';
import { templatesTable } from '../../../signals/template-table.ts';
import { clickhouseTables } from '../../../tables/clickhouse/clickhouse.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { startChdb } from '../../support/servers/chdb.ts';
import { connect } from '../../support/servers/tables.ts';

const specs = [incidentsTable, incidentWindowsTable, serviceWindowsTable, templatesTable, changesTable];

test('it becomes a dead letter, and its neighbours go in', async () => {
  const server = await startChdb();
  onTestFinished(() => server.stop());
  const tables = clickhouseTables(connect(server.url));
  onTestFinished(() => tables.close());
  await tables.ensure(deadLetters);
  const into = (table: string) => ({
    ensure: async () => {},
    insert: (ndjson: Uint8Array, chunk: { rows: number; token: string }) => tables.insert(table, ndjson, chunk),
  });
  for (const { spec } of specs) {
    await tables.ensure(spec);
    const [column] = spec.identity.filter((name) => /String/.test(spec.columns[name]!.type));
    const lines = Array.from({ length: 1_000 }, (_, n) => {
      const id = n === 613 ? 'half \\ud83d' : `${n}`;
      return `{"${column}":"${id}","revision":1,"is_deleted":0}\n`;
    });
    const deliver = chunkDelivery({
      uid: spec.name,
      writer: into(spec.name),
      deadLetters: into('dead_letters'),
      letterOf({ row, reason, id }) {
        const letter = { origin: spec.name, reason: 'refused', detail: reason, sample: row, time: 0 };
        const own = { id, revision: 1, is_deleted: 0 };
        return Buffer.from(`${JSON.stringify({ ...deadLetterRow('incidents', letter), ...own })}\n`);
      },
      clock: new VirtualClock(),
      onRetry() {},
      signal: new AbortController().signal,
    });
    const payload = Buffer.from(lines.join(''));
    const token = `${spec.name}/1`;
    await deliver({ entries: [{ lane: spec.name, seq: 1, epoch: 0, payload }], bytes: payload.length, token });
    const [stored] = await tables.query(`SELECT count() AS n, uniqExact(${column}) AS different FROM ${spec.name}`);
    expect([spec.name, Number(stored!['n']), Number(stored!['different'])]).toEqual([spec.name, 999, 999]);
  }
  const letters = await tables.rows('dead_letters');
  expect(letters.map(({ origin, reason }) => [origin, reason]).sort()).toEqual(
    specs.map(({ spec }) => [spec.name, 'refused']).sort(),
  );
  for (const { sample } of letters) expect(sample).toContain('half \\ud83d');
});
