/**
 * Puts lines in the order in which they reach the reader. A pod's lines are shipped in batches up to three seconds
 * apart, so the lines of one pod stay in order while those of different pods interleave a little wrongly. A line
 * waits in the bucket of the second in which it arrives; a full second is sorted by numbers that pack arrival, age
 * and position.
 */
import type { Time } from '../time/duration.ts';
import type { Entry, Pod, Write } from './formats.ts';

/** A line arrives at most this long after its own time. */
export const maxLagMs = 3_000;

const buckets = 256;
const positions = 2 ** 28;

interface Bucket {
  keys: number[];
  lines: string[];
  sources: string[];
}

/** Lines in order of arrival, with the time of arrival and where each came from (`service/pod`). */
export interface Lines {
  readonly lines: string[];
  readonly times: number[];
  readonly sources: string[];
}

/** Where entries go. */
export interface Sink {
  write(entry: Entry, write: Write): void;
}

export class Output implements Sink {
  readonly #waiting: Bucket[] = Array.from({ length: buckets }, empty);

  /** Writes `entry` as its service does, to arrive when its pod next ships. */
  write(entry: Entry, write: Write): void {
    const arrival = arrivalOf(entry.pod, entry.time);
    const second = Math.floor(arrival / 1_000);
    const bucket = this.#waiting[second & (buckets - 1)] as Bucket;
    const age = Math.floor(arrival - entry.time);
    const rank = (arrival - second * 1_000) * 4_096 + (maxLagMs - age);
    bucket.keys.push(rank * positions + bucket.lines.length);
    bucket.lines.push(flat(write(entry)));
    bucket.sources.push(entry.pod.source);
  }

  /** Moves the lines that arrive in the second beginning at `second` × 1,000 ms to the end of `to`. */
  drain(second: number, to: Lines): void {
    const index = second & (buckets - 1);
    const bucket = this.#waiting[index] as Bucket;
    if (bucket.keys.length === 0) return;
    const keys = Float64Array.from(bucket.keys).sort();
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      const position = key % positions;
      to.lines.push(bucket.lines[position] as string);
      to.sources.push(bucket.sources[position] as string);
      to.times.push(second * 1_000 + Math.floor(key / positions / 4_096));
    }
    // Emptied rather than replaced: an old bucket is tenured, and would keep its lines alive when dropped.
    bucket.keys.length = bucket.lines.length = bucket.sources.length = 0;
  }
}

/**
 * The same text, laid out as one piece. The engine keeps a concatenation as a tree of some thirty nodes, which costs
 * the garbage collector more than the text; asking what number it is makes it write the text out.
 */
function flat(text: string): string {
  Number(text);
  return text;
}

function empty(): Bucket {
  return { keys: [], lines: [], sources: [] };
}

/** When what `pod` writes at `time` reaches the reader: with its next batch, always later than `time`. */
function arrivalOf(pod: Pod, time: Time): Time {
  return (Math.floor((time - pod.phaseMs) / pod.flushMs) + 1) * pod.flushMs + pod.phaseMs;
}
