import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../cli/settings/config.ts';
import { schema } from '../../cli/settings/schema.ts';
import { suppressionsTable } from '../../decisions/suppression.ts';
import { describe as describeJob } from '../../graph/describe.ts';
import { incidentWindowsTable } from '../../incidents/evidence.ts';
import { incidentsTable } from '../../incidents/incident-table.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import archiveOf from '../../jobs/archive.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { tables, topics } from '../../jobs/registry.ts';
import { deadLetters, ledger } from '../../runtime/commit/own-tables.ts';
import { changesTable } from '../../signals/changes.ts';
import { optionalInputs } from '../../signals/inputs/kinds.ts';
import { serviceWindowsTable } from '../../signals/signal.ts';
import { templatesTable } from '../../signals/template-table.ts';
import { createTable } from '../../tables/clickhouse/ddl.ts';
import { anomalous, at, environment } from '../support/incidents/environment-of.ts';

const root = join(import.meta.dirname, '..', '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const listed = [...tables, ledger, deadLetters].map(({ name }) => name).sort();

/** Days by table. */
const kept = new Map(
  [...tables, ledger, deadLetters].map(({ name, ttl }) => {
    return [name, /^inserted_at \+ INTERVAL (\d+) DAY$/.exec(ttl ?? '')?.[1]] as const;
  }),
);

/** What the jobs' sources and sinks are labelled with, such as `table incidents`. */
const labels = [archiveOf({ settings: {} }), incidentsOf({ settings: { ...incidentDefaults, inputs: optionalInputs } })]
  .flatMap((job) => describeJob(job).nodes)
  .flatMap(({ detail }) => detail);
const named = (kind: 'table' | 'topic') =>
  [...new Set(labels.flatMap((label) => label.match(new RegExp(`^${kind} (\\w+)$`))?.[1] ?? []))].sort();

describe('the registry', () => {
  test('lists the tables and topics of the jobs, and no others', () => {
    expect(named('table')).toEqual(tables.map(({ name }) => name).sort());
    expect(named('topic')).toEqual(topics.map(({ name }) => name).sort());
  });

  test('agrees with docs/sizing.md on the tables and on how long their rows are kept', () => {
    const documented = textOf('docs/sizing.md').matchAll(/^\| `(\w+)` +\|.*\| (\d+ days) +\|/gm);
    expect(new Map([...documented].map(([, name, time]) => [name!, time!]))).toEqual(
      new Map([...kept].map(([name, days]) => [name, `${days} days`])),
    );
  });

  test('has no table whose rows are kept forever, and each can be kept otherwise by its name', () => {
    for (const [name, days] of kept) expect(Number(days), name).toBeGreaterThan(0);
    for (const name of listed) {
      expect(parseConfig(`retention: { ${name}: 7d }\n`, 'f').retention).toEqual({ [name]: 7 });
    }
    expect(Object.keys(schema.shape.retention.unwrap().shape).sort()).toEqual(listed);
  });

  test('agrees with docs/configuration.md on how long rows are kept', () => {
    const documented = textOf('docs/configuration.md').matchAll(/^\| `(\w+)` +\| `(\d+)d` +\|/gm);
    expect(new Map([...documented].map(([, name, days]) => [name!, days!]))).toEqual(kept);
  });

  test('lists every table that the dashboard reads', () => {
    const read = textOf('deploy/grafana/dashboards/millrace.json').matchAll(/\b(?:FROM|JOIN) ([a-z_]+)/g);
    expect([...new Set([...read].map(([, name]) => name!))].filter((name) => !listed.includes(name))).toEqual([]);
  });

  test.each(tables.map((spec) => [spec.name, spec] as const))(
    '%s can be made, and every column says what it is',
    (_, spec) => {
      expect(createTable(spec)).toContain('ReplacingMergeTree');
      for (const { comment } of Object.values(spec.columns)) expect(comment.length).toBeGreaterThan(2);
    },
  );
});

test('a row fills every column of its table with a value that JSON can hold', () => {
  const shop = environment();
  const change = { timestamp: at(-6), kind: 'maintenance', service: 'cart', until: at(60) } as const;
  shop.change(change);
  const [event] = shop.show(0, 1, (n) => [anomalous('cart', n)]);
  const [evidence] = shop.evidence;
  const suppressed = { ...evidence!, suppression: evidence!.suppression! };
  const signal = anomalous('cart', 0);
  const text = { text: 't', level: null, sample: 's' };
  const template = { ...text, service: 'cart', id: 'a', into: 'b', first: 0, last: 1, count: 2 };
  const rows = [
    [templatesTable.row({ environment: 'default', template }), templatesTable],
    [serviceWindowsTable.row({ environment: 'default', signal }), serviceWindowsTable],
    [incidentWindowsTable.row(evidence!), incidentWindowsTable],
    [incidentsTable.row(event!), incidentsTable],
    [changesTable.row(change), changesTable],
    [suppressionsTable.row(suppressed), suppressionsTable],
  ] as const;
  for (const [row, { spec }] of rows) {
    expect(Object.keys(row)).toEqual(Object.keys(spec.columns));
    expect(JSON.parse(JSON.stringify(row))).toEqual(row);
  }
});

test('a template that became another is an alias of it, and none of itself', () => {
  const text = { text: 't', level: null, sample: 's' };
  const template = { ...text, service: 'cart', id: 'a', into: 'b', first: 0, last: 1, count: 2 };
  expect(templatesTable.row({ environment: 'default', template })).toMatchObject({ alias_of: 'b', level: '' });
  const itself = { environment: 'default', template: { ...template, into: 'a' } };
  expect(templatesTable.row(itself)['alias_of']).toBe('');
});
