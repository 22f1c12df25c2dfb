import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { millrace, objects, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const root = join(import.meta.dirname, '../..');

describe('millrace new', () => {
  test('writes a job that can be planned, and a test that passes as it is', async () => {
    // Inside the clone, because Node's own test runner looks the package up from there.
    const name = `new-job-${process.pid}`;
    try {
      const { code, err } = await millrace(['new', name], { cwd: root });
      expect([code, err]).toEqual([0, expect.stringContaining('Next:')]);
      const command = ['--conditions=millrace-source', '--import', 'tsx', '--test', `${name}/job.test.ts`];
      const { status, stdout } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, expect.stringContaining('# pass 2')]);
    } finally {
      rmSync(join(root, name), { recursive: true, force: true });
    }
  });

  test('writes over nothing', async () => {
    const cwd = emptyDirectory();
    await millrace(['new', 'mine'], { cwd });
    expect(await millrace(['new', 'mine'], { cwd })).toMatchObject({ code: 2, out: '' });
  });

  test('a job may lie anywhere: millrace means the engine that runs it', async () => {
    const cwd = emptyDirectory();
    await millrace(['new', 'far-away'], { cwd });
    const { code, out } = await millrace(['plan', 'far-away/job.ts'], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^job far-away, plan [0-9a-f]{16}\n/);
    expect(out).toContain('window per-minute  ▸ gate');
  });
});

describe('millrace plan', () => {
  test('prints JSON for tools and Mermaid for documents', async () => {
    const job = join(root, 'jobs/error-spikes.ts');
    const plan = JSON.parse((await millrace(['plan', job, '--format', 'json'])).out);
    expect(plan.job).toBe('error-spikes');
    expect((await millrace(['plan', job, '--format', 'mermaid'])).out).toMatch(/^flowchart TD\n/);
  });

  test.each([
    ['export default 7;', 'its default export is not made by job(…)'],
    ['export default function (', 'JOB_UNREADABLE'],
    ["import { job } from 'millrace';\nexport default job('empty', () => {});", 'JOB_EMPTY'],
  ])('%j is no job', async (text, words) => {
    const cwd = emptyDirectory();
    writeFileSync(join(cwd, 'job.ts'), text);
    const { code, out, err } = await millrace(['plan', 'job.ts'], { cwd });
    expect([code, out, err]).toEqual([expect.any(Number), '', expect.stringContaining(words)]);
    expect(code).not.toBe(0);
  });
});

describe('millrace run', () => {
  const event = (at: number, user: string) => `${JSON.stringify({ at, user })}\n`;

  test('a signal ends it gracefully; the next run goes on behind it; tables can be asked meanwhile and afterwards', async () => {
    const cwd = emptyDirectory();
    await millrace(['new', 'counting'], { cwd });
    writeFileSync(join(cwd, 'events.ndjson'), event(1_000, 'ada') + event(2_000, 'bob'));
    const data = ['--data', join(cwd, 'data')];
    const sum = 'SELECT sum(records_in) AS n FROM ledger FINAL';

    const first = start(['run', 'counting/job.ts', '--metrics', '0', ...data], { cwd });
    await first.said('task opened');
    const url = /metrics on (\S+)\/metrics/.exec((await announced(first)) ?? '')![1]!;
    await until(async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes('millrace_records_in_total{of="events"} 2'),
    );
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready\n');
    expect((await millrace(['query', 'SHOW TABLES', '--json', ...data])).out).toContain('ledger');
    first.signal('SIGTERM');
    expect((await first.ended).code).toBe(0);

    appendFileSync(join(cwd, 'events.ndjson'), event(3_000, 'ada'));
    const second = start(['run', 'counting/job.ts', '--metrics', '0', ...data], { cwd });
    await second.said('task opened');
    const again = /metrics on (\S+)\/metrics/.exec((await announced(second)) ?? '')![1]!;
    await until(async () =>
      (await (await fetch(`${again}/metrics`)).text()).includes('millrace_records_in_total{of="events"} 1'),
    );
    second.signal('SIGINT');
    expect((await second.ended).code).toBe(0);

    expect(objects((await millrace(['query', sum, '--json', ...data])).out)).toEqual([{ n: 3 }]);
    const refused = await millrace(['query', 'DROP TABLE ledger', ...data]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('TABLE_QUERY_FAILED')]);
  });

  test('two processes may not share a data directory, and the second says who has it', async () => {
    const cwd = emptyDirectory();
    await millrace(['new', 'counting'], { cwd });
    writeFileSync(join(cwd, 'events.ndjson'), '');
    const args = ['run', 'counting/job.ts', '--data', join(cwd, 'data')];
    const first = start(args, { cwd });
    await first.said('task opened');
    expect(await millrace(args, { cwd })).toMatchObject({ code: 1, err: expect.stringContaining('EMBEDDED_IN_USE') });
    first.signal('SIGTERM');
    await first.ended;
  });

  test('Kafka without Redis is refused: state would be one machine’s', async () => {
    const env = { KAFKA_URL: '127.0.0.1:1', REDIS_URL: '' };
    const { code, err } = await millrace(['run', join(root, 'jobs/error-spikes.ts')], { env });
    expect([code, err]).toEqual([2, expect.stringContaining('KAFKA_URL and REDIS_URL go together')]);
  });

  test('a Redis that is not there is said so, with a code', async () => {
    const env = { KAFKA_URL: '127.0.0.1:1', REDIS_URL: 'http://127.0.0.1:1' };
    const { code, err } = await millrace(['run', join(root, 'jobs/error-spikes.ts')], { env });
    expect(code).not.toBe(0);
    expect(err).toMatch(/millrace: [A-Z_]+: /);
  });
});

/** The line that says where the metrics are. */
async function announced(running: ReturnType<typeof start>): Promise<string | undefined> {
  await running.said(/metrics on \S+\/metrics/);
  return running
    .heard()
    .split('\n')
    .find((line) => line.includes('metrics on'));
}

/** Asks until the answer is yes; the suite's own limit ends what never becomes true. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setImmediate(resolve));
}
