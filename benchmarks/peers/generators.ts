/**
 * The peers' generators, bit for bit: every field is a pure function of the record's number n (0 ≤ n < 2^31) and a
 * salt. Rate R is event-time records per second. Test vectors: test/benchmarks/generators.test.ts.
 */

/** 2026-01-01T00:00:00Z. */
export const firstTime = 1_767_225_600_000;

/** murmur3's 32-bit finaliser of `n` and a salt, unsigned. */
export function h(n: number, salt: number): number {
  let x = n ^ Math.imul(salt, 0x9e3779b9);
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return x >>> 0;
}

const services = Array.from({ length: 50 }, (_, i) => `svc-${String(i).padStart(2, '0')}`);

export const logTime = (n: number, rate: number): number =>
  firstTime + Math.floor((n * 1_000) / rate) - (h(n, 1) % 2_000);

export function service(n: number): string {
  const u = h(n, 2) >>> 17;
  return services[Math.floor((50 * u * u) / 2 ** 30)]!;
}

export const isError = (n: number): boolean => h(n, 4) % 1_000 < 30;

export function level(n: number): string {
  const r = h(n, 4) % 1_000;
  return r < 30 ? 'ERROR' : r < 100 ? 'WARN' : r < 300 ? 'DEBUG' : 'INFO';
}

export const durationMs = (n: number): number => (h(n, 7) % 1_000) + (isError(n) ? 1_000 : 0);
export const status = (n: number): number => (isError(n) ? 500 + (h(n, 6) % 4) : 200);
export const traceNumber = (n: number): number => Math.floor((n + 524_288 - (h(n, 5) % 524_288)) / 4);

const hex8 = (x: number): string => x.toString(16).padStart(8, '0');

export const traceId = (t: number): string => hex8(h(t, 11)) + hex8(h(t, 12)) + hex8(h(t, 13)) + hex8(h(t, 14));

/** Log line n as JSON. */
export function logJson(n: number, rate: number): string {
  const message = `request handled path=/api/v1/items/${h(n, 8) % 10_000} user=u${h(n, 9) % 100_000}`;
  return (
    `{"@timestamp":"${new Date(logTime(n, rate)).toISOString()}","level":"${level(n)}","service":"${service(n)}",` +
    `"trace_id":"${traceId(traceNumber(n))}","message":"${message}","status":${status(n)},"duration_ms":${durationMs(n)}}`
  );
}

/** A Nexmark event: of every 50, one person, three auctions, 46 bids. */
export type NexmarkEvent =
  | { readonly kind: 'person'; readonly id: number; readonly time: number }
  | { readonly kind: 'auction'; readonly id: number; readonly seller: number; readonly time: number }
  | {
      readonly kind: 'bid';
      readonly auction: number;
      readonly bidder: number;
      readonly price: number;
      readonly time: number;
    };

export function nexmark(n: number, rate: number): NexmarkEvent {
  const time = firstTime + Math.floor((n * 1_000) / rate);
  const o = n % 50;
  const p = Math.floor(n / 50);
  if (o === 0) return { kind: 'person', id: 1_000 + p, time };
  if (o < 4) return { kind: 'auction', id: 1_000 + 3 * p + o - 1, seller: personNear(n, 21), time };
  const a = 3 * p + 2;
  const auction = 1_000 + (h(n, 23) % 2 > 0 ? Math.floor(a / 100) * 100 : a - (h(n, 24) % Math.min(a + 1, 100)));
  return { kind: 'bid', auction, bidder: personNear(n, 25), price: 100 + (h(n, 27) % 10_000_000), time };
}

/** Three of four times the person who is hot just now, else one of the last thousand; `salt` and the next decide. */
function personNear(n: number, salt: number): number {
  const p = Math.floor(n / 50);
  const hot = h(n, salt) % 4 > 0;
  return 1_000 + (hot ? Math.floor(p / 100) * 100 : p - (h(n, salt + 1) % Math.min(p + 1, 1_000)));
}
