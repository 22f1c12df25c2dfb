/** Counts the characters that a parser reads: a measure of its work that is the same on every machine. */
import { vi } from 'vitest';

/** Characters that are looked at while `run` runs: single reads, and the distance that each search covers. */
export function charactersRead(run: () => void): number {
  let work = 0;
  const { charCodeAt, indexOf, lastIndexOf, includes } = String.prototype;
  vi.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, at) {
    work++;
    return charCodeAt.call(this, at);
  });
  vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, search, from = 0) {
    const found = indexOf.call(this, search, from);
    work += (found < 0 ? this.length : found) - from + 1;
    return found;
  });
  vi.spyOn(String.prototype, 'lastIndexOf').mockImplementation(function (this: string, search, from = this.length) {
    const found = lastIndexOf.call(this, search, from);
    work += from - found + 1;
    return found;
  });
  vi.spyOn(String.prototype, 'includes').mockImplementation(function (this: string, search, from = 0) {
    const found = indexOf.call(this, search as string, from);
    work += (found < 0 ? this.length : found) - from + 1;
    return includes.call(this, search as string, from);
  });
  try {
    run();
  } finally {
    vi.restoreAllMocks();
  }
  return work;
}
