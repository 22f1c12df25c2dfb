import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { millrace } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const archive = join(import.meta.dirname, '../../jobs/archive.ts');
const incidents = join(import.meta.dirname, '../../jobs/incidents.ts');
const search = 'archive:\n  elasticsearch:\n    node: https://search.internal:9200\n';

/** A directory with a millrace.yaml. */
function configured(yaml: string): string {
  const cwd = emptyDirectory();
  writeFileSync(join(cwd, 'millrace.yaml'), yaml);
  return cwd;
}

describe('millrace plan', () => {
  test('shows the search index of the archive where millrace.yaml names one', async () => {
    const cwd = configured(search);
    const without = await millrace(['plan', archive]);
    expect([without.code, without.err]).toEqual([0, '']);
    expect(without.out).toContain('table logs');
    expect(without.out).not.toContain('index millrace-logs');
    const env = { ELASTICSEARCH_API_KEY: 'hunter2' };
    const named = await millrace(['plan', archive, '--format', 'json'], { cwd, env });
    expect([named.code, named.err]).toEqual([0, '']);
    expect(named.out).toContain('index millrace-logs');
    expect(named.out).not.toContain('hunter2');
    expect((await millrace(['plan', archive, '--no-config'], { cwd })).out).toBe(without.out);
    const other = await millrace(['plan', archive, '--config', join(cwd, 'millrace.yaml')]);
    expect(other.out).toContain('index millrace-logs');
  });

  test('shows the event time of the incident job as millrace.yaml sets it', async () => {
    const plain = await millrace(['plan', incidents]);
    const { code, out } = await millrace(['plan', incidents], { cwd: configured('out_of_order: 25s\n') });
    expect(code).toBe(0);
    expect([plain.out.includes('10 s'), out.includes('25 s')]).toEqual([true, true]);
  });
});

describe('a mistake in the settings ends with 2 and one line on stderr', () => {
  test.each([
    ['plan', {}],
    ['run', {}],
    ['reset', {}],
    ['lag', { KAFKA_URL: '127.0.0.1:1' }],
  ])('millrace %s', async (command, env: Record<string, string>) => {
    const cwd = configured(`${search}    password: hunter2\n`);
    const { code, out, err } = await millrace([command, archive], { cwd, env });
    const words = 'CONFIG_INVALID: millrace.yaml:4: archive.elasticsearch.password: there is no such setting';
    expect([code, out, err]).toEqual([2, '', `millrace: ${words}\n`]);
  });
});

describe('millrace run --workers', () => {
  /**
   * A job that notes in every process what it was given. A worker does not want to run, which ends the whole; and the
   * supervisor's copy leaves settings behind that no worker may take for its own.
   */
  const noting = `
    import { appendFileSync, writeFileSync } from 'node:fs';
    import { job, script, to, topic } from 'millrace';
    export default ({ jobs }) => {
      const isWorker = process.send !== undefined;
      appendFileSync('notes', JSON.stringify({ isWorker, jobs }) + '\\n');
      if (isWorker) throw new Error('enough was seen');
      writeFileSync('millrace.yaml', 'jobs: { mine: { is: planted } }');
      return job('noting', (from) => void from('in', script([1])).pipe(to('out', topic('out'))));
    };`;
  const env = { KAFKA_URL: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' };

  test.each([
    ['the file that was named', ['--config', 'settings/mine.yaml'], { mine: { is: 'named' } }],
    ['none, where there was none at the start', [], {}],
    ['none, where none was wanted', ['--no-config'], {}],
  ])('workers read %s', async (_, args, jobs) => {
    const cwd = emptyDirectory();
    mkdirSync(join(cwd, 'settings'));
    writeFileSync(join(cwd, 'settings/mine.yaml'), 'jobs: { mine: { is: named } }\n');
    writeFileSync(join(cwd, 'job.ts'), noting);
    const { code, err } = await millrace(['run', 'job.ts', '--workers', '2', ...args], { cwd, env });
    expect([code, err]).toEqual([1, expect.stringContaining('WORKERS_FAILED')]);
    const notes = readFileSync(join(cwd, 'notes'), 'utf8').trimEnd().split('\n');
    const [supervisor, ...workers] = notes.map((note) => JSON.parse(note));
    expect(supervisor).toEqual({ isWorker: false, jobs });
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers) expect(worker).toEqual({ isWorker: true, jobs });
  });
});
