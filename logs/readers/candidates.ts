/**
 * The keys of one record that may play a role, or whose name depends on the rest of the record, with their values.
 */
import type { Role } from '../formats/format.ts';
import type { Value } from '../parsed-log.ts';
import type { Rule } from './roles.ts';

/** State: the candidates of the record that is being read; one is used over and over. */
export class Candidates {
  count = 0;
  /** A rule is taken off when its key plays its role. */
  readonly rules: (Rule | undefined)[] = [];
  readonly values: Value[] = [];
  /** A bit for each role that one of them may play: most records have no ids. */
  #roles = 0;

  clear(): void {
    this.count = this.#roles = 0;
  }

  /** Whether there is room: choosing among them is quadratic in their number. */
  get hasRoom(): boolean {
    return this.count < maxCandidates;
  }

  // hot: called for every key of a record that may play a role.
  add(rule: Rule, value: Value): void {
    if (rule.role !== null) this.#roles |= bits[rule.role];
    this.rules[this.count] = rule;
    this.values[this.count++] = value;
  }

  /** The index of the best candidate for a role whose rank is above `floor`, or -1; the first of equals. */
  // hot: called for every role of every record.
  best(role: Role, floor: number, isLooseToo = true): number {
    if ((this.#roles & bits[role]) === 0) return -1;
    let best = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.count; i++) {
      const rule = this.rules[i];
      if (rule === undefined || rule.role !== role || rule.rank <= floor || rule.rank >= lowest) continue;
      if (rule.loose && !isLooseToo) continue;
      best = i;
      lowest = rule.rank;
    }
    return best;
  }
}

const bits: Readonly<Record<Role, number>> = { time: 1, level: 2, message: 4, service: 8, trace: 16, span: 32 };
const maxCandidates = 32;
