/**
 * The cost of the engine's parts: `npm run bench -- engine`. Figures are medians of three rounds in one process, in
 * CPU microseconds a record, including the generation of records; the row `generator` shows its share.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  count,
  eventTime,
  filter,
  int,
  type Job,
  job,
  keyBy,
  map,
  type Stream,
  scan,
  seconds,
  session,
  sliding,
  to,
  topic,
  tumbling,
  window,
} from '../index.ts';
import { embeddedState } from '../state/embedded.ts';
import type { Assigner } from '../windows/assigner.ts';
import { costOf, median, printTable } from './measure.ts';
import { h } from './peers/generators.ts';
import { generated } from './peers/jobs.ts';

const rounds = 3;

interface Event {
  readonly time: number;
  readonly key: number;
}

/** Ends a stream without output, so that no sink is measured. */
const drain = <T, K>(stream: Stream<T, K>) =>
  stream.pipe(
    filter(() => false),
    to('out', topic('nowhere')),
  );

async function micros(n: number, make: () => Job, how: Parameters<typeof costOf>[1] = {}): Promise<string> {
  const costs: number[] = [];
  for (let i = 0; i < rounds; i++) costs.push(((await costOf(make(), how)).cpuSeconds * 1e6) / n);
  return median(costs).toFixed(3);
}

function hops(n: number, chain: number): Job {
  return job('hops', (from) => {
    let stream = from(
      'n',
      generated(n, (i) => i),
    );
    for (let i = 0; i < chain; i++) stream = stream.pipe(map((x) => x + 1));
    drain(stream);
  });
}

/** `perSecond` events a second of event time over `keys` keys. */
function windowed(n: number, shape: { keys: number; perSecond: number; assigner: Assigner }): Job {
  return job('windowed', (from) => {
    const event = (i: number): Event => ({
      time: Math.floor((i * 1_000) / shape.perSecond),
      key: h(i, 3) % shape.keys,
    });
    from('n', generated(n, event)).pipe(
      eventTime({ at: (e) => e.time, outOfOrder: 0 }),
      keyBy((e) => e.key),
      window('w', shape.assigner, count()),
      drain,
    );
  });
}

function changes(n: number, keys: number): Job {
  return job('changes', (from) => {
    from(
      'n',
      generated(n, (i) => i % keys),
    ).pipe(
      keyBy((key) => key),
      scan('seen', { codec: int }, (seen, _key) => [(seen ?? 0) + 1, undefined] as const),
      drain,
    );
  });
}

const rows: Record<string, string | number>[] = [];
const add = (what: string, micros: string) => rows.push({ what, 'µs CPU a record': micros });

const bare = await micros(4_000_000, () => hops(4_000_000, 0));
add('generator', bare);
const ten = await micros(4_000_000, () => hops(4_000_000, 10));
add('a hop (of ten maps)', ((Number(ten) - Number(bare)) / 10).toFixed(3));
for (const keys of [10, 1_000, 100_000]) {
  const shape = { keys, perSecond: 100_000, assigner: tumbling(seconds(10)) };
  add(`tumbling 10 s, ${keys} keys`, await micros(2_000_000, () => windowed(2_000_000, shape)));
}
for (const overlap of [5, 30]) {
  const shape = { keys: 1_000, perSecond: 100_000, assigner: sliding(seconds(30), seconds(30 / overlap)) };
  add(`sliding, ${overlap} overlapping, 1000 keys`, await micros(2_000_000, () => windowed(2_000_000, shape)));
}
const sessions = { keys: 200_000, perSecond: 20_000, assigner: session(seconds(30)) };
add('sessions, 200k live keys', await micros(2_000_000, () => windowed(2_000_000, sessions)));
printTable(rows);

const commits: Record<string, string | number>[] = [];
for (const keys of [1_000, 10_000, 100_000]) {
  const row: Record<string, string | number> = { 'entries changed an epoch': keys };
  for (const where of ['memory', 'LMDB'] as const) {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    const state = where === 'LMDB' ? { state: await embeddedState(dir) } : {};
    const { metrics } = await costOf(changes(keys * 20, keys), state, { epochRecords: keys, epochEvery: 1e9 });
    await state.state?.close();
    rmSync(dir, { recursive: true });
    const label = 'millrace_epoch_commit_seconds';
    row[`commit ms, ${where}`] = ((await metrics.mean(label, '')) * 1_000).toFixed(1);
  }
  commits.push(row);
}
printTable(commits);
