/**
 * The Lua scripts that do every step which must be atomic. Each lies in a file of its own with its keys, arguments and
 * replies; preludes hold what several share. They are called by the SHA-1 of their text, and sent only to a server that
 * does not know them yet.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** A script and the name the server knows it by. */
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

export const takeOver = script('take-over');
export const commitEpoch = script('commit', ['owner', 'apply']);
export const stageChunk = script('stage', ['owner']);
export const flipEpoch = script('flip', ['owner']);
export const rollChunk = script('roll', ['owner', 'apply']);
export const acknowledgeLane = script('acknowledge', ['owner']);
export const dropSpaces = script('drop', ['owner']);
export const sweepGarbage = script('sweep');
export const resetTask = script('reset');
export const confirmEpoch = script('confirm', ['owner']);
export const loadMaps = script('load-maps');

const all: readonly Script[] = [
  takeOver,
  commitEpoch,
  stageChunk,
  flipEpoch,
  rollChunk,
  acknowledgeLane,
  dropSpaces,
  sweepGarbage,
  resetTask,
  confirmEpoch,
  loadMaps,
];

/** Runs a script that the server knows; its reply has bytes for texts. Errors: NOSCRIPT from the server. */
export function run(redis: Redis, { sha }: Script, keys: readonly string[], args: readonly Argument[]) {
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
