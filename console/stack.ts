/** Puts bars of one lane into as few rows as keep them, and the words after them, from covering each other. */

export interface Bar {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export interface Stack {
  readonly rows: number;
  readonly rowOf: ReadonlyMap<string, number>;
}

/** Gives each bar the first row that is free from its start; every bar takes at least `room`, for its words. */
export function stack(bars: readonly Bar[], room: number): Stack {
  const ends: number[] = [];
  const rowOf = new Map<string, number>();
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    let row = ends.findIndex((end) => end <= bar.from);
    if (row < 0) row = ends.length;
    ends[row] = Math.max(bar.to, bar.from + room);
    rowOf.set(bar.id, row);
  }
  return { rows: ends.length, rowOf };
}
