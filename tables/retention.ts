/**
 * How long rows are kept where that was set. What a specification says itself is the default. Days count from the
 * insert, so that rows of an old recording that is replayed are kept as long as any.
 */
import type { TableSpec, Tables } from './tables.ts';

/** Whole days by table, or forever. */
export type Retention = Readonly<Partial<Record<string, number | 'forever'>>>;

/**
 * The specification with the time that is set for its table.
 *
 * @example
 * const spec = { name: 'incidents', comment: '', columns: {}, identity: [], ttl: 'inserted_at + INTERVAL 400 DAY' };
 * keptAs(spec, { incidents: 30 }).ttl // => 'inserted_at + INTERVAL 30 DAY'
 * keptAs(spec, { incidents: 'forever' }).ttl // => undefined
 * keptAs(spec, { logs: 30 }).ttl // => 'inserted_at + INTERVAL 400 DAY'
 */
export function keptAs(spec: TableSpec, retention: Retention): TableSpec {
  const time = retention[spec.name];
  if (time === undefined) return spec;
  const { ttl: _, ...forever } = spec;
  return time === 'forever' ? forever : { ...forever, ttl: `inserted_at + INTERVAL ${time} DAY` };
}

/** Tables that are made and altered to keep their rows as it is set. */
export const retaining = (tables: Tables, retention: Retention): Tables => ({
  ...tables,
  ensure: (spec) => tables.ensure(keptAs(spec, retention)),
});
