/** The part of the package `tdigest` that is used here; it ships no types. */
declare module 'tdigest' {
  export interface Centroid {
    readonly mean: number;
    readonly n: number;
  }

  export class TDigest {
    /** `delta` bounds the share of one centroid; `compressAt` 0 turns automatic compression off. */
    constructor(delta?: number, compressAt?: number);
    push(value: number): void;
    push_centroid(centroid: Centroid): void;
    /** Brings the cached ranks up to date, besides estimating. */
    percentile(q: number): number | undefined;
    toArray(): Centroid[];
    size(): number;
  }
}
