import { expect, test } from 'vitest';
import { memoryTables } from '../../tables/memory.ts';
import { tablesConformance } from '../conformance/tables.ts';

tablesConformance('tables in memory', async () => ({ tables: memoryTables() }), [
  { reason: 'memory keeps nothing', tests: ['rows and tokens are there after reopening'] },
  {
    reason: 'memory has no clock',
    tests: ['rows that are too old for a changed TTL are gone after a merge, the others are kept'],
  },
  { reason: 'no other process can reach it', tests: ['a table that vanished is missing until it is made again'] },
  {
    reason: 'memory answers no SQL',
    tests: [
      'a query is answered with its values bound, however hostile',
      'a query that is wrong, unanswerable or more than one statement fails with its reason',
      'no answer is no rows',
    ],
  },
]);

test('tables in memory refuse SQL and say what to do instead', async () => {
  await expect(memoryTables().query('SELECT 1')).rejects.toThrow(/SQL_UNSUPPORTED: .*rows\(/);
});
