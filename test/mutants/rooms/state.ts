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
  {
    rule: 'what has not reached the disk is not confirmed',
    file: 'state/redis/confirmer.ts',
    from: 'if (onDisk >= local && onReplicas >= replicas) return undefined;',
    to: 'if (onReplicas >= replicas) return undefined;',
    killedBy: ['test/state/redis/loss.server.test.ts'],
  },
  {
    rule: 'what has not reached the replicas is not confirmed',
    file: 'state/redis/confirmer.ts',
    from: 'if (onDisk >= local && onReplicas >= replicas) return undefined;',
    to: 'if (onDisk >= local) return undefined;',
    killedBy: ['test/state/redis/loss.server.test.ts'],
  },
];
