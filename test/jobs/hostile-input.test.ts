/** Input never decides whether a job lives: names, shapes and numbers of things that would throw in a handler. */
import { describe, expect, test } from 'vitest';
import { scorer } from '../../decisions/score.ts';
import { cloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import archiveOf from '../../jobs/archive.ts';
import errorSpikes from '../../jobs/error-spikes.ts';
import { type EnvironmentInput, keepIncidents } from '../../jobs/incidents/environment.ts';
import { mineTemplates } from '../../jobs/incidents/templates.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { newLog } from '../../logs/parsed-log.ts';
import { process } from '../../operators/process.ts';
import type { TemplateNote } from '../../signals/template-watch.ts';
import { drive, END, type Played, play } from '../../testing/index.ts';
import { anomalous, environment } from '../support/incidents/environment-of.ts';
import { jsonLine, morning } from '../support/raw-lines.ts';

const incidents = incidentsOf({ settings: incidentDefaults });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const reasons = ({ deadLetters }: Played) => [...new Set(deadLetters.map(({ reason }) => reason))];
const countOf = ({ tables }: Played, table: string) =>
  tables[table]!.reduce((sum, row) => sum + Number(row['lines'] ?? 1), 0);

describe('names that are no keys', () => {
  const long = [(n: number) => `${'x'.repeat(600)}${n}`, (n: number) => `${'单"\n'.repeat(90)}${n}`];
  const lines = times(75, (n) => long.map((name) => jsonLine(name(n), n, 'info', 'order done'))).flat();

  test('of 150 services are cut, told and counted apart', async () => {
    const played = await play(incidents, { logs: [...lines, END], changes: [END] });
    expect(countOf(played, 'service_windows')).toBe(150);
    expect(new Set(played.tables['service_windows']!.map(({ service }) => service)).size).toBe(150);
    expect(played.deadLetters).toHaveLength(150);
    expect(played.deadLetters[0]).toMatchObject({ origin: 'lines', reason: 'name-cut' });
    expect(String(played.deadLetters.find(({ sample }) => String(sample).includes('xx'))!['sample'])).toMatch(
      /^{"service":"x{387}~[0-9a-f]{12}","named":"x{600}/,
    );
  });

  test('of 150 sources stop nothing', async () => {
    const odd = times(150, (n) => ({ line: 'order done', source: `${'单\u0001'.repeat(200)}${n}`, time: morning }));
    const played = await play(incidents, { logs: [...odd, END], changes: [END] });
    expect(countOf(played, 'service_windows')).toBe(150);
    expect(reasons(played)).toEqual(['name-cut']);
  });

  test('are cut in the archive as well', async () => {
    const place = { topic: 'logs', partition: 0, offset: 0, index: 0 };
    const played = await play(archiveOf({ settings: {} }), { logs: [{ ...lines[0], ...place }, END] });
    expect(String(played.tables['logs']![0]!['service'])).toHaveLength(400);
  });
});

describe('values of another shape', () => {
  const shapes = [
    null,
    5,
    'text',
    [],
    {},
    { line: 1 },
    { line: 'x', source: 's', time: 1e300 },
    { line: 'x', time: 5 },
  ];
  const odd = times(20, () => shapes).flat();

  test('are set aside by the incident job, lines and changes', async () => {
    const good = jsonLine('cart', 0, 'info', 'order done');
    const played = await play(incidents, { logs: [...odd, good, END], changes: [...odd, END] });
    expect(played.deadLetters).toHaveLength(2 * odd.length);
    expect(reasons(played)).toEqual(['untimed']);
    expect(countOf(played, 'service_windows')).toBe(1);
  });

  test('are set aside by the first job to read, and by the archive', async () => {
    const spikes = await play(errorSpikes, { logs: [...odd, END] });
    expect(spikes.deadLetters).toHaveLength(odd.length);
    const archived = await play(archiveOf({ settings: {} }), { logs: [...odd, END] });
    expect(archived.deadLetters).toHaveLength(odd.length);
    expect(reasons(archived)).toEqual(['unwritable']);
  });
});

describe('more than a state holds', () => {
  const driven = () =>
    drive(process('incidents', keepIncidents({ settings: incidentDefaults, scorer: scorer(incidentDefaults.score) })));
  const evicted = (seen: readonly string[]) => seen.filter((line) => line.startsWith('evicted: '));

  test('of changes: the oldest make room, and are told', async () => {
    const d = driven();
    for (let n = 0; n < 5_400; n++) {
      const timestamp = new Date(morning + n * 1_000).toISOString();
      const id = n % 2 === 0 ? `change ${n}` : `${'x'.repeat(600)}${n}`;
      const change = { timestamp, kind: 'deployment', service: 'cart', version: `v${n}`, id } as const;
      d.data(morning, { kind: 'change', change } satisfies EnvironmentInput, 'shop');
    }
    const onset = morning + 5_400_000;
    const signal = anomalous('cart', 540, { onset });
    d.data(signal.end - 1, { kind: 'signal', signal } satisfies EnvironmentInput, 'shop');
    d.watermark(signal.end);
    const seen = await d.seen;
    expect(seen.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(evicted(seen)[0]).toContain('{"state":"changes","entries":312,"most":5000}');
    expect(seen.find((line) => line.includes('"opened"'))).toContain('deployment v5399');
  });

  test('of services with notes on templates', async () => {
    const d = driven();
    const note: TemplateNote = {
      ...{ kind: 'new', id: 'a', text: 'order <*>', level: 'INFO', sample: 'order 1' },
      ...{ since: morning, observed: 1, expected: 0 },
    };
    for (let n = 0; n < 5_010; n++) {
      const input: EnvironmentInput = { kind: 'templates', news: { service: `s${n}`, notes: [note] } };
      d.data(morning + (n >> 5) * 10_000, input, 'shop');
    }
    d.watermark(morning + 1e9);
    const seen = await d.seen;
    expect(seen.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(evicted(seen).length).toBeGreaterThan(0);
  });

  test('of panes that wait for the watermark', async () => {
    const d = driven();
    for (let n = 0; n < 8_650; n++) {
      const signal = anomalous('cart', n);
      d.data(signal.end - 1, { kind: 'signal', signal } satisfies EnvironmentInput, 'shop');
    }
    const seen = await d.seen;
    expect(seen.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(evicted(seen)[0]).toContain('{"state":"waiting","entries":540,"most":8640}');
  });

  test('of open incidents: those that go on open one when there is room', async () => {
    const shop = environment({ grouping: { ...incidentDefaults.grouping, services: 1 } });
    const opened = shop.show(0, 1, (n) => times(1_005, (i) => anomalous(`s${i}`, n)));
    expect(opened).toHaveLength(1_000);
    expect(shop.held).toBe(5);
  });

  test('of open panes in which templates are counted', async () => {
    const d = drive(process('templates', mineTemplates));
    for (let n = 0; n < 10_050; n++)
      d.data(morning + n * 10_000, { ...newLog('text', 'order done'), service: 'a' }, 'a');
    d.watermark(morning + 1e9);
    const seen = await d.seen;
    expect(seen.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(seen.filter((line) => line.startsWith('a '))).toHaveLength(10_050);
  });
});

test('an event too large for a record of Kafka is cut to one, the least suspected services first', () => {
  const shop = environment();
  const long = '单'.repeat(400);
  const samples = times(5, (i) => ({ time: morning, level: 'ERROR', message: `${i}${long}` }));
  const notes = (['new', 'missing', 'surging'] as const).flatMap((kind) =>
    times(5, (i): TemplateNote => {
      const text = { id: `${kind}${i}`, text: long, level: 'ERROR', sample: long };
      return { kind, ...text, since: morning, observed: 1, expected: 0 };
    }),
  );
  for (let i = 0; i < 50; i++) shop.notes.set(`s${i}`, notes);
  const [event] = shop.show(0, 1, (n) => times(50, (i) => anomalous(`s${i}`, n, { samples })));
  const sent = cloudEvent(event!);
  expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(998_000);
  expect(sent.millracecut).toBeGreaterThan(0);
  expect(sent.data.symptoms[0]).toEqual(event!.symptoms[0]);
  expect(sent.data.symptoms.at(-1)).toMatchObject({ service: event!.services.at(-1), new_templates: [] });
  expect(cloudEvent({ ...event!, symptoms: event!.symptoms.slice(0, 2) })).not.toHaveProperty('millracecut');
});

test('halves of characters, escaped in JSON or made by a cut, reach no table and no topic', async () => {
  const half = '\\ud83d';
  const message = `${'x'.repeat(399)}😀 ${half} failed`;
  const line = `{"level":"error","time":${morning},"service":"cart${half}","msg":"${message}","a${half}":"b${half}"}`;
  const raw = { line, source: 'pod\ud83d', time: morning };
  const place = { topic: 'logs', partition: 0, offset: 0, index: 0 };
  const change = { timestamp: new Date(morning).toISOString(), kind: 'flag', service: 'cart', author: 'mira\ud83d' };
  const played = [
    await play(incidents, { logs: [raw, END], changes: [change, END] }),
    await play(archiveOf({ settings: {} }), { logs: [{ ...raw, ...place }, END] }),
  ];
  for (const { tables, topics } of played) expect(JSON.stringify({ tables, topics })).not.toContain('\\ud8');
  expect(played[1]!.tables['logs']![0]).toMatchObject({
    service: 'cart\ufffd',
    parsed_fields: { 'a\ufffd': 'b\ufffd' },
  });
});
