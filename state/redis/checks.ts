/**
 * Checks of a Redis server before it keeps state: whether it evicts entries when memory is short, what survives a
 * restart, and what a confirmation can wait for.
 *
 * What can be lost, by configuration:
 *
 * | server                                     | confirmed epochs survive            | acknowledged, unconfirmed ones |
 * |--------------------------------------------|-------------------------------------|--------------------------------|
 * | AOF, WAITAOF (Redis 7.2, Valkey)            | loss of power; of nodes, as many as replicas are asked for | everysec: about a second lost with the power |
 * | AOF `always`, no WAITAOF                    | loss of power; of nodes while replicas keep running | the same |
 * | AOF `everysec`, no WAITAOF                  | a killed server; of nodes while replicas keep running | about a second lost with the power |
 * | no AOF                                      | of nodes while replicas keep running | everything since the last snapshot |
 */

import type { Redis } from 'ioredis';
import { MillraceError } from '../../errors.ts';

/** A property of the server that its operator should know. */
export interface Finding {
  readonly code: 'REDIS_NO_AOF' | 'REDIS_FSYNC_LATE' | 'REDIS_NO_REPLICA' | 'REDIS_REPLICA_IN_MEMORY';
  readonly text: string;
}

/** What confirmations wait for. */
export interface WaitFor {
  /** WAITAOF: on disks. WAIT: in the memory of replicas. None: nothing can be waited for. */
  readonly kind: 'WAITAOF' | 'WAIT' | 'none';
  /** 1 if this node's disk counts. */
  readonly local: number;
  readonly replicas: number;
}

/** What the server was found to be. */
export interface Inspection {
  readonly findings: readonly Finding[];
  readonly waitFor: WaitFor;
}

/**
 * Inspects the server. `replicas` is how many must have a commit; by default one if any is connected. Errors:
 * STATE_UNSAFE.
 */
export async function inspect(redis: Redis, address: string, replicas?: number): Promise<Inspection> {
  const info = fields(await redis.info());
  const unsafe = (reason: string) => new MillraceError('STATE_UNSAFE', { address, reason });
  refusePolicy(info, address);
  const version = info.get('redis_version') ?? '0';
  if (Number.parseInt(version, 10) < 7) throw unsafe(`it is version ${version}; Redis 7 or Valkey is needed`);
  if (info.get('role') === 'slave') throw unsafe('it is a replica; connect to the master or through sentinels');

  const hasAof = info.get('aof_enabled') === '1';
  const hasWaitAof = (await redis.command('INFO', 'waitaof'))[0] !== null;
  const wanted = replicas ?? (Number(info.get('connected_slaves') ?? 0) > 0 ? 1 : 0);
  const waitFor: WaitFor =
    hasWaitAof && hasAof
      ? { kind: 'WAITAOF', local: 1, replicas: wanted }
      : { kind: wanted > 0 ? 'WAIT' : 'none', local: 0, replicas: wanted };
  return { findings: findingsOf({ hasAof, fsync: await fsyncOf(redis), waitFor }), waitFor };
}

/** Looks again whether the server evicts, which can be set while it runs. Errors: STATE_UNSAFE. */
export async function refuseEviction(redis: Redis, address: string): Promise<void> {
  refusePolicy(fields(await redis.info('memory')), address);
}

function refusePolicy(info: ReadonlyMap<string, string>, address: string): void {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (!policy.startsWith('allkeys-')) return;
  const reason = `its maxmemory-policy ${policy} deletes state when memory runs short; set it to noeviction`;
  throw new MillraceError('STATE_UNSAFE', { address, reason });
}

function findingsOf(found: { hasAof: boolean; fsync: string | undefined; waitFor: WaitFor }): readonly Finding[] {
  const { hasAof, fsync, waitFor } = found;
  const findings: Finding[] = [];
  if (!hasAof) {
    const text = 'appendonly is off: a restart loses every epoch since the last snapshot; set appendonly yes';
    findings.push({ code: 'REDIS_NO_AOF', text });
  } else if (waitFor.kind !== 'WAITAOF' && fsync !== 'always') {
    const text = `appendfsync is ${fsync ?? 'hidden'} and the server has no WAITAOF: a loss of power loses about a second of delivered epochs; set appendfsync always or use Redis 7.2 or Valkey`;
    findings.push({ code: 'REDIS_FSYNC_LATE', text });
  }
  if (waitFor.replicas === 0) {
    const text = 'no replica is waited for: a loss of this node loses the state; add a replica and ask for it';
    findings.push({ code: 'REDIS_NO_REPLICA', text });
  } else if (waitFor.kind === 'WAIT') {
    const text = 'replicas confirm from memory (WAIT): epochs are lost if they lose power together with the master';
    findings.push({ code: 'REDIS_REPLICA_IN_MEMORY', text });
  }
  return findings;
}

/** Hosted servers may hide their configuration. */
async function fsyncOf(redis: Redis): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config('GET', 'appendfsync')) as readonly string[];
    return value;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  }
}

function fields(info: string): ReadonlyMap<string, string> {
  const pairs = info.split('\r\n').map((line) => [line.split(':', 1)[0]!, line.slice(line.indexOf(':') + 1)] as const);
  return new Map(pairs);
}
