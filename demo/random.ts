/**
 * Seeded random numbers, so that a seed names one exact course of simulated traffic. The generator is sfc32 (Chris
 * Doty-Humphrey, PractRand): four 32-bit words, a handful of integer operations a draw, no multiplication.
 * Independent streams come from one seed and a purpose: what is drawn for one does not move when another changes.
 */

/** Four hexadecimal digits of every 16-bit number: an id is a few look-ups instead of conversions. */
const hex16: readonly string[] = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));

/** A stream of random numbers; equal seeds and purposes give equal streams on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #n = 1;

  constructor(seed: number, purpose: string) {
    this.#a = hash(purpose, 0x811c9dc5) | 0;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 0x1_0000_0000) | 0;
    for (let i = 0; i < 15; i++) this.next();
  }

  /** An integer of [0, 2³²). */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#n) | 0;
    this.#n = (this.#n + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }

  /** A number of [0, 1). */
  float(): number {
    return this.next() * 2 ** -32;
  }

  /** An integer of [0, `n`). */
  int(n: number): number {
    return Math.floor(this.float() * n);
  }

  /** A number of [`low`, `high`). */
  between(low: number, high: number): number {
    return low + (high - low) * this.float();
  }

  /** A number of [`low`, `high`) whose logarithm is even: as often between 1 and 10 as between 10 and 100. */
  logBetween(low: number, high: number): number {
    return Math.exp(this.between(Math.log(low), Math.log(high)));
  }

  /** One of `list`, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  /** Poisson of the given mean: Knuth's product for a small mean, the rounded normal for a large one. */
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.float();
    let n = 0;
    for (; product > limit; n++) product *= this.float();
    return n;
  }

  /** So many hexadecimal digits, a multiple of 8. */
  hex(digits: number): string {
    let text = '';
    for (let i = 0; i < digits; i += 8) {
      const word = this.next();
      text += hex16[word >>> 16]! + hex16[word & 0xffff]!;
    }
    return text;
  }

  /** A copy of `list` in random order. */
  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  }
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
