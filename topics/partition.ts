/**
 * Which partition a key belongs to. murmur2 is Kafka's own default partitioner (org.apache.kafka.common.utils.Utils),
 * so that keys written by any Java producer and keys written here meet in one partition.
 */

/** Kafka's 32-bit murmur2 of the bytes (the first `length` of them), as a signed integer. */
export function murmur2(bytes: Uint8Array, length = bytes.length): number {
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ length;
  const words = length >> 2;
  for (let i = 0; i < words; i++) {
    const at = i << 2;
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const rest = length & ~3;
  const tail = length & 3;
  if (tail === 3) h ^= bytes[rest + 2]! << 16;
  if (tail >= 2) h ^= bytes[rest + 1]! << 8;
  if (tail >= 1) h = Math.imul(h ^ bytes[rest]!, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/**
 * The partition of a key's bytes among `partitions`.
 *
 * @example
 * partitionOf(new TextEncoder().encode('21'), 1000) // => 322
 */
export function partitionOf(bytes: Uint8Array, partitions: number): number {
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}
