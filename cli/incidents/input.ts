/**
 * What a run has read of its inputs: lines as they are counted, each once, and whether all inputs have ended.
 */
import type { FilePosition } from '../../connectors/files/reader.ts';
import type { PollLimit, SourceBatch, SourceSpec } from '../../graph/connector.ts';

/** What was read of one split by this run. */
export interface SplitRead {
  lines: number;
  /** Where this run began to read it, and where it has come. */
  readonly from: FilePosition;
  next: FilePosition;
}

/** Counts what is read of sources of files. */
export class Input {
  /** By split. */
  readonly splits = new Map<string, SplitRead>();
  readonly #ended = new Set<string>();
  /** Splits that were found; undefined before it was looked for them. */
  #known: Set<string> | undefined;
  #goesOn = false;

  /** Lines that were read, those that could not be used included. */
  get lines(): number {
    return [...this.splits.values()].reduce((sum, { lines }) => sum + lines, 0);
  }

  /** Whether the files that were named were found. */
  get isOpen(): boolean {
    return this.#known !== undefined;
  }

  /** Whether every split there is was read to its end, and nothing can follow. */
  get isOver(): boolean {
    const known = [...(this.#known ?? [])];
    return known.length > 0 && !this.#goesOn && known.every((split) => this.#ended.has(split));
  }

  /** The source, counted. After a failure, what is read again is read just as far as it was and not counted again. */
  of<T>(source: SourceSpec<T>): SourceSpec<T> {
    return {
      ...source,
      open: async (ports) => {
        const reader = await source.open(ports);
        return {
          resumes: (split, position) => reader.resumes?.(split, position) === true,
          start: (split) => reader.start(split),
          close: () => reader.close(),
          goesOn: () => reader.goesOn?.() === true,
          splits: async () => {
            const names = await reader.splits();
            this.#known = new Set([...(this.#known ?? []), ...names]);
            this.#goesOn = reader.goesOn?.() === true;
            return names;
          },
          poll: async (split, position, limit) => {
            const from = position as FilePosition;
            const isAgain = this.#isBehind(split, from);
            const batch = await reader.poll(split, position, isAgain ? this.#upTo(split, limit) : limit);
            if (batch === 'ended') this.#ended.add(split);
            else if (batch !== undefined && !isAgain) this.#count(split, from, batch);
            return batch;
          },
        };
      },
    };
  }

  #isBehind(split: string, { generation, offset }: FilePosition): boolean {
    const next = this.splits.get(split)?.next;
    return next !== undefined && next.generation === generation && offset < next.offset;
  }

  #upTo(split: string, limit: PollLimit): PollLimit {
    return { ...limit, until: this.splits.get(split)!.next };
  }

  #count(split: string, from: FilePosition, { values, refused, next }: SourceBatch<unknown>): void {
    const read = this.splits.get(split) ?? { lines: 0, from, next: from };
    // That a file is gone or was cut is told as a refused record, and is no line.
    const lines = refused.filter(({ reason }) => !/^file-(gone|cut) /.test(reason)).length;
    read.lines += values.length + lines;
    read.next = next as FilePosition;
    this.splits.set(split, read);
  }
}

/** A source that goes on for ever, made to end when `isOver` says so and it has nothing more. */
export function endingWhen<T>(source: SourceSpec<T>, isOver: () => boolean): SourceSpec<T> {
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        goesOn: () => !isOver() && reader.goesOn?.() === true,
        async poll(split, position, limit) {
          const isLast = isOver();
          return (await reader.poll(split, position, limit)) ?? (isLast ? 'ended' : undefined);
        },
      };
    },
  };
}
