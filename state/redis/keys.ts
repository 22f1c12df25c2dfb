/**
 * The names of a task's keys in Redis. All keys of a task have the same hash tag, so that a cluster keeps them in one
 * hash slot and one script may use them all:
 *
 *     millrace:{job:task}:head      hash: fence, owner, epoch, id, meta, numbers given; epoch staged or rolling;
 *                                         entries of other keys, `=v:1` and so on, and the owner that counts them
 *     millrace:{job:task}:spaces    hash: number by name of the space; a number is never given twice
 *     millrace:{job:task}:v:<n>     hash: entries without sub, value by key
 *     millrace:{job:task}:p:<n>     hash: entries with a sub, by key all together as MessagePack [sub, value, …]
 *     millrace:{job:task}:m:<n>:<k> hash: entries with a sub of one key that outgrew p:, value by sub
 *     millrace:{job:task}:k:<n>     set: the keys that have such a hash
 *     millrace:{job:task}:lanes     set: names of lanes
 *     millrace:{job:task}:o:<lane>  sorted set by seq: undelivered entries
 *     millrace:{job:task}:pending   list: parts of a staged epoch
 *     millrace:{job:task}:garbage   set: numbers of dropped spaces whose entries are still there
 *     millrace:tasks:{job}          set: names of the job's tasks
 *     millrace:alive                what a sign of life writes
 */

/** The keys of one task. */
export interface TaskKeys {
  readonly head: string;
  readonly spaces: string;
  readonly lanes: string;
  readonly pending: string;
  readonly garbage: string;
  /** Begins the keys of entries and lanes. */
  readonly prefix: string;
}

/**
 * The keys of a task; different tasks have different keys, whatever characters their names contain.
 *
 * @example
 * taskKeys('spikes', '3').head // => "millrace:{spikes:3}:head"
 * taskKeys('a:b', '{c}').head // => "millrace:{a%3Ab:%7Bc%7D}:head"
 */
export function taskKeys(job: string, task: string): TaskKeys {
  const prefix = `millrace:{${escapeName(job)}:${escapeName(task)}}:`;
  return {
    head: `${prefix}head`,
    spaces: `${prefix}spaces`,
    lanes: `${prefix}lanes`,
    pending: `${prefix}pending`,
    garbage: `${prefix}garbage`,
    prefix,
  };
}

/** Written by a sign of life; forgotten within a minute of the last one. */
export const aliveKey = 'millrace:alive';

/** The set of the names of a job's tasks. */
export const tasksKey = (job: string): string => `millrace:tasks:{${escapeName(job)}}`;

/** Escapes the characters that would end a hash tag or separate names. */
function escapeName(name: string): string {
  return name.replace(/[%{}:]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
