import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, millrace } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const root = join(import.meta.dirname, '../..');
const names = readdirSync(join(root, 'cli/commands')).map((file) => basename(file, '.ts'));

describe('help', () => {
  test('names every command that has a module, and no other', async () => {
    const { code, out } = await millrace(['--help']);
    expect(code).toBe(0);
    const [, list] = /\nCommands:\n([\s\S]*?)\n\n/.exec(out)!;
    const listed = [...list!.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  test.each(names)('of %s has examples', async (command) => {
    const { code, out } = await millrace([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Examples:\n`);
    expect(out).toMatch(new RegExp(`^ {2}.*millrace ${command}`, 'm'));
  });

  test('needs neither TypeScript nor any other package than the option parser', () => {
    const folder = emptyDirectory();
    for (const file of [
      'package.json',
      'cli/bin.mjs',
      'cli/commands.mjs',
      'cli/program.mjs',
      'node_modules/commander',
    ]) {
      cpSync(join(root, file), join(folder, file), { recursive: true });
    }
    writeFileSync(join(folder, 'index.ts'), '');
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'cli/bin.mjs'), '--help'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: millrace')]);
  });
});

describe('wrong usage ends with 2 and one line on stderr', () => {
  test.each([
    [['parse'], "millrace: missing required argument 'file'"],
    [['plann', 'x'], "millrace: unknown command 'plann' (Did you mean plan?)"],
    [['plan', 'job.ts', '--format', 'svg'], 'It must be one of text, mermaid, json.'],
    [['run', 'job.ts', '--metrics', '70000'], 'It must be a port number.'],
    [['parse', '--nope', 'x'], "unknown option '--nope'"],
    [['plan', 'nowhere.ts'], "JOB_UNREADABLE: can't load job 'nowhere.ts': there is no such file"],
    [['run', 'job.ts', '--workers', '4'], 'WORKERS_EMBEDDED: 4 workers were asked for'],
    [['lag', 'job.ts'], 'USAGE: set KAFKA_URL'],
    [['query', 'SELECT 1'], 'USAGE: there are no tables in'],
    [['parse', 'nowhere.log', '--timezone', 'Mars/X'], "OPTION_INVALID: timezone of logParser is 'Mars/X'"],
    [['run', 'job.ts', '--data', ''], 'It must name a directory.'],
    [['query', 'SELECT 1', '--data', ''], 'It must name a directory.'],
    [['new', 'My Job'], "USAGE: 'My Job' can't name a job"],
    [['parse', 'nowhere.log'], "FILE_MISSING: no file matches 'nowhere.log'"],
    [['watch', 'nowhere.log'], "FILE_MISSING: no file matches 'nowhere.log'"],
    [['replay', 'nowhere'], "FILE_MISSING: no file matches 'nowhere/logs.ndjson[.gz]'"],
    [['watch', '-', '--config', 'nowhere.yaml'], "CONFIG_UNREADABLE: can't read configuration 'nowhere.yaml'"],
  ])('%j', async (args, words) => {
    const { code, out, err } = await millrace(args);
    expect(err).toContain(words);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('no command at all shows the help on stderr', async () => {
    const { code, out, err } = await millrace([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: millrace');
  });
});

/** What a command ends with that could wait for ever: it is killed after a while. */
function outcome(args: readonly string[], input: number | 'ignore' = 'ignore') {
  const ended = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CLICKHOUSE_URL: '', XDG_CACHE_HOME: emptyDirectory() },
    stdio: [input, 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  return [ended.status, ended.stderr] as const;
}

describe('what can not be used is refused and not waited for', () => {
  test.each(['parse', 'templates', 'anomalies', 'watch'])('a directory as standard input of %s', (command) => {
    const root = openSync('/', 'r');
    const expected = [2, "millrace: FILE_UNREADABLE: can't read '-': standard input is a directory\n"];
    expect(outcome([command, '-'], root)).toEqual(expected);
    closeSync(root);
  });

  test('a place where the system lets no directory be made', () => {
    const expected = [2, expect.stringContaining("EMBEDDED_UNUSABLE: '/proc/none' can't be used")];
    expect(outcome(['watch', bin, '--no-follow', '--data', '/proc/none'])).toEqual(expected);
  });

  test.each(['state/data.mdb', 'topics/owner', 'tables/status'])('a named pipe in place of %s', (name) => {
    const dir = pipeAt(name);
    const expected = [2, expect.stringContaining(`EMBEDDED_UNUSABLE: '${join(dir, name)}' can't be used`)];
    expect(outcome(['watch', bin, '--no-follow', '--data', dir])).toEqual(expected);
  });

  test('a named pipe in place of the address of the tables', () => {
    const expected = [2, expect.stringContaining('USAGE: there are no tables')];
    expect(outcome(['query', 'SELECT 1', '--data', pipeAt('tables.json')])).toEqual(expected);
  });
});

/** A data directory with a named pipe in it. */
function pipeAt(name: string): string {
  const dir = emptyDirectory();
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  expect(spawnSync('mkfifo', [join(dir, name)]).status).toBe(0);
  return dir;
}
