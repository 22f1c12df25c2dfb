/**
 * Quantiles of many numbers in little memory, by t-digest (Dunning and Ertl, "Computing Extremely Accurate Quantiles
 * Using t-Digests", arXiv:1902.04023), as implemented by the package `tdigest`.
 *
 * The newest numbers wait in a buffer. Up to its size, results are exact; when it is full, it is flushed into the
 * digest. The package shuffles at random when it compresses and lets its cached ranks become stale. Here compression
 * uses a fixed order, and the ranks are brought up to date before every flush. The next state of a digest therefore
 * depends only on its stored state, and a task that was killed finds the same quantiles as one that was not.
 *
 * The paper gives no bound for the worst case; centroids near rank q hold at most 4 δ q (1 − q) of all numbers, δ =
 * 0.02, so errors in rank are about 1 % in the middle and far smaller at the ends.
 */

import { TDigest } from 'tdigest';
import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import type { Codec } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import { type Aggregate, finite } from '../aggregate.ts';

const delta = 0.02;
const centroidsMax = 1_000;
const pendingMax = 256;

/** A number that stands for `n` numbers around it. */
interface Centroid {
  readonly mean: number;
  readonly n: number;
}

/** The part of a digest that is used. */
interface Digest {
  push(value: number): void;
  push_centroid(centroid: Centroid): void;
  percentile(q: number): number | undefined;
  /** The centroids in ascending order, copied. */
  toArray(): Centroid[];
  size(): number;
}

/** A digest, and the numbers that wait to go into it. */
export interface QuantileAcc {
  /** The digest in ascending order, while no search tree was needed: storing, loading and estimating need none. */
  centroids: readonly Centroid[];
  /** The digest as the package's tree, from the first flush after loading; from then on `centroids` is not used. */
  tree: Digest | undefined;
  pending: number[];
}

/** One estimate per asked quantile. */
export type Quantiles<Q extends readonly number[]> = { readonly [I in keyof Q]: number };

/**
 * Estimates of the quantiles `qs` (each from 0 to 1), in their order; undefined for no numbers. Exact, with
 * interpolation between neighbours, up to 256 numbers. Errors: OPTION_INVALID; while adding: VALUE_NOT_FINITE.
 *
 * @example
 * quantile([0.5]).result(quantile([0.5]).add(quantile([0.5]).create(), 7, 0)) // => [7]
 */
export function quantile<const Q extends readonly number[]>(
  qs: Q,
): Aggregate<number, QuantileAcc, Quantiles<Q> | undefined> {
  for (const q of qs) {
    if (q >= 0 && q <= 1) continue;
    throw new MillraceError('OPTION_INVALID', { option: 'qs', owner: 'quantile', got: q, expected: 'from 0 to 1' });
  }
  return Object.freeze({
    name: `quantile(${qs.join(', ')})`,
    codec,
    intact: 'storable',
    create: () => ({ centroids: [], tree: undefined, pending: [] }),
    add(acc: QuantileAcc, value: number) {
      acc.pending.push(finite('quantile', value));
      return flush(acc);
    },
    merge,
    result(acc: QuantileAcc) {
      const points = allPoints(acc);
      return points.length === 0 ? undefined : (qs.map((q) => estimate(points, q)) as Quantiles<Q>);
    },
  });
}

const centroidsOf = (acc: QuantileAcc): readonly Centroid[] => acc.tree?.toArray() ?? acc.centroids;

/** The tree, with its ranks brought up to date. Centroids pushed in ascending order become a tree of exactly these. */
function treeOf(acc: QuantileAcc): Digest {
  if (acc.tree === undefined) {
    acc.tree = new TDigest(delta, 0);
    for (const centroid of acc.centroids) acc.tree.push_centroid(centroid);
  }
  acc.tree.percentile(0);
  return acc.tree;
}

function flush(acc: QuantileAcc): QuantileAcc {
  if (acc.pending.length <= pendingMax) return acc;
  const tree = treeOf(acc);
  for (const value of acc.pending) tree.push(value);
  acc.pending = [];
  return compress(acc);
}

function merge(a: QuantileAcc, b: QuantileAcc): QuantileAcc {
  const centroids = centroidsOf(b);
  if ((a.tree?.size() ?? a.centroids.length) === 0) {
    a.centroids = centroids;
    a.tree = undefined;
  } else if (centroids.length > 0) {
    pushScattered(treeOf(a), centroids);
    compress(a);
  }
  for (const value of b.pending) a.pending.push(value);
  return flush(a);
}

function compress(acc: QuantileAcc): QuantileAcc {
  if (acc.tree === undefined || acc.tree.size() <= centroidsMax) return acc;
  const centroids = acc.tree.toArray();
  acc.tree = new TDigest(delta, 0);
  pushScattered(acc.tree, centroids);
  return acc;
}

/** Pushes in steps of the golden section, since a digest fed in ascending order would merge nothing. */
function pushScattered(digest: Digest, centroids: readonly Centroid[]): void {
  const length = centroids.length;
  let stride = Math.max(1, Math.round(length * 0.618));
  while (gcd(stride, length) !== 1) stride--;
  for (let i = 0, at = 0; i < length; i++, at = (at + stride) % length) digest.push_centroid(centroids[at]!);
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Centroids and waiting numbers together, in ascending order. */
function allPoints(acc: QuantileAcc): readonly Centroid[] {
  const points = centroidsOf(acc).slice();
  for (const value of acc.pending) points.push({ mean: value, n: 1 });
  return points.sort((a, b) => a.mean - b.mean);
}

/**
 * Interpolates between neighbours, each taken to sit in the middle of its share of the ranks. A centroid with more
 * numbers than the digest would have merged into one is a number that was repeated: what it has in excess is no spread.
 */
function estimate(points: readonly Centroid[], q: number): number {
  let total = 0;
  for (const point of points) total += point.n;
  const rank = q * total;
  let below = points[0]!;
  let belowRank = 0;
  let passed = 0;
  for (const point of points) {
    const middle = (passed + point.n / 2) / total;
    const half = Math.min(point.n, Math.max(1, 4 * delta * total * middle * (1 - middle))) / 2;
    if (passed + half >= rank) {
      if (passed === 0) return point.mean;
      return below.mean + ((point.mean - below.mean) * (rank - belowRank)) / (passed + half - belowRank);
    }
    passed += point.n;
    if (passed - half >= rank) return point.mean;
    below = point;
    belowRank = passed - half;
  }
  return below.mean;
}

const codec: Codec<QuantileAcc> = Object.freeze({
  name: 'quantile',
  version: 1,
  encode(acc: QuantileAcc) {
    const centroids = centroidsOf(acc);
    const writer = new ByteWriter().varint(centroids.length);
    for (const { mean, n } of centroids) writer.float64(mean).varint(n);
    writer.varint(acc.pending.length);
    for (const value of acc.pending) writer.float64(value);
    return writer.finish();
  },
  decode(bytes: Uint8Array) {
    const reader = new ByteReader(bytes, 'quantile');
    const centroids: Centroid[] = [];
    for (let left = reader.count(9); left > 0; left--) centroids.push({ mean: reader.float64(), n: reader.varint() });
    const pending: number[] = [];
    for (let left = reader.count(8); left > 0; left--) pending.push(reader.float64());
    reader.end();
    return { centroids, tree: undefined, pending };
  },
});
