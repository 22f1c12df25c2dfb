/** Files that arrive in pieces, cut anywhere, give the events of the whole; two files in one give those of both. */
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openFiles } from '../../connectors/files/reader.ts';
import { dialects, textFormats } from '../../logs/formats/index.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { logParser } from '../../logs/parser.ts';
import { systemClock } from '../../time/clock.ts';
import { envelopes, type Random, seeded, traces } from '../fuzz/materials.ts';

/** Events of each layout that a format has, of the runtimes' traces, and of lines in each envelope. */
const kinds: readonly (readonly [name: string, events: readonly string[]])[] = [
  ...[...textFormats, ...dialects].flatMap(({ name, samples }) =>
    samples.map(({ line }, i) => [`${name} ${i}`, [line, line]] as const),
  ),
  ...traces.map((trace, i) => [`trace ${i}`, [trace, trace]] as const),
  ...envelopes.map((envelope, i) => {
    const lines = ['2026-01-29 08:51:24 ERROR no stock', '2026-01-29 08:51:25 INFO façade 日本語 🛒'];
    return [`envelope ${i}`, lines.map((line) => envelope(line, (bound) => bound - 1))] as const;
  }),
];

test.each(kinds)('%s', async (_, events) => {
  const random = seeded(events.join().length);
  const [first, second] = [events, [...events, ...events]].map((lines) => Buffer.from(`${lines.join('\n')}\n`));
  const whole = Buffer.concat([first!, second!]);
  const expected = [...(await eventsOf([first!])), ...(await eventsOf([second!]))];
  expect(await eventsOf([whole])).toEqual(expected);
  for (let i = 0; i < 4; i++) expect(await eventsOf(cut(whole, random))).toEqual(expected);
  const returned = Buffer.from(whole.toString().replaceAll('\n', '\r\n'));
  expect(await eventsOf(cut(returned, random))).toEqual(expected);
});

function cut(bytes: Buffer, random: Random): Buffer[] {
  const places = Array.from({ length: 1 + random(9) }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((place, i) => bytes.subarray(place, places[i])).filter((piece) => piece.length > 0);
}

/** The events in pieces of a file, as the parser reads them. */
async function eventsOf(pieces: Buffer[]): Promise<readonly unknown[]> {
  const stdin = Readable.from(pieces, { objectMode: false });
  const reader = openFiles({ patterns: ['-'], follow: false, clock: systemClock, stdin });
  const [split = ''] = await reader.splits();
  const parser = logParser({});
  const joiner = new LineJoiner();
  const logs: unknown[] = [];
  const take = (event: readonly string[] | null): void => {
    if (event !== null) logs.push(parser.parse(event.join('\n'), 'file', Date.UTC(2026, 1)));
  };
  for (let position = reader.start(split); !position.ended; ) {
    const batch = await reader.poll(split, position, { maxRecords: 7, maxBytes: 1 << 16 });
    if (batch === undefined) break;
    for (let i = 0; i < batch.length; i++)
      take(joiner.push(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i])));
    position = batch.next;
  }
  await reader.close();
  take(joiner.flush());
  return logs;
}
