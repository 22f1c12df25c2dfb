import { expect, test } from 'vitest';
import { Input } from '../../../cli/incidents/input.ts';
import { makeIncidentJob } from '../../../cli/incidents/run.ts';
import { lineOrigins, newPlaces, notePlaces, setAsideText, whatWasRead } from '../../../cli/incidents/what-was-read.ts';
import { script } from '../../../connectors/script.ts';
import { describe as described } from '../../../graph/describe.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import { UnderstoodLines } from '../../../logs/explained/understood.ts';
import type { RawLine } from '../../../logs/lines/raw-line.ts';
import { newLog } from '../../../logs/parsed-log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import type { Change } from '../../../signals/changes.ts';
import { memoryState } from '../../../state/memory.ts';
import { END, play } from '../../../testing/index.ts';

/** What is said of a run without files, with dead letters by origin, of which some were late. */
async function said(
  dead: Readonly<Record<string, number>>,
  { late = 0, changes = false, places = newPlaces(), understood = new UnderstoodLines() } = {},
) {
  const metrics = new Metrics();
  for (const lane of ['service-windows', 'ledger']) metrics.add('millrace_delivery_retries_total', lane, 0);
  for (const [origin, count] of Object.entries(dead)) metrics.add('millrace_records_dead_total', origin, count);
  if (late > 0) metrics.add('millrace_records_late_total', 'panes', late);
  return whatWasRead({
    patterns: [],
    lines: new Input(),
    beside: changes ? [{ name: 'changes', path: 'no-such-file', input: new Input() }] : [],
    stdin: undefined,
    metrics,
    job: 'incidents',
    state: memoryState(),
    places,
    understood,
    hasFailed: false,
  });
}

test('lines that were set aside are told apart from rows of tables, records of operators and changes', async () => {
  const dead = { logs: 1, read: 2, eventTime: 4, lines: 8, panes: 600, 'service-windows': 1_000, ledger: 3 };
  const [lines, rows, ...rest] = await said({ ...dead, incidents: 5, map: 2, changes: 9 });
  expect(lines).toMatch(/^0 lines read, 615 set aside as dead letters, 0 of them late; /);
  expect(rows).toBe('1003 rows of tables and 7 records of operators set aside too; see dead_letters');
  expect(rest).toEqual([]);
});

test('changes that were set aside stand with the changes', async () => {
  const [lines, changes] = await said({ panes: 1, changes: 9 }, { changes: true });
  expect(lines).toContain(' 1 set aside');
  expect(changes).toBe('0 changes read, 9 set aside as dead letters');
});

test('late lines come with what to do about them, and only they', async () => {
  const sentences = await said({ panes: 3 }, { late: 2 });
  expect(sentences[0]).toContain('3 set aside as dead letters, 2 of them late');
  expect(sentences[1]).toMatch(
    /^late lines are older than .* name another directory with --data .* raise out_of_order/,
  );
  expect(await said({ panes: 3 })).toHaveLength(1);
});

test('the origins of lines are operators of the incident job, up to the window that counts lines', async () => {
  const { nodes } = described(
    await makeIncidentJob({
      logs: script<RawLine>([]),
      changes: script<Change>([]),
      settings: incidentDefaults,
    }),
  );
  const path: string[] = [];
  for (let id = nodes.findIndex(({ uid }) => uid === 'panes'); id >= 0; id = nodes[id]!.inputs[0]?.node ?? -1) {
    path.unshift(nodes[id]!.uid ?? nodes[id]!.verb);
  }
  expect(path.filter((origin) => !/^keyBy/.test(origin))).toEqual([...lineOrigins]);
});

test('where late lines came from is said while they come, and at the end', async () => {
  const places = newPlaces();
  const told = {
    origin: 'panes',
    reason: 'late',
    records: 3,
    from: [
      ['a.log', 2],
      ['b.log', 1],
    ],
  } as const;
  for (let i = 0; i < 2; i++) notePlaces(places, told);
  notePlaces(places, { ...told, reason: 'ahead' });
  expect(setAsideText(told)).toBe("3 set aside as dead letters by 'panes': late, from a.log (2), b.log (1)");
  const sentences = await said({ panes: 6 }, { late: 6, places });
  expect(sentences[1]).toMatch(/; they came from a\.log \(4\), b\.log \(2\)$/);
});

test('sources whose words were too often new names are told at the end, with what becomes of their lines', async () => {
  const places = newPlaces();
  notePlaces(places, { origin: 'lines', reason: 'names-full', records: 1, from: [['pay.log', 1]] });
  const sentences = await said({ lines: 1 }, { places });
  expect(sentences).toHaveLength(2);
  expect(sentences[1]).toMatch(/count for the service of their file or container; .*; seen in pay\.log$/);
});

test('what share was understood stands behind what was read, with where the others are shown if there are any', async () => {
  const understood = new UnderstoodLines();
  understood.add({ ...newLog('json', 'hi'), timestampSource: 'line' }, 3);
  expect((await said({}, { understood, late: 1 }))[1]).toBe('reads 100 % of 3 lines: json 100 %');
  understood.add(newLog('text', 'hi'), 1);
  expect((await said({}, { understood }))[1]).toBe(
    'reads 75 % of 4 lines: json 75 %; millrace parse --explain shows the others',
  );
});

test('the incident job counts what it understands, by lines and not by events', async () => {
  const understood = new UnderstoodLines();
  const time = Date.UTC(2026, 0, 29);
  const lines = [`${new Date(time).toISOString()} ERROR no stock`, '\tat shop.Cart', '\tat shop.Main', 'no idea'];
  const logs = script<RawLine>([]);
  const job = await makeIncidentJob({ logs, changes: script<Change>([]), settings: incidentDefaults, understood });
  await play(job, { logs: [...lines.map((line) => ({ line, source: 'a.log', time })), END], changes: [END] });
  expect(understood.sentence).toBe('reads 100 % of 4 lines: by their header 100 %');
});
