/** A process of its own for the tests of the embedded tables: inserts chunk after chunk until it is killed. */
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import { chunk, chunkSpec } from '../table-chunks.ts';

const tables = await chdbTables(process.argv[2]!);
await tables.ensure(chunkSpec);
// Merges would hide what was doubled.
await tables.writer.command({
  query: `ALTER TABLE ${chunkSpec.name} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1`,
});
for (let n = Number(process.argv[3]); ; n++) {
  await tables.insert(chunkSpec.name, chunk(n), { rows: 500, token: `chunk-${n}` });
  process.stdout.write(`${n}\n`);
}
