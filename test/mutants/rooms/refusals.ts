/** Rules of what tables refuse, and of what they take for the same. */
import type { Mutant } from '../mutant.ts';

export const refusals: readonly Mutant[] = [
  {
    rule: 'a table that can never be made is no table that is away',
    file: 'tables/clickhouse/failures.ts',
    from: 'const isWrong = wrongStatement.has(exceptionCode(error));',
    to: 'const isWrong = false;',
    killedBy: ['test/tables/clickhouse/ensure.server.test.ts'],
  },
  {
    rule: 'a table that can never be made ends its job at once',
    file: 'runtime/task/runner.ts',
    from: "  'TABLE_REFUSED',\n",
    to: '',
    killedBy: ['test/runtime/task/stop.test.ts'],
  },
  {
    rule: 'a minute of a time of day ends at 59',
    file: 'tables/misfits.ts',
    from: "Number.parseInt(minute ?? '0', 10) > 59",
    to: 'false',
    killedBy: ['test/tables/misfits.test.ts'],
  },
  {
    rule: 'types that the server spells otherwise are the same',
    file: 'tables/clickhouse/ddl.ts',
    from: 'canonical.types?.[name] ?? type',
    to: 'type',
    killedBy: ['test/tables/chdb/chdb.server.test.ts'],
  },
];
