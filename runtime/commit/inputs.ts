/**
 * Which topics the sources of a stage read, and whether they are still those whose offsets were stored. An offset
 * names a record of one topic as it was made; in another topic, or in one that was deleted and made again under its
 * name, the same number is another record. So each source's topic and its id are stored with the positions: whole
 * where there is a meta, cut short in the note of a mark.
 */
import { createHash } from 'node:crypto';
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Node } from '../../graph/stream.ts';
import type { Share } from '../exchange/sender.ts';
import type { RuntimeMeta } from './committer.ts';

/** The topic that a source reads. */
export interface Input {
  readonly topic: string;
  readonly id: string;
  readonly partitions: number;
}

/** By the uid of the source. */
export type Inputs = ReadonlyMap<string, Input>;

/** Finds the topics. Errors: TOPIC_MISSING. */
export async function inputTopics(nodes: readonly Node[], { topics }: Pick<Ports, 'topics'>): Promise<Inputs> {
  const inputs = new Map<string, Input>();
  for (const { uid, body } of nodes) {
    if (body.kind !== 'source' || body.source.topic === undefined) continue;
    const { topic } = body.source;
    const info = await topics.describe(topic);
    if (info === undefined) throw new MillraceError('TOPIC_MISSING', { topic });
    inputs.set(uid!, { topic, id: info.id, partitions: info.partitions });
  }
  return inputs;
}

/** What of them a meta keeps. */
export const storedInputs = (inputs: Inputs): Pick<RuntimeMeta, 'partitions' | 'sources'> => ({
  partitions: Object.fromEntries([...inputs.values()].map(({ topic, partitions }) => [topic, partitions])),
  sources: Object.fromEntries([...inputs].map(([uid, { topic, id }]) => [uid, { topic, id }])),
});

/**
 * Refuses to go on at stored offsets in other topics, or with keys that other partition counts have moved. A meta of a
 * version that kept no sources is taken as it is.
 *
 * Errors: TOPIC_PARTITIONS_CHANGED, TOPIC_REMADE, SOURCE_TOPIC_CHANGED.
 */
export function checkInputs(
  inputs: Inputs,
  { partitions, sources = {} }: Pick<RuntimeMeta, 'partitions' | 'sources'>,
  job: string,
): void {
  for (const [uid, { topic, id, partitions: found }] of inputs) {
    const was = sources[uid];
    if (was !== undefined && was.topic !== topic) {
      throw new MillraceError('SOURCE_TOPIC_CHANGED', { uid, job, was: `topic '${was.topic}'`, now: topic });
    }
    if (was !== undefined && was.id !== id) throw new MillraceError('TOPIC_REMADE', { topic, was: was.id, now: id });
    checkCount(found, { topic, known: partitions[topic] ?? found, job });
  }
}

/**
 * What of them the note of a mark keeps, in few bytes: of the topic's name a hash, of its id the end.
 *
 * @example
 * notedInputs(new Map([['in', { topic: 'logs', id: 'e1f6a0c29d1b4ffd', partitions: 2 }]])) // => { in: '98f38f12 9d1b4ffd' }
 */
export const notedInputs = (inputs: Inputs): Readonly<Record<string, string>> =>
  Object.fromEntries([...inputs].map(([uid, { topic, id }]) => [uid, `${shortHash(topic)} ${id.slice(-8)}`]));

/** The same as `checkInputs` with what a note kept. Errors: TOPIC_REMADE, SOURCE_TOPIC_CHANGED. */
export function checkNoted(inputs: Inputs, noted: Readonly<Record<string, string>>, job: string): void {
  for (const [uid, { topic, id }] of inputs) {
    const [name, was] = noted[uid]?.split(' ') ?? [];
    if (name !== undefined && name !== shortHash(topic)) {
      throw new MillraceError('SOURCE_TOPIC_CHANGED', { uid, job, was: 'another topic', now: topic });
    }
    if (was !== undefined && was !== id.slice(-8)) {
      throw new MillraceError('TOPIC_REMADE', { topic, was: `…${was}`, now: id });
    }
  }
}

/** Of control streams each task reads all partitions; of every other topic there is one for each task. */
export function checkShare(
  inputs: Inputs,
  { share, controls, job }: { share: Share | undefined; controls: ReadonlySet<string>; job: string },
): void {
  for (const [uid, { topic, partitions }] of inputs) {
    if (share !== undefined && !controls.has(uid)) checkCount(partitions, { topic, known: share.of, job });
  }
}

/**
 * To be called with the number of partitions that a source is found to have while it is read. A topic that is not
 * found at all is for reading to report. Errors: TOPIC_PARTITIONS_CHANGED.
 */
export function countsOf(inputs: Inputs, job: string): (uid: string, found: number) => void {
  return (uid, found) => {
    const input = inputs.get(uid);
    if (input !== undefined && found > 0) checkCount(found, { topic: input.topic, known: input.partitions, job });
  };
}

function checkCount(found: number, about: { readonly topic: string; readonly known: number; readonly job: string }) {
  if (found !== about.known) throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { ...about, found });
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
