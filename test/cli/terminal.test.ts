import { expect, test } from 'vitest';
import { stderrLogger } from '../../cli/run/logger.ts';
import { Output, Progress, printable, say } from '../../cli/terminal.ts';

/** What a terminal would obey: escapes, C1 controls, marks of direction, and what is not seen. */
const hostile = [
  ...['\x07', '\x08', '\r', '\n', '\x1b[2J', '\x1b]0;t\x07', '\x7f', '\x85', '\x9b31m', '\x9d0;t\x9c'],
  ...['\u00ad', '\u061c', '\u200b', '\u200e', '\u200f', '\u2028', '\u2029', '\u202e', '\u2066', '\u2069'],
  ...['\ufeff', '\ufff9', '\u{e0041}', '\ud800', '\udc00'],
];
const obeyed = new Set(hostile.flatMap((text) => [...text]).filter((character) => !/[ -~]/.test(character)));
const heeded = (text: string) => [...text].filter((character) => obeyed.has(character));

/** What an action writes to one of the streams. */
async function written(stream: NodeJS.WriteStream, action: () => unknown): Promise<string> {
  const { write, isTTY } = stream;
  let text = '';
  try {
    stream.isTTY = true;
    stream.write = (piece: string | Uint8Array) => {
      text += String(piece);
      return true;
    };
    await action();
  } finally {
    Object.assign(stream, { write, isTTY });
  }
  return text;
}

test('text is printable on one line, and what people write stays as it is', () => {
  for (const text of hostile) expect(heeded(printable(`a${text}b`))).toEqual([]);
  const written = 'Zürich, München: 99 % «übrig» – 東京 עברית العربية 🚀';
  expect(printable(written)).toBe(written);
});

test('what is said, shown and logged holds nothing that a terminal obeys', async () => {
  for (const text of hostile) {
    const said = await written(process.stderr, () => say(`no file ${text}`));
    expect(heeded(said.slice(0, -1))).toEqual([]);
    const under = await written(process.stderr, () => new Progress(`log ${text}`, { now: () => 0 }).at(0.5, text));
    expect(heeded(under.slice('\r\x1b[K'.length))).toEqual([]);
    const shown = await written(process.stdout, async () => {
      const output = new Output();
      output.line(`service ${text}`);
      await output.flush();
    });
    expect(heeded(shown.replaceAll('\n', ''))).toEqual([]);
    const logged = await written(process.stderr, async () => (await stderrLogger('j')).info({ text }, text));
    expect(heeded(logged.slice(0, -1))).toEqual([]);
    expect(JSON.parse(logged)).toMatchObject({ text, msg: text });
  }
});

test('data that no terminal shows stays as it is', async () => {
  const piped = await written(process.stdout, async () => {
    process.stdout.isTTY = false;
    const output = new Output();
    output.line('a\x1b[2Jb');
    await output.flush();
  });
  expect(piped).toBe('a\x1b[2Jb\n');
});
