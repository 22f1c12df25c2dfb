/** Rules of stored state. */
import type { Mutant } from '../mutant.ts';

export const state: readonly Mutant[] = [
  {
    rule: 'a late write does not age an entry',
    file: 'state/cells.ts',
    from: 'entry.touched === undefined ? now : Math.max(entry.touched, now)',
    to: 'now',
    killedBy: ['test/state/late-writes.test.ts'],
  },
  {
    rule: 'confirmations wait for the disk where the server can',
    file: 'state/redis/checks.ts',
    from: "{ kind: 'WAITAOF', local: 1, replicas: wanted }",
    to: "{ kind: 'none', local: 0, replicas: wanted }",
    killedBy: ['test/state/redis/loss.server.test.ts'],
  },
];
