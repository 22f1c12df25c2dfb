/** Inputs beside lines as sources: what a record holds is read, and what of it can't be is set aside with a code. */
import { describe, expect, test } from 'vitest';
import { describe as described } from '../../graph/describe.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { inputTopic } from '../../jobs/read-input.ts';
import { changeInput, type InputKind, optionalInputs, spanInput } from '../../signals/inputs/kinds.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ADVANCE, play } from '../../testing/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { seconds, type Time } from '../../time/duration.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { jsonLine, morning } from '../support/raw-lines.ts';

const noon = Date.UTC(2026, 0, 29, 12);

/** What a topic of such records is read as; a record came at noon unless it says otherwise. */
async function readFrom<T extends { readonly time: Time }>(
  kind: InputKind<T>,
  records: readonly (object | string | null)[],
  timestamp = noon,
) {
  const topics = memoryTopics();
  await topics.create({ name: kind.name, partitions: 1 });
  for (const record of records) {
    const value = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
    await topics.append([{ topic: kind.name, partition: 0, key: null, value, timestamp }]);
  }
  const ports = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock() };
  const reader = await inputTopic(kind).open(ports);
  const batch = await reader.poll('0', 0, { maxRecords: 99, maxBytes: 1 << 20 });
  if (typeof batch !== 'object') throw new Error('nothing was read');
  return { ...batch, times: [...batch.times], reasons: batch.refused.map(({ reason }) => reason) };
}

describe('a topic of changes', () => {
  const deployed = { timestamp: '2026-01-29T10:00:00Z', kind: 'deployment', service: 'cart' };

  test('gives changes; any other record is refused with a code and the reason, and stops nothing', async () => {
    const commit = { timestamp: '2026-01-29T10:00:00Z', kind: 'commit', id: '9f3c' };
    const records = [deployed, { ...deployed, service: null }, { ...deployed, timestamp: 'yesterday' }, null, commit];
    const { values, refused, next } = await readFrom(changeInput, records);
    expect(values).toMatchObject([deployed, commit]);
    expect(refused).toMatchObject([
      { reason: expect.stringMatching(/^INPUT_FIELD_WRONG: changes: a change of kind deployment names/), time: noon },
      { reason: expect.stringContaining('timestamp is "yesterday", not a time as 2026-01-29T08:00:00Z') },
      { reason: expect.stringContaining('change is null, not an object'), sample: 'null' },
    ]);
    expect(next).toBe(5);
  });

  test('gives what other systems report, with an id that is the same for each delivery', async () => {
    const event = { specversion: '1.0', source: '/ci', id: '7', type: 'deployed', time: '2026-01-29T10:00:00Z' };
    const { values } = await readFrom(changeInput, [{ ...event, data: { service: 'cart', version: '2' } }]);
    expect(values).toMatchObject([{ id: '/ci#7', kind: 'deployment', service: 'cart', version: '2' }]);
  });

  test('takes what is announced for later within a year', async () => {
    const planned = (timestamp: string) => ({ ...deployed, kind: 'maintenance', timestamp });
    const { values, reasons } = await readFrom(changeInput, [
      planned('2026-06-01T10:00:00Z'),
      planned('2100-01-01T00:00:00Z'),
    ]);
    expect(values).toHaveLength(1);
    expect(reasons).toEqual([expect.stringMatching(/^INPUT_TIME_WRONG: .*too far ahead/)]);
  });
});

describe('a topic of spans', () => {
  const span = {
    ...{ trace_id: 'a1', span_id: 'b2', service: 'cart', name: 'GET /' },
    ...{ start: noon - 20, end: noon - 10 },
  };

  test('gives each span of a record that holds many, and refuses those alone that are none', async () => {
    const { values, times, reasons } = await readFrom(spanInput, [
      [span, { ...span, span_id: 'xyz' }, { ...span, end: noon - 5 }, { ...span, span_id: '' }],
      '{"trace',
      { resourceSpans: [] },
    ]);
    expect(values).toHaveLength(2);
    expect(times).toEqual([noon - 10, noon - 5]);
    expect(reasons).toEqual([
      expect.stringMatching(/^INPUT_FIELD_WRONG: spans: span id is "xyz".*; 2 elements alike$/),
      expect.stringMatching(/^INPUT_UNREADABLE: spans: it is no JSON/),
    ]);
  });

  test('whose records do not say when they came takes spans of any time since 2000', async () => {
    const times = [Date.UTC(1970, 0, 2), noon, Date.UTC(2090, 0, 1)];
    const spans = times.map((end) => ({ ...span, start: end, end }));
    expect((await readFrom(spanInput, spans, 0)).values).toHaveLength(2);
    expect((await readFrom(spanInput, spans)).values).toHaveLength(1);
  });
});

describe('the incident job', () => {
  const sources = (inputs: typeof incidentDefaults.inputs) =>
    described(incidentsOf({ settings: { ...incidentDefaults, inputs } }))
      .nodes.filter(({ verb }) => verb === 'from')
      .map(({ uid }) => uid);

  test('reads the topics that a setting names, and no others', () => {
    expect(sources([])).toEqual(['logs', 'changes']);
    expect(sources(['spans'])).toEqual(['logs', 'changes', 'spans']);
  });

  test('finds the same, as soon, beside inputs that bring nothing', async () => {
    const failsFrom = 600;
    const lines = Array.from({ length: failsFrom + 34 }, (_, n) => [
      jsonLine('cart', n, n < failsFrom ? 'info' : 'error', n < failsFrom ? 'done' : 'no stock'),
      ADVANCE(seconds(1)),
    ]);
    const told = async (inputs: typeof incidentDefaults.inputs) => {
      const job = incidentsOf({ settings: { ...incidentDefaults, inputs } });
      const beside = Object.fromEntries(inputs.map((name) => [name, []]));
      return (await play(job, { logs: lines.flat(), changes: [], ...beside }, { now: morning })).topics['incidents'];
    };
    expect((await told([]))!.length).toBeGreaterThan(0);
    expect(await told(optionalInputs)).toEqual(await told([]));
  });
});
