/** Every panel's SQL runs over tables made from the specifications, with an incident in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables as specs } from '../../jobs/registry.ts';
import { deadLetters, ledger } from '../../runtime/commit/own-tables.ts';
import { metricDefinitions } from '../../runtime/metrics.ts';
import { chdbTables } from '../../tables/chdb/chdb.ts';
import type { Row, Tables } from '../../tables/tables.ts';
import { dashboard, type Panel, sent } from '../support/deploy/dashboard.ts';
import { documentOf, textOf } from '../support/deploy/files.ts';
import { ledgerRow, rowsOf } from '../support/deploy/rows.ts';

const now = Date.UTC(2026, 0, 29, 12);
const environment = "it's production";
let tables: Tables;
const dir = mkdtempSync(join(tmpdir(), 'millrace-grafana-'));

async function put(table: string, rows: readonly Row[], token: string): Promise<void> {
  const ndjson = rows.map((row) => `${JSON.stringify({ revision: 1, is_deleted: 0, ...row })}\n`).join('');
  await tables.insert(table, Buffer.from(ndjson), { rows: rows.length, token });
}

beforeAll(async () => {
  tables = await chdbTables(dir);
  for (const spec of [...specs, ledger, deadLetters]) await tables.ensure(spec);
  for (const [table, rows] of Object.entries(rowsOf(now, environment))) await put(table, rows, 'first');
}, 120_000);

afterAll(async () => {
  await tables?.close();
  rmSync(dir, { recursive: true, force: true });
});

function panel(title: string): Panel {
  const found = dashboard.panels.find((p) => p.title === title);
  if (found === undefined) throw new Error(`there is no panel '${title}'`);
  return found;
}

const ask = (title: string): Promise<readonly Row[]> =>
  tables.query(sent(panel(title).targets![0]!.rawSql!, { now, environment }));

test('the environments to choose from are those of the tables', async () => {
  expect(await tables.query(dashboard.templating.list[0]!.query)).toEqual([{ environment }]);
});

/** What each panel must show of the incident in rows.ts; a panel that is not listed here fails. */
const shown: Readonly<Record<string, readonly object[]>> = {
  'Open incidents': [{ open: 1 }],
  'Held back': [{ suppressed: 1 }],
  'Gaps in the ledger': [{ gaps: 0 }],
  'Dead letters': [{ dead: 2 }],
  'What is open, and since when': [
    { incident_id: 'i1', severity: 'critical', services: 'cart, shop', cause: 'cart', score: 42.5, learning: false },
  ],
  'Worse or better': [
    { service: 'cart', score: 40, time: '2026-01-29T11:50:00Z' },
    { service: 'cart', score: 20, time: '2026-01-29T11:55:00Z' },
  ],
  'Errors by service': [
    { service: 'cart', errors: 30 },
    { service: 'shop', errors: 0 },
  ],
  'Who is hit': [{ service: 'cart', all_lines: 100, all_errors: 30, error_percent: 30, seconds_ill: 10 }],
  'What changed before': [
    { service: 'cart', version: 'v2', minutes_before: 3, in_incident: 1 },
    { service: 'mail', version: 'v9', minutes_before: 60, in_incident: 0 },
  ],
  'Kinds of lines seen for the first time': [
    { service: 'cart', template: 'no route to <*>', sample: 'no route to db' },
  ],
  'Why it fired': [{ service: 'cart', observed: 10, expected: 0.5, score: 20, window_seconds: 60, sample: 'boom' }],
  'What was suppressed': [{ service: 'mail', rule: 'maintenance', reason: 'announced' }],
  'Where each task stands': [{ job: 'incidents', task: 'panes-0', records_read: 20, late: 1 }],
  'Ledger: epochs that do not touch': [],
  'Dead letters by reason': [{ job: 'incidents', origin: 'logs', reason: 'unreadable', letters: 2, detail: 'newer' }],
};

describe('a panel over tables', () => {
  const asking = dashboard.panels.filter((p) => p.targets?.[0]?.rawSql !== undefined);
  test.each(asking)('$title', async ({ title }) => {
    const rows = await ask(title);
    expect(rows).toHaveLength(shown[title]!.length);
    expect(rows).toMatchObject(shown[title]!);
  });
});

test('epochs that do not touch are counted and named', async () => {
  // Epoch 5 begins where 3 did not end: five records are missing.
  await put('ledger', [ledgerRow(now, { epoch: 5, from: 25, to: 30 })], 'gap');
  expect(await ask('Gaps in the ledger')).toMatchObject([{ gaps: 1 }]);
  const rows = await ask('Ledger: epochs that do not touch');
  expect(rows).toMatchObject([{ task: 'panes-0', reached: '{"in":{"0":20}}', positions_from: '{"in":{"0":25}}' }]);
  // A reset begins again.
  await put('ledger', [ledgerRow(now, { epoch: 0, from: 0, to: 5, generation: 2 })], 'reset');
  expect(await ask('Gaps in the ledger')).toMatchObject([{ gaps: 1 }]);
});

describe('the dashboard', () => {
  const sources = documentOf<{ readonly datasources: readonly { readonly uid: string; readonly type: string }[] }>(
    'deploy/grafana/provisioning/datasources/millrace.yaml',
  ).datasources;

  test('asks only data sources that are provisioned', () => {
    const known = sources.map(({ uid, type }) => ({ uid, type }));
    for (const { targets = [] } of dashboard.panels)
      for (const t of targets) expect(known).toContainEqual(t.datasource);
  });

  test('names metrics that there are', () => {
    const asked = dashboard.panels.flatMap((p) => p.targets ?? []).flatMap((t) => t.expr?.match(/millrace_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((name) => !Object.hasOwn(metricDefinitions, name))).toEqual([]);
  });

  test('has panels of different numbers that do not lie on each other', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map((p) => p.id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.filter((cell) => Number(cell.split('/')[0]) >= 24)).toEqual([]);
  });

  test('tells the data source what comes: a table, or a series with a time', () => {
    for (const target of dashboard.panels.flatMap((p) => p.targets ?? [])) {
      if (target.rawSql === undefined) continue;
      expect(target.format).toBe(target.queryType === 'timeseries' ? 0 : 1);
      expect(/ AS time,/.test(target.rawSql)).toBe(target.queryType === 'timeseries');
    }
  });
});

test("the ledger's query in the documents is the dashboard's", async () => {
  const [, sql] = /```sql\n(SELECT job, task[\s\S]*?)```/.exec(textOf('docs/operate.md'))!;
  const own = panel('Ledger: epochs that do not touch').targets![0]!.rawSql!;
  const bare = (text: string) =>
    text
      .replace(/\s*WHERE \$__timeFilter_ms\(committed_at\)/, '')
      .replace(/\s+/g, ' ')
      .trim();
  expect(bare(sql!)).toBe(bare(own));
  expect((await tables.query(sql!)).map((row) => row['epoch'])).toEqual(expect.any(Array));
});
