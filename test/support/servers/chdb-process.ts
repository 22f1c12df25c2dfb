/**
 * chDB behind HTTP for tests, in a process of its own: the HTTP front of tables over chDB, with everything allowed.
 * `chdb-process.ts '{"path":…,"port":…}'` prints its port when it answers; port 0 takes a free one. Each request has a
 * session of its own, with which its settings and its database end, and requests run at once.
 */
import { createChdbConnection } from 'chdb/connection';
import { quoteName, quoteText } from '../../../tables/clickhouse/ddl.ts';
import { type Incoming, type Outgoing, serveFront, valuesOf } from '../../../tables/http/front.ts';

const { path, port } = JSON.parse(process.argv[2]!) as { path: string; port: number };

/** Parameters of the transport; all others are settings of the statement. */
const transport = /^(query|query_id|database|default_format|session_.*|role|param_.*|enable_http_compression)$/;

async function answer({ text, parameters }: Incoming): Promise<Outgoing> {
  const format = parameters.get('default_format') ?? 'TabSeparated';
  const values = Object.entries(valuesOf(parameters)).map(([name, value]) => [`param_${name}`, value] as const);
  const settings = [...values, ...[...parameters].filter(([name]) => !transport.test(name))];
  const connection = createChdbConnection({ path });
  try {
    const database = parameters.get('database') || 'default';
    if (database !== 'default') await connection.chdb.queryAsync(`USE ${quoteName(database)}`);
    const pairs = settings.map(([name, value]) => `${quoteName(name)} = ${quoteText(value)}`);
    if (pairs.length > 0) await connection.chdb.queryAsync(`SET ${pairs.join(', ')}`);
    const result = await connection.chdb.queryAsync(text, { format });
    return { bytes: result.bytes(), format: /\bFORMAT (\w+)\s*$/.exec(text)?.[1] ?? format };
  } finally {
    await connection.close();
  }
}

// One connection stays open, since the engine ends with the last one.
await createChdbConnection({ path }).chdb.queryAsync('SELECT 1');
const { url } = await serveFront({ longest: 1 << 28, answer }, { port });
process.stdout.write(`${new URL(url).port}\n`);
