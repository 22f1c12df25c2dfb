/** A batch on one line counts with every record in it: the first must not speak for the others. */
import { expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { archiveJob } from '../../jobs/archive.ts';
import incidentsOf from '../../jobs/incidents.ts';
import type { PlacedLine } from '../../jobs/shipped-lines.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { otlpBatch, packings, type ShopRecord } from '../support/packed-lines.ts';
import { morning } from '../support/raw-lines.ts';

const records: readonly ShopRecord[] = Array.from({ length: 100 }, (_, i) => ({
  time: morning + i,
  level: i === 0 ? 'INFO' : 'ERROR',
  message: `order ${i} ${i === 0 ? 'came' : 'failed'}`,
  trace: 'a'.repeat(32),
}));

test.each([
  ['an OTLP batch', otlpBatch],
  ['a push to Loki', packings['a push to Loki']!],
  ['a list', packings['a list']!],
])('%s that begins with an INFO has 99 errors in its pane', async (_, pack) => {
  const line = { line: pack(records), source: 'shop', time: morning };
  for (const logs of [
    [line, END],
    [line, CRASH, END],
  ]) {
    const { tables, deadLetters } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
    const [pane, ...more] = tables['service_windows']!.filter((row) => Number(row['lines']) > 0);
    expect(pane).toMatchObject({ service: 'cart', lines: 100, errors: 99 });
    expect(more).toEqual([]);
    expect(deadLetters).toEqual([]);
  }
});

test('a topic record that is read once more gives the archive the same numbers', async () => {
  const place = { source: 'shop', time: morning, topic: 'logs', partition: 0, offset: 7 };
  const lines = [
    { ...place, line: otlpBatch(records.slice(0, 3)), index: 0 },
    { ...place, line: 'behind', index: 1 },
  ];
  const archive = archiveJob({ logs: script<PlacedLine>([]) });
  const { tables } = await play(archive, { logs: [...lines, ...lines, END] });
  const rows = tables['logs']!.map(({ index, message }) => [index, message]);
  expect(rows.sort()).toEqual([
    [0, 'order 0 came'],
    [1, 'order 1 failed'],
    [2, 'order 2 failed'],
    [3, 'behind'],
  ]);
});
