/**
 * `millrace watch` as a person runs it: a process under a terminal of its own, made by util-linux `script`, whose screen
 * and page are looked at. What it leaves behind is read when it has ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../console/snapshot.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { systemClock } from '../../time/clock.ts';
import { seconds, type Time } from '../../time/duration.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { millrace, objects } from '../support/command.ts';
import { files } from './plan.ts';
import { kept, type PaneRow, type Sample } from './recording.ts';
import { lastDrawing } from './screen.ts';

const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');
const outputKept = 200_000;

/** Where a run keeps its things. */
export interface Place {
  /** With `logs/`, `data/` and `millrace.yaml`. */
  readonly directory: string;
  readonly port: number;
}

/** Starts one process of the watcher after the other on the same directory. */
export class Watcher {
  readonly #place: Place;
  #child: ChildProcess | undefined;
  #output = '';
  #process = -1;
  #startedAt: Time = 0;
  #isOver = true;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Starts a process. */
  start(): void {
    const { directory, port } = this.#place;
    const paths = files.map((file) => `'${join(directory, 'logs', file)}'`).join(' ');
    const options = `--console --port ${port} --data '${join(directory, 'data')}' --config '${join(directory, 'millrace.yaml')}'`;
    const command = `stty cols 400 rows 50; echo $$ > '${this.#pidFile}'; exec '${process.execPath}' '${bin}' watch ${paths} ${options}`;
    this.#output = '';
    this.#process++;
    this.#startedAt = systemClock.now();
    this.#isOver = false;
    const child = spawn('script', ['-qfc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-outputKept);
    });
    child.on('close', () => {
      this.#isOver = true;
    });
    this.#child = child;
  }

  get #pidFile(): string {
    return join(this.#place.directory, 'pid');
  }

  /** Whether the process has ended, asked to or not. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks it to end as a service manager does; returns what it wrote last. */
  async stop(): Promise<string> {
    const pid = existsSync(this.#pidFile) ? Number(readFileSync(this.#pidFile, 'utf8')) : Number.NaN;
    if (!this.#isOver && pid > 0) process.kill(pid, 'SIGTERM');
    const deadline = systemClock.now() + seconds(60);
    while (!this.#isOver && systemClock.now() < deadline) await systemClock.sleep(100);
    this.#child?.stdin?.end();
    return this.#output.slice(-4_000);
  }

  /** What there is to see now. */
  async look(): Promise<Sample> {
    const at = systemClock.now();
    const state = await this.#page();
    return {
      at,
      process: this.#process,
      startedAt: this.#startedAt,
      screen: lastDrawing(this.#output),
      state: state === null ? null : kept(state),
    };
  }

  async #page(): Promise<Snapshot | null> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#place.port}/api/state`, {
        signal: AbortSignal.timeout(3_000),
      });
      return (await answer.json()) as Snapshot;
    } catch {
      return null;
    }
  }
}

/** The events that the ended processes left in the topic of incidents. */
export async function eventsOf(directory: string): Promise<IncidentEvent[]> {
  const topics = await embeddedTopics(join(directory, 'data', 'topics'), { clock: systemClock });
  const events: IncidentEvent[] = [];
  const utf8 = new TextDecoder();
  try {
    if ((await topics.describe('incidents')) === undefined) return events;
    let offset = (await topics.range('incidents', 0)).begin;
    for (;;) {
      const batch = await topics.fetch({ topic: 'incidents', partition: 0 }, offset, {
        maxRecords: 1_000,
        maxBytes: 1 << 22,
      });
      if (batch === undefined || batch.nextOffset === offset) return events;
      for (let i = 0; i < batch.length; i++) {
        if (batch.starts[i]! < 0) continue;
        const event = JSON.parse(utf8.decode(batch.bytes.subarray(batch.starts[i]!, batch.ends[i]!))) as CloudEvent;
        events.push(event.data);
      }
      offset = batch.nextOffset;
    }
  } finally {
    await topics.close();
  }
}

/** The rows of panes that the ended processes left. Errors: what `millrace query` says. */
export async function panesOf(directory: string): Promise<PaneRow[]> {
  const sql =
    'SELECT service, toUnixTimestamp64Milli(toDateTime64(window_start, 3)) AS start, lines, errors FROM service_windows FINAL ORDER BY window_start, service';
  const { out, err, code } = await millrace(['query', '--json', '--data', join(directory, 'data'), sql]);
  if (code !== 0) throw new Error(`the panes cannot be read: ${err}`);
  return objects(out).map((row) => ({
    service: String(row['service']),
    start: Number(row['start']),
    lines: Number(row['lines']),
    errors: Number(row['errors']),
  }));
}
