/**
 * The table of scores on labelled data.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evals-'));
  const scripts = {
    parse_eval: "print('SUMMARY parse fields=0.5 PASS')",
    cases_eval: "import sys; print('SUMMARY cases ok=1 of=2'); sys.exit(1)",
    templates_eval: "raise SystemExit('no lines at all')",
    anomalies_eval: "print('SUMMARY anomalies ap=1 PASS')",
    other_eval: "print('SUMMARY other x=1 PASS')",
  };
  mkdirSync(join(folder, 'evals'));
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, 'evals', `${name}.py`), text);
  for (const part of ['beats', 'cases', 'logs', 'anomalies/nab'])
    mkdirSync(join(folder, 'data', part), { recursive: true });
  writeFileSync(join(folder, 'data', 'cases', 'parse_cases.ndjson'), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every evaluator has a row: figures, or why there are none', () => {
  const { stdout } = spawnSync('node', ['scripts/evals.mjs', '--data', join(folder, 'data')], {
    cwd: root,
    encoding: 'utf8',
  });
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.split(/ {2,}/));
  const answer = (what: string) => rows.find(([first]) => first === what)?.[1];
  expect(answer('parse_eval beats')).toBe('fields=0.5');
  expect(answer('parse_eval envelope')).toBe('no data');
  expect(answer('cases_eval cases/parse_cases.ndjson')).toBe('ok=1 of=2');
  expect(answer('templates_eval logs')).toBe('failed: no lines at all');
  expect(answer('changes_eval changes')).toBe('no such evaluator');
  expect(answer('other_eval')).toBe('not known here');
});

test('a command that is not there yet is told', () => {
  const script = join(folder, 'data');
  const { stdout } = spawnSync('node', ['scripts/evals.mjs', '--data', script, '--only', 'runbooks'], {
    cwd: root,
    encoding: 'utf8',
  });
  const isThere = existsSync(join(root, 'cli/commands/runbooks.ts'));
  const reason = isThere ? 'no such evaluator' : 'no command runbooks search yet';
  expect(stdout).toMatch(new RegExp(`^runbooks_eval runbooks/setA +${reason}\n$`));
});
