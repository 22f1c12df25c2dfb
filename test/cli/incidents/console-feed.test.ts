import { describe, expect, test } from 'vitest';
import { ConsoleFeed } from '../../../cli/incidents/console-feed.ts';
import { ConsoleState } from '../../../cli/incidents/console-state.ts';
import { makeIncidentJob } from '../../../cli/incidents/run.ts';
import { script } from '../../../connectors/script.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import type { RawLine } from '../../../logs/lines/raw-line.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import type { Change } from '../../../signals/changes.ts';
import { memoryTables } from '../../../tables/memory.ts';
import type { ChunkInfo, Tables } from '../../../tables/tables.ts';

const metrics = new Metrics();
const state = new ConsoleState();
const job = await makeIncidentJob(script<RawLine>([]), script<Change>([]), incidentDefaults);
const feed = new ConsoleFeed({ state, job, metrics, config: { settings: incidentDefaults, teams: {} } });

describe('tables that the feed watches', () => {
  test('get every insert as it was made, also one that may have been sent before', async () => {
    const inserts: ChunkInfo[] = [];
    const tables: Tables = { ...memoryTables(), insert: async (_, __, chunk) => void inserts.push(chunk) };
    const chunk = { rows: 0, token: 't', again: true };
    await feed.watching(tables).insert('service_windows', new Uint8Array(), chunk);
    expect(inserts).toEqual([chunk]);
  });

  test('answer as they would unwatched, also where their methods stand in a class', async () => {
    class Stored implements Tables {
      readonly #answers = [{ one: 1 }];
      readonly asked: unknown[] = [];
      async ensure(spec: unknown): Promise<void> {
        this.asked.push(spec);
      }
      async insert(): Promise<void> {}
      async rows(table: string) {
        this.asked.push(table);
        return this.#answers;
      }
      async query(sql: string, values?: Readonly<Record<string, unknown>>) {
        this.asked.push([sql, values]);
        return this.#answers;
      }
      async close(): Promise<void> {
        this.asked.push('close');
      }
    }
    const stored = new Stored();
    const watched = feed.watching(stored);
    expect(await watched.rows('t')).toEqual([{ one: 1 }]);
    expect(await watched.query('SELECT {n:Int8}', { n: 1 })).toEqual([{ one: 1 }]);
    await watched.ensure({ name: 't', comment: '', columns: {}, identity: [] });
    await watched.close();
    expect(stored.asked).toEqual([
      't',
      ['SELECT {n:Int8}', { n: 1 }],
      { name: 't', comment: '', columns: {}, identity: [] },
      'close',
    ]);
  });
});
