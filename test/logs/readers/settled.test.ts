/** A source that has written one format for long is read faster, and no line of it otherwise. */
import { expect, test } from 'vitest';
import { textFormats } from '../../../logs/formats/index.ts';
import { logParser } from '../../../logs/parser.ts';
import { dockerLine, ingest } from '../../support/lines-of.ts';

const stamp = '2026-01-29T08:51:24.967123456Z';
/** What a line may come in. */
const around: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => `cart-1  | ${line}`,
  (line) => `cart-75ff987878-kh56q server ${line}`,
  (line) => `${stamp} ${line}`,
  (line) => `${stamp} stdout F ${line}`,
  (line) => `\u001b[31m${line}\u001b[0m`,
  (line) => dockerLine(`${line}\n`),
  (line) => JSON.stringify({ level: 'error', msg: line }),
  (line) => `level=error msg=${JSON.stringify(line)}`,
];

test.each(textFormats.map(({ name, samples }) => [name, samples[0]!.line] as const))('%s', (_, usual) => {
  const [fresh, settled] = [logParser({}), logParser({})];
  fresh.parse(usual, 'source', ingest);
  for (let i = 0; i < 100; i++) settled.parse(usual, 'source', ingest);
  for (const wrap of around) {
    settled.parse(usual, 'source', ingest);
    expect(settled.parse(wrap(usual), 'source', ingest)).toEqual(fresh.parse(wrap(usual), 'source', ingest));
    for (let i = 0; i < 100; i++) settled.parse(usual, 'source', ingest);
  }
});
