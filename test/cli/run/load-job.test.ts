import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadJob } from '../../../cli/run/load-job.ts';
import type { GivenConfig } from '../../../cli/settings/job-config.ts';
import { jobConfig } from '../../../cli/settings/job-config.ts';
import type { Job } from '../../../graph/job.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const engine = join(import.meta.dirname, '../../../index.ts');

/** A job file with this text, beside a millrace.yaml with that. */
function written(text: string, yaml?: string): readonly [string, string | undefined] {
  const dir = emptyDirectory();
  const [path, file] = [join(dir, 'job.ts'), join(dir, 'millrace.yaml')];
  writeFileSync(path, `import { job, script, to, topic } from '${engine}';\n${text}`);
  if (yaml !== undefined) writeFileSync(file, yaml);
  return [path, yaml === undefined ? undefined : file];
}

const load = (text: string, yaml?: string): Promise<Job> => loadJob(...written(text, yaml));
const building = "(from) => { from('in', script([1])).pipe(to('out', topic('out'))); }";

describe('a job file', () => {
  test('exports a job, or a function of the settings that returns one', async () => {
    expect(await load(`export default job('plain', ${building});`)).toMatchObject({ name: 'plain' });
    const named = `export default ({ jobs }) => job(jobs.mine?.name ?? 'nameless', ${building});`;
    expect(await load(named)).toMatchObject({ name: 'nameless' });
    expect(await load(named, 'jobs: { mine: { name: given } }\n')).toMatchObject({ name: 'given' });
  });

  test.each([
    ['throws', "() => { throw new Error('no\\nlimit'); }", 'JOB_UNREADABLE', 'no limit at job.ts:\\d+:'],
    ['throws what is no error', "() => { throw 'words'; }", 'JOB_UNREADABLE', 'words'],
    ['returns nothing', '() => {}', 'JOB_UNREADABLE', 'what its default export returns is not made by job(…)'],
    ['returns null', '() => null', 'JOB_UNREADABLE', 'is not made by job(…)'],
    ['is async', "async () => { throw new Error('later'); }", 'JOB_UNREADABLE', 'its default export is async'],
    ['makes a wrong job', "() => job('mine', () => {})", 'JOB_EMPTY', "job 'mine' has no sink"],
  ])('with a function that %s is refused', async (_, text, code, words) => {
    const refused = expect(load(`export default ${text};`)).rejects;
    await refused.toThrow(new RegExp(`^${code}: .*${words.replace(/[()]/g, '\\$&')}`));
  });

  test('does not run on settings with a mistake, whether it takes them or not', async () => {
    const yaml = 'idle_aftr: 30s\n';
    const words = /^CONFIG_INVALID: .*millrace\.yaml:1: idle_aftr: there is no such setting/;
    await expect(load(`export default () => job('mine', ${building});`, yaml)).rejects.toThrow(words);
    await expect(load(`export default job('mine', ${building});`, yaml)).rejects.toThrow(words);
  });
});

describe('what the function is given', () => {
  const secrets = ['ELASTICSEARCH_API_KEY', 'ELASTICSEARCH_USERNAME', 'ELASTICSEARCH_PASSWORD'];
  afterEach(() => vi.unstubAllEnvs());
  /** What is given with these variables of the environment, and no other secret. */
  function given(yaml: string, environment: Readonly<Record<string, string>> = {}): GivenConfig {
    for (const name of secrets) vi.stubEnv(name, environment[name] ?? '');
    const [path, file] = written('', yaml);
    mkdirSync(join(path, '../certificates'));
    writeFileSync(join(path, '../certificates/ca.pem'), 'an authority');
    return jobConfig(file);
  }
  const search = 'archive: { elasticsearch: { node: "https://search.internal:9200", index: lines } }\n';

  test('is the settings that watch obeys, and the section jobs', () => {
    expect(given('timezone: Europe/Berlin\njobs: { mine: { limit: 7 } }\n')).toEqual({
      settings: { ...incidentDefaults, timezone: 'Europe/Berlin' },
      jobs: { mine: { limit: 7 } },
    });
  });

  test('has the secrets of the search index from the environment', () => {
    const place = { node: 'https://search.internal:9200', index: 'lines' };
    expect(given(search).search).toEqual(place);
    const key = { ELASTICSEARCH_API_KEY: 'k' };
    expect(given(search, key).search).toEqual({ ...place, auth: { apiKey: 'k' } });
    const pair = { ELASTICSEARCH_USERNAME: 'ada', ELASTICSEARCH_PASSWORD: 'p' };
    expect(given(search, pair).search).toEqual({ ...place, auth: { username: 'ada', password: 'p' } });
    expect(() => given(search, { ELASTICSEARCH_USERNAME: 'ada' })).toThrow(/^USAGE: .*go together/);
    expect(() => given(search, { ...key, ...pair })).toThrow(/^USAGE: .*not all three/);
  });

  test('passes over secrets where there is no index', () => {
    expect(given('', { ELASTICSEARCH_USERNAME: 'ada' })).toEqual({ settings: incidentDefaults, jobs: {} });
  });

  test('has the authority out of a file that lies beside the settings', () => {
    const beside = search.replace('index: lines', 'ca: certificates/ca.pem');
    expect(given(beside).search).toEqual({ node: 'https://search.internal:9200', tls: { ca: 'an authority' } });
    const missing = search.replace('index: lines', 'ca: nowhere.pem');
    expect(() => given(missing)).toThrow(/^CONFIG_UNREADABLE: can't read configuration '.*nowhere\.pem'/);
  });
});
