import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { millrace } from '../support/command.ts';
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
