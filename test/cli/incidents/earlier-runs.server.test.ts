/** What a screen shows at once of earlier runs, from real tables. */
import { expect, onTestFinished, test } from 'vitest';
import { earlierRuns } from '../../../cli/incidents/earlier-runs.ts';
import { serviceWindowsTable } from '../../../signals/signal.ts';
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import { type Duration, minutes, seconds } from '../../../time/duration.ts';
import { memoryTopics } from '../../../topics/memory.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const tablesOfOwn = async () => {
  const tables = await chdbTables(emptyDirectory());
  onTestFinished(() => tables.close());
  return tables;
};

test('the last ten minutes of each service are found, in their latest version', async () => {
  const tables = await tablesOfOwn();
  expect((await earlierRuns({ topics: memoryTopics(), tables })).panes).toEqual([]);
  const end = Date.parse('2026-03-02T10:00:00Z');
  const before = (time: Duration) => new Date(end - time).toISOString();
  const pane = { environment: 'shop', lines: 7, errors: 1, usual_errors: 0.1 };
  const put = (rows: readonly object[], token: string) =>
    tables.insert(
      serviceWindowsTable.spec.name,
      Buffer.from(rows.map((r) => `${JSON.stringify({ ...pane, is_deleted: 0, ...r })}\n`).join('')),
      { rows: rows.length, token },
    );
  const cart = { service: 'cart', window_start: before(0) };
  await put(
    [
      { ...cart, revision: 1 },
      { service: 'user', window_start: before(minutes(10)), revision: 1 },
    ],
    'a',
  );
  await put([{ service: 'mail', window_start: before(minutes(10) - seconds(10)), learning: true, revision: 1 }], 'b');
  await put([{ ...cart, lines: 9, revision: 2 }], 'c');
  const { panes } = await earlierRuns({ topics: memoryTopics(), tables });
  expect(panes.map((row) => [row['service'], row['window_start'], row['lines'], row['learning']])).toEqual([
    ['mail', '2026-03-02T09:50:10Z', 7, true],
    ['cart', '2026-03-02T10:00:00Z', 9, false],
  ]);
});

test('of each incident that is not resolved the last event is found, suppressed ones too', async () => {
  const [topics, tables] = [memoryTopics(), await tablesOfOwn()];
  expect((await earlierRuns({ topics, tables })).incidents).toEqual([]);
  await topics.create({ name: 'incidents', partitions: 1 });
  const happened = [
    ['a', 'opened'],
    ['b', 'opened'],
    ['c', 'suppressed'],
    ['a', 'resolved'],
    ['b', 'updated'],
    ['d', 'opened'],
    ['b', 'updated'],
  ] as const;
  await topics.append(
    happened.map(([incident_id, event], i) => ({
      topic: 'incidents',
      partition: 0,
      timestamp: i,
      key: null,
      headers: {},
      value: Buffer.from(JSON.stringify({ data: { incident_id, event, sequence: i } })),
    })),
  );
  expect((await earlierRuns({ topics, tables })).incidents).toEqual([
    { incident_id: 'b', event: 'updated', sequence: 6 },
    { incident_id: 'c', event: 'suppressed', sequence: 2 },
    { incident_id: 'd', event: 'opened', sequence: 5 },
  ]);
});
