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
  {
    rule: 'in memory a former owner writes nothing',
    file: 'state/memory.ts',
    from: 'if (task.fence === mine) return;',
    to: 'return;',
    killedBy: ['test/state/memory.test.ts'],
  },
  {
    rule: 'in a file a former owner writes nothing',
    file: 'state/embedded.ts',
    from: 'if (task?.fence === mine) return task;',
    to: 'if (task !== undefined) return task;',
    killedBy: ['test/state/embedded.test.ts'],
  },
  {
    rule: 'what has expired is not handed out',
    file: 'state/cells.ts',
    from: 'return entry.value === undefined || entry.cell.expiry?.isOver(entry) === true;',
    to: 'return entry.value === undefined;',
    killedBy: ['test/state/ttl.test.ts'],
  },
  {
    rule: 'a time of 0 in the form of before is no mark of the new one',
    file: 'state/entry.ts',
    from: 'return isFormerZero(bytes) ? 8 : 9;',
    to: 'return 9;',
    killedBy: ['test/state/ttl.test.ts'],
  },
  {
    rule: 'what a handler call changed ends with the call',
    file: 'state/journal.ts',
    from: '    this.#count = 0;\n',
    to: '',
    killedBy: ['test/runtime/circuit/take-back.test.ts'],
  },
  {
    rule: 'changes are taken back from the last to the first',
    file: 'state/journal.ts',
    from: 'this.#changed[n]!.revert(this.#before[n], this.#details[n]);',
    to: '',
    killedBy: ['test/runtime/circuit/take-back.test.ts'],
  },
  {
    rule: 'a state with a TTL needs event time',
    file: 'graph/states.ts',
    from: 'states.every(({ ttl }) => ttl === undefined)',
    to: 'states.every(({ ttl }) => ttl !== 0)',
    killedBy: ['test/graph/job.test.ts'],
  },
  {
    rule: 'a Redis that refuses writes is away',
    file: 'state/redis/connection.ts',
    from: "redis.set(aliveKey, '', 'EX', 60)",
    to: 'redis.ping()',
    killedBy: ['test/state/redis/ping.server.test.ts'],
  },
];
