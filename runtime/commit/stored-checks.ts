import { MillraceError } from '../../errors.ts';
import type { TaskState } from '../../state/store.ts';
import { runtimeMeta } from './committer.ts';

/**
 * Refuses to go on with a state that does not belong to the job as it is now: state of an operator that is gone, or
 * topics whose partition counts moved every key.
 *
 * Errors: STATE_UNKNOWN_UID, TOPIC_PARTITIONS_CHANGED.
 */
export async function checkStored(
  state: TaskState,
  now: {
    readonly job: string;
    /** First names of every node of the job. */
    readonly uids: ReadonlySet<string>;
    readonly partitions: Readonly<Record<string, number>>;
  },
): Promise<void> {
  if (state.meta === undefined) return;
  for (const space of await state.spaces()) {
    const uid = space.slice(0, space.indexOf('/'));
    if (!now.uids.has(uid)) throw new MillraceError('STATE_UNKNOWN_UID', { uid, job: now.job });
  }
  for (const [topic, known] of Object.entries(runtimeMeta(state.meta).partitions)) {
    const found = now.partitions[topic];
    if (found === undefined || found === known) continue;
    throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { topic, found, known, job: now.job });
  }
}
