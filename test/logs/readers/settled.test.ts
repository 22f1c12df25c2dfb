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
  (line) => `[pod/cart-75ff987878-kh56q/server] ${line}`,
  (line) => `2026-01-29 08:51:25 ${line}`,
  (line) => `[2026-01-29 08:51:25] ${line}`,
  (line) => `Jan 29 08:51:25 web-1 cart[42]: ${line}`,
];

/** Lines that no format reads. */
const prose = [
  ['prose behind a time and a level', '2026-01-29 08:51:24.967 WARN order 7 was not paid'],
  ['prose behind a time', '2026-01-29 08:51:24.967 order 7 was not paid'],
  ['prose', 'order 7 was not paid'],
  ['pairs', 'ts=2026-01-29T08:51:24Z level=warn msg="not paid" order=7'],
] as const;
const samples = textFormats.flatMap(({ name, samples: all }) =>
  all.map(({ line }, i) => [`${name} ${i}`, line] as const),
);

test.each([...samples, ...prose])('%s', (_, usual) => {
  // Of prose, one line in eight is tried on formats: what looks like a header of them is read as prose, too.
  const wrappers = usual.includes('not paid') ? around.filter((wrap) => !wrap('').startsWith('Jan')) : around;
  const [fresh, settled] = [logParser({}), logParser({})];
  fresh.parse(usual, 'source', ingest);
  for (let i = 0; i < 100; i++) settled.parse(usual, 'source', ingest);
  for (const wrap of wrappers) {
    settled.parse(usual, 'source', ingest);
    expect(settled.parse(wrap(usual), 'source', ingest)).toEqual(fresh.parse(wrap(usual), 'source', ingest));
    for (let i = 0; i < 100; i++) settled.parse(usual, 'source', ingest);
  }
});
