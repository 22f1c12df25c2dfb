/**
 * Reads lines for what they tell alone, and keeps what is learnt of their sources, so that the rest of a file is read
 * behind a restart as in one run: its columns, which of two numbers of its dates is the day, where its level stands,
 * and the time that lines have which tell none.
 *
 * It stands before event time, which is read here; the stream is keyed by what lines come through.
 */
import { type Handlers, json, type OpContext, type Time } from 'millrace';
import type { Learnt } from '../../logs/learning.ts';
import {
  isRawLine,
  type LearntStore,
  type LineReader,
  originOf,
  type RawLine,
  type ReadLine,
} from '../../logs/lines/raw-line.ts';
import { boundedName } from '../../logs/lines/source-name.ts';
import { bounded } from './bounded.ts';
import { intact } from './stored.ts';

/** What was learnt of a source, and when its last line was taken in that taught something. */
interface StoredLearnt extends Learnt {
  readonly heard: number;
}

/** Sources of an origin of which is stored what was learnt; of those heard of longest ago it is learnt again. */
const mostSources = 2_000;
/** More sources than write at once; what is stored of them is then looked up again. */
const mostKnown = 20_000;

/** The handlers. */
export const readLines =
  (reader: LineReader) =>
  (ctx: OpContext<RawLine>): Handlers<RawLine, ReadLine> => {
    const stored = ctx.map<string, StoredLearnt>('learnt', json(), { intact });
    const kept = bounded(stored, { name: 'learnt', most: mostSources, age: ({ heard }) => heard }, () => {});
    const times = ctx.map<string, Time>('told', json(), { intact });
    const told = bounded(times, { name: 'told', most: mostSources, age: (time) => time }, () => {});
    /** Sources that these handlers have asked for, and the one that they read last. */
    const known = new Set<string>();
    let last: string | undefined;
    let heard: RawLine;
    const learnt: LearntStore = {
      begin(source) {
        if (source === last) return undefined;
        last = source;
        if (known.has(source)) return undefined;
        if (known.size >= mostKnown) known.clear();
        known.add(source);
        const name = boundedName(source);
        return { ...stored.get(name), told: times.get(name) };
      },
      storeTold: (source, time) => told.set(boundedName(source), time),
      store: (source, learnt) => kept.set(boundedName(source), { ...learnt, heard: heard.time }),
    };
    return {
      onData(raw, _time, out) {
        heard = raw;
        const lines = reader.readRecords(raw, learnt);
        for (let i = 0; i < lines.length; i++) out.emit(lines[i]!);
      },
    };
  };

/** The key of what a line comes through. */
export const originKey = (raw: RawLine): string => (isRawLine(raw) ? boundedName(originOf(raw)) : '');
