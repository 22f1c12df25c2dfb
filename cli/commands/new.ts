/**
 * `millrace new`: a job that counts, and its test, to be changed into what its author wants. The test needs nothing
 * but Node's own test runner.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MillraceError } from '../../errors.ts';
import { isClone } from '../installation.ts';
import { say } from '../terminal.ts';

/** Writes `NAME/job.ts` and `NAME/job.test.ts`. Errors: USAGE. */
export async function execute([path]: readonly string[]): Promise<void> {
  const name = basename(path!);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new MillraceError('USAGE', { reason: `'${name}' can't name a job; use lower-case letters, digits and '-'` });
  }
  if (existsSync(path!)) throw new MillraceError('USAGE', { reason: `${path} is there already; choose another name` });
  mkdirSync(path!, { recursive: true });
  writeFileSync(join(path!, 'job.ts'), jobText(name));
  writeFileSync(join(path!, 'job.test.ts'), testText);
  const condition = isClone ? '--conditions=millrace-source ' : '';
  say(`Wrote ${join(path!, 'job.ts')} and its test. Next:`);
  say(`  node ${condition}--import tsx --test ${join(path!, 'job.test.ts')}`);
  say(`  npx millrace plan ${join(path!, 'job.ts')}`);
  say(`  npx millrace run ${join(path!, 'job.ts')}   (follows events.ndjson until Ctrl-C)`);
}

const jobText = (
  name: string,
): string => `import { count, eventTime, files, job, keyBy, mapMaybe, minutes } from 'millrace';
import { process, seconds, to, topic, tumbling, type Windowed, window } from 'millrace';

export interface Event {
  readonly at: number;
  readonly user: string;
}

/** Reads a line such as {"at": 1700000000000, "user": "ada"}; other lines are passed over. */
export function parse(line: string): Event | undefined {
  try {
    const event = JSON.parse(line);
    return typeof event.at === 'number' && typeof event.user === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

export interface Count {
  readonly user: string;
  readonly minute: string;
  readonly events: number;
}

/** Counts events per user and minute. */
export default job('${name}', (from) => {
  from('events', files(['events.ndjson'])).pipe(
    mapMaybe(({ line }) => parse(line)),
    eventTime({ at: (event) => event.at, outOfOrder: seconds(10) }),
    keyBy((event) => event.user),
    window('per-minute', tumbling(minutes(1)), count()),
    // A window's result does not hold its key; an operator behind it knows it.
    process<Windowed<number>, Count, string>('named', (ctx) => ({
      onData({ window, value }, _time, out) {
        out.emit({ user: String(ctx.key), minute: new Date(window.start).toISOString(), events: value });
      },
    })),
    to('counts', topic('${name}')),
  );
});
`;

const testText = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { END, play } from 'millrace/testing';
import job, { type Count } from './job.ts';

const line = (at: number, user: string) => ({ line: JSON.stringify({ at, user }), source: 'test', time: at });

test('counts each user by the minute, whatever the order of events within ten seconds', async () => {
  const { topics } = await play(job, {
    events: [line(1_000, 'ada'), line(59_000, 'ada'), line(58_000, 'bob'), line(61_000, 'ada'), END],
  });
  const counts = topics[job.name] as Count[];
  assert.deepEqual(counts.map(({ user, minute, events }) => \`\${minute} \${user} \${events}\`).sort(), [
    '1970-01-01T00:00:00.000Z ada 2',
    '1970-01-01T00:00:00.000Z bob 1',
    '1970-01-01T00:01:00.000Z ada 1',
  ]);
});

test('passes over lines that it can not read', async () => {
  const { topics } = await play(job, { events: [{ line: 'no JSON', source: 'test', time: 0 }, END] });
  assert.deepEqual(topics[job.name], []);
});
`;
