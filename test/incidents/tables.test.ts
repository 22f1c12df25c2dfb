import { describe, expect, test } from 'vitest';
import * as tables from '../../incidents/tables.ts';
import { createTable } from '../../tables/clickhouse/ddl.ts';
import { at, environment, ill } from '../support/incidents/board-of.ts';

const specs = [
  tables.templates,
  tables.serviceWindows,
  tables.incidentWindows,
  tables.incidents,
  tables.changes,
  tables.suppressions,
];

describe('the tables', () => {
  test.each(specs.map((spec) => [spec.name, spec] as const))(
    '%s can be made, and every column says what it is',
    (_, spec) => {
      expect(createTable(spec)).toContain('ReplacingMergeTree');
      for (const { comment } of Object.values(spec.columns)) expect(comment.length).toBeGreaterThan(2);
    },
  );

  test('a row fills every column of its table', () => {
    const shop = environment();
    const change = { timestamp: at(-6), kind: 'maintenance', service: 'cart', until: at(60) } as const;
    shop.change(change);
    const [event] = shop.show(0, 1, (n) => [ill('cart', n)]);
    const [one] = shop.illness;
    const columns = (spec: { columns: object }) => Object.keys(spec.columns).sort();
    const filled = (row: object, spec: { columns: object }) => columns(spec).filter((c) => c in row);
    const told = {
      service: 'cart',
      id: 'a',
      into: 'b',
      text: 't',
      level: null,
      sample: 's',
      first: 0,
      last: 1,
      count: 2,
    };
    expect(tables.templateRow('default')(told)).toMatchObject({ alias_of: 'b', level: '' });
    expect(tables.templateRow('default')({ ...told, into: 'a' }).alias_of).toBe('');
    const rows = [
      [tables.templateRow('default')(told), tables.templates],
      [tables.serviceWindowRow('default')(ill('cart', 0)), tables.serviceWindows],
      [tables.incidentWindowRow(one!), tables.incidentWindows],
      [tables.incidentRow(event!), tables.incidents],
      [tables.changeRow(change), tables.changes],
      [tables.suppressionRow(one!), tables.suppressions],
    ] as const;
    for (const [row, spec] of rows) expect(filled(row, spec)).toEqual(columns(spec));
  });
});
