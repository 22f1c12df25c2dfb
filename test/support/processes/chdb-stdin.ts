/** Inserts one row into the table at the path given, whatever is on standard input, and prints how many there are. */
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import type { TableSpec } from '../../../tables/tables.ts';

const spec: TableSpec = {
  name: 'numbers',
  comment: 'numbers',
  columns: { n: { type: 'UInt8', comment: 'it' } },
  identity: ['n'],
};
const tables = await chdbTables(process.argv[2]!);
await tables.ensure(spec);
await tables.insert('numbers', Buffer.from('{"n":1,"revision":1,"is_deleted":0}\n'), { rows: 1, token: 'token' });
console.log((await tables.rows('numbers')).length);
await tables.close();
