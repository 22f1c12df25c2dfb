/**
 * The page of formats is made from their samples: `npx vitest run test/docs/formats.test.ts -u` writes
 * it again.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sample } from '../../logs/formats/format.ts';
import { dialects, textFormats } from '../../logs/formats/index.ts';
import { root } from '../support/sources.ts';

const introduction = `# Formats of logs

Each format with its samples, and what is read from them. A line of no format is read by its shape; see
[reading-logs.md](reading-logs.md). This page is made from the samples in \`logs/formats/\`, which are the tests of the formats.
`;

/** A line in a block of code, whatever it contains. */
function block(line: string): string {
  const fence = line.includes('```') ? '````' : '```';
  return `${fence}text\n${line}\n${fence}`;
}

const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('\n', '↵').replaceAll('|', '\\|')}\``;

function read({ time, level, service, message, fields }: Sample): string {
  const parts = [
    `time ${time === null ? 'none' : code(time)}`,
    `level ${level ?? 'none'}`,
    ...(service === undefined ? [] : [`service ${code(service)}`]),
    `message ${message === '' ? 'empty' : code(message)}`,
  ];
  const names = Object.keys(fields);
  const others = names.length === 0 ? '' : `; fields ${names.map(code).join(', ')}`;
  return `${parts.join(', ')}${others}`;
}

function section(heading: string, formats: readonly { readonly name: string; readonly samples: readonly Sample[] }[]) {
  const parts = formats.map(({ name, samples }) => {
    const shown = samples.map((sample) => `${block(sample.line)}\n\n${read(sample)}\n`);
    return `### ${name}\n\n${shown.join('\n')}`;
  });
  return `## ${heading}\n\n${parts.join('\n')}`;
}

test('the page of formats shows every sample', async () => {
  const page = [
    introduction,
    section('Lines of text', textFormats),
    section('Records: JSON and logfmt', dialects),
  ].join('\n');
  await expect(page).toMatchFileSnapshot(join(root, 'docs/formats.md'));
});
