/** What the operator's documents name is there. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../errors.ts';
import { metricDefinitions } from '../../runtime/metrics.ts';
import { textOf } from '../support/deploy/files.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = ['docs/operate.md', 'docs/failures.md', 'docs/sizing.md', 'deploy/README.md'];
/** Codes of warnings; the same files raise errors, which are no warnings. */
const warnings = ['topics/kafka/checks.ts', 'state/redis/checks.ts']
  .flatMap((file) => [...textOf(file).matchAll(/'((?:KAFKA|REDIS)_[A-Z_]+)'/g)].map(([, code]) => code!))
  .filter((code, i, all) => all.indexOf(code) === i && !(errorCodes as readonly string[]).includes(code));
const commandLine = textOf('cli/commands.mjs');

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  test('names codes and variables that there are', () => {
    const words = (of: string) => [...of.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([word]) => word);
    const known = [...errorCodes, ...warnings, ...words(textOf('cli/settings/environment.ts'))];
    const named = words(text);
    expect(named.filter((code) => !(known as readonly string[]).includes(code))).toEqual([]);
  });

  test('names metrics that there are', () => {
    const named = [...text.matchAll(/\bmillrace_\w+/g)].map(([name]) => name);
    expect(named.filter((name) => !Object.hasOwn(metricDefinitions, name))).toEqual([]);
  });

  test('names commands and flags that there are', () => {
    const commands = [...text.matchAll(/`millrace (\w+)/g)].map(([, command]) => command!);
    expect(commands.filter((command) => !commandLine.includes(`usage: '${command} `))).toEqual([]);
    const flags = [...text.matchAll(/(?:`|millrace (?:run|plan|lag|reset|query) [^`\n]*?)(--[a-z]+)/g)].map(
      ([, flag]) => flag!,
    );
    expect(flags.filter((flag) => !commandLine.includes(`'${flag}`))).toEqual([]);
  });

  test('leads to files that there are', () => {
    const links = [...text.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

test('every warning at the start is explained, and no other', () => {
  const explained = [...textOf('docs/operate.md').matchAll(/^\| `((?:KAFKA|REDIS)_[A-Z_]+)`/gm)].map(
    ([, code]) => code!,
  );
  expect(explained.toSorted()).toEqual(warnings.toSorted());
});

test('the bounds and figures named are those of the code', () => {
  const sizing = textOf('docs/sizing.md');
  expect(textOf('topics/kafka/kafka.ts')).toContain('readAheadBytes: 64 << 20');
  expect(sizing).toContain('64 MiB a process');
  const defaults = textOf('runtime/task/task-options.ts');
  for (const setting of ['outboxBytes: 256 << 20', 'epochBytes: 16 << 20', 'cacheKeys: 1_000_000']) {
    expect(defaults).toContain(setting);
  }
  expect(textOf('logs/lines/event-lines.ts')).toContain('maxLines: 500, maxLength: 1 << 18');
  const benchmarks = textOf('benchmarks/README.md');
  for (const figure of ['60,000–82,000', '0.89–0.99', '119,782', '327 MB', '212', '8.7', '0.63', '1.24', '6.6']) {
    expect(benchmarks, figure).toContain(figure);
  }
});
