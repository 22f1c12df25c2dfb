import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FileLine, files } from '../../../connectors/files/files.ts';
import { script } from '../../../connectors/script.ts';
import { table } from '../../../connectors/table.ts';
import { topic } from '../../../connectors/topic.ts';
import type { ChunkSink } from '../../../graph/connector.ts';
import { job } from '../../../graph/job.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import incidentsOf from '../../../jobs/incidents.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { to } from '../../../operators/to.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { Burial, type SetAside } from '../../../runtime/task/set-aside.ts';
import { END, play } from '../../../testing/index.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { minutes, seconds } from '../../../time/duration.ts';
import { jsonLine } from '../../support/raw-lines.ts';
import { memoryWorld, runToEnd } from '../../support/run-to-end.ts';

test('late lines are told with their number and where they came through', async () => {
  const told: SetAside[] = [];
  const late = [0, 1, 2].map((at) => ({ ...jsonLine('cart', at, 'info', 'order done'), origin: 'logs-3' }));
  const logs = [jsonLine('cart', 500, 'info', 'order done'), ...late, END];
  const task = { fetch: { maxRecords: 1, maxBytes: 1 }, onSetAside: (one: SetAside) => void told.push(one) };
  await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] }, { task });
  const lines = told.filter(({ origin, reason }) => origin === 'panes' && reason === 'late');
  expect(lines.reduce((sum, { records }) => sum + records, 0)).toBe(3);
  expect(new Set(lines.flatMap(({ from }) => from.map(([name]) => name)))).toEqual(new Set(['logs-3']));
});

test('it is a warning in the log of the job, with the split where a record names no place', async () => {
  const warned: object[] = [];
  const odd = job('odd', (from) => {
    const values = from('numbers', script([1, Number.NaN, 3]));
    values.pipe(eventTime({ at: (n) => n, outOfOrder: 0 }), to('out', topic<number>('out')));
  });
  await runToEnd(odd, memoryWorld(), { ...silent, warn: (fields, text) => void warned.push({ ...fields, text }) });
  const text = 'records were set aside as dead letters';
  expect(warned).toEqual([
    { task: 'all', origin: 'eventTime', reason: 'untimed', records: 1, from: [['numbers/0', 1]], text },
  ]);
});

test('of a file it is the path that is told, not how the file is known', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'set-aside-')), 'orders.ndjson');
  writeFileSync(path, '{"at":1}\nno JSON\n{"at":null}\n');
  const told: (readonly [string, string])[] = [];
  const read = job('read', (from) => {
    const decode = ({ line }: FileLine) => JSON.parse(line) as { at: number | null };
    const orders = from('orders', files([path], { follow: false, decode }));
    orders.pipe(eventTime({ at: ({ at }) => at ?? Number.NaN, outOfOrder: 0 }), to('out', topic('out')));
  });
  const warn = ({ reason, from }: SetAside) => void told.push([reason, from.map(([place]) => place).join()]);
  await runToEnd(read, memoryWorld(), { ...silent, warn: (fields) => warn(fields as unknown as SetAside) });
  expect(told.sort()).toEqual([
    ['unreadable', path],
    ['untimed', path],
  ]);
});

test('what one operator sets aside for one reason is told at once, then once a minute with the sum', () => {
  const clock = new ManualClock();
  const told: SetAside[] = [];
  const burial = new Burial({
    metrics: new Metrics(clock),
    outputs: { addDead() {}, onUnwritable() {}, onRefused: undefined },
    clock,
    tell: (one) => void told.push(one),
  });
  const bury = (count: number, place: string) => {
    for (let i = 0; i < count; i++) burial.bury('panes', 'late', { detail: '', value: i, time: 0, place });
  };
  bury(2, '0');
  bury(3, '1');
  burial.tell();
  const first = {
    origin: 'panes',
    reason: 'late',
    records: 5,
    from: [
      ['1', 3],
      ['0', 2],
    ],
  };
  expect(told).toEqual([first]);
  for (let second = 0; second < 59; second++) {
    clock.advance(seconds(1));
    bury(1, '0');
    burial.tell();
  }
  expect(told).toHaveLength(1);
  clock.advance(minutes(1));
  burial.tell();
  burial.tell(0);
  expect(told.slice(1)).toEqual([{ ...first, records: 59, from: [['0', 59]] }]);
  bury(1, '0');
  burial.tell(0);
  expect(told).toHaveLength(3);
});

test('what a sink cannot write down is counted and told like everything else', async () => {
  const told: SetAside[] = [];
  const spec = {
    name: 'sizes',
    comment: '',
    columns: { id: { type: 'UInt8', comment: '' }, size: { type: 'UInt8', comment: '' } },
    identity: ['id'],
  };
  const sizes = job('sizes', (from) => {
    from('numbers', script([1, 300, 3])).pipe(to('rows', table(spec, { row: (size) => ({ id: 1, size }) })));
  });
  const played = await play(
    sizes,
    { numbers: [1, 300, 3, END] },
    { task: { onSetAside: (one) => void told.push(one) } },
  );
  expect(told).toEqual([{ origin: 'rows', reason: 'unwritable', records: 1, from: [] }]);
  expect(await played.metrics.get('millrace_records_dead_total', 'rows')).toBe(1);
  expect(played.deadLetters).toMatchObject([{ detail: 'column size: 300 is not from 0 to 255' }]);
});

test('so is a row that its table refuses', async () => {
  const odd: ChunkSink<number> = {
    kind: 'chunks',
    label: 'odd numbers',
    row: (n) => ({ n }),
    deletes: undefined,
    open: () => ({
      ensure: async () => {},
      insert: async () => [{ line: 1, reason: 'it is even' }],
    }),
  };
  const numbers = job('numbers', (from) => {
    from('numbers', script([1, 2, 3])).pipe(to('odd', odd));
  });
  const warned: object[] = [];
  await runToEnd(numbers, memoryWorld(), { ...silent, warn: (fields) => void warned.push(fields) });
  expect(warned).toEqual([{ task: 'all', origin: 'odd', reason: 'refused', records: 1, from: [] }]);
});
