/**
 * The Lua scripts for every step that must be atomic. Each has a file of its own that lists its keys, arguments and
 * replies; preludes hold what several scripts share. Scripts are called by the SHA-1 of their text, and the text is
 * sent only to a server that does not know it yet.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** A script, and the SHA-1 by which the server knows it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** An argument of a script. */
export type Argument = string | number | Buffer;

const read = (name: string): string => readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');

function script(name: string, preludes: readonly string[] = []): Script {
  const text = [...preludes, name].map(read).join('\n');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

export const takeOver = script('take-over', ['guard']);
export const commitEpoch = script('commit', ['owner', 'guard', 'apply']);
export const stagePart = script('stage', ['owner']);
export const flipEpoch = script('flip', ['owner']);
export const rollPart = script('roll', ['owner', 'guard', 'apply']);
export const acknowledgeLane = script('acknowledge', ['owner', 'guard']);
export const dropSpaces = script('drop', ['owner', 'guard']);
export const sweepGarbage = script('sweep');
export const resetTask = script('reset', ['guard']);
export const confirmEpoch = script('confirm', ['owner']);
export const loadMaps = script('load-maps', ['guard']);
export const checkKeys = script('check', ['guard']);

const all: readonly Script[] = [
  takeOver,
  commitEpoch,
  stagePart,
  flipEpoch,
  rollPart,
  acknowledgeLane,
  dropSpaces,
  sweepGarbage,
  resetTask,
  confirmEpoch,
  loadMaps,
  checkKeys,
];

/** Keys and arguments of a call, in the order that the script lists. */
export interface Operands {
  readonly keys: readonly string[];
  readonly args: readonly Argument[];
}

/** Runs a script that the server knows; texts in the reply are bytes. Errors: NOSCRIPT from the server. */
export function run(redis: Redis, { sha }: Script, { keys, args }: Operands) {
  return redis.callBuffer('EVALSHA', sha, keys.length, ...keys, ...args);
}

/** Makes all scripts known to the server. */
export async function loadScripts(redis: Redis): Promise<void> {
  for (const { text } of all) await redis.script('LOAD', text);
}

/** A flat reply as texts. */
export function texts(reply: unknown): readonly string[] {
  return (reply as readonly (Buffer | number | null)[]).map((item) => (item === null ? '' : item.toString()));
}
