/**
 * In which stage each operator with state is run. A task finds its state under the name of its stage; in another stage
 * the operator would begin with nothing, and what it had stored would stay behind. So the staging of a job is kept in
 * the store, under a name that no task has, and is compared before anything runs.
 */
import { hasCode, MillraceError } from '../../errors.ts';
import type { Job } from '../../graph/job.ts';
import type { Stage } from '../../graph/plan.ts';
import type { Meta, StateStore } from '../../state/store.ts';
import { tries, untilKnown } from '../commit/lanes.ts';

/** A job as it is about to run. */
export interface Staged {
  readonly job: Job;
  /** Under the names that its tasks begin with. */
  readonly stages: readonly (readonly [name: string, stage: Stage])[];
  /** Fresh random text. */
  readonly nonce: () => string;
}

/**
 * A check that all tasks of a process share, also those that are opened at the same time: each would fence the other.
 * Once it has succeeded, it is not made again.
 */
export function stagingCheck(state: StateStore, staged: Staged): () => Promise<void> {
  let checked: Promise<void> | undefined;
  return async () => {
    // A job without state may be run without a store for it.
    if (staged.stages.every(([, { commit }]) => commit === 'transactions')) return;
    checked ??= checkStaging(state, staged);
    const mine = checked;
    try {
      await mine;
    } catch (error) {
      if (checked === mine) checked = undefined;
      throw error;
    }
  };
}

/** No stage has this name: those of stages are uids. */
const stagingTask = '~stages';

type Staging = Readonly<Record<string, string>>;

/**
 * Compares the staging with the one that is stored, and stores it. Processes that start at the same time may get in
 * each other's way; each then looks again. Errors: PLAN_CHANGED, STATE_UNKNOWN_UID.
 */
async function checkStaging(state: StateStore, staged: Staged): Promise<void> {
  const now = stagingOf(staged);
  for (let n = 1; ; n++) {
    const task = await state.open(staged.job.name, stagingTask);
    const was = task.meta?.runtime as { readonly staging: Staging } | undefined;
    const next = nextStaging(was?.staging ?? {}, now, staged);
    if (JSON.stringify(next) === JSON.stringify(was?.staging ?? {})) return;
    const epoch = (task.meta?.epoch ?? -1) + 1;
    const commitId = `${staged.nonce()}/${epoch}`;
    const meta: Meta = { generation: 1, epoch, commitId, positions: {}, runtime: { staging: next } };
    try {
      await untilKnown(() => task.commit({ meta, deltas: [], outbox: [] }));
      return await task.confirm();
    } catch (error) {
      if (!hasCode(error, 'STATE_FENCED') || n === tries) throw error;
    }
  }
}

/** By the first uid of each operator with state, the name of its stage. */
function stagingOf({ stages }: Staged): Staging {
  const staging: Record<string, string> = {};
  for (const [name, { nodes, states }] of stages) {
    for (const { node } of nodes) {
      const uid = node.was[0] ?? node.uid;
      if (uid !== undefined && states.some(({ space }) => space.startsWith(`${node.uid}/`))) staging[uid] = name;
    }
  }
  return staging;
}

/** What is to be stored: operators that are gone stay, as long as a task would find their state. */
function nextStaging(was: Staging, now: Staging, { job, stages }: Staged): Staging {
  const left: Record<string, string> = {};
  for (const [uid, stage] of Object.entries(was)) {
    const next = now[uid];
    if (next === stage || job.drop?.includes(uid)) continue;
    if (next !== undefined) {
      const difference = `operator '${uid}' kept its state in stage '${stage}' and is in stage '${next}' now, where it would begin with nothing; run the job as before (\`--inline\`, the uids before it), or reset it`;
      throw new MillraceError('PLAN_CHANGED', { found: `of stage '${stage}'`, now: `of stage '${next}'`, difference });
    }
    // The task of that stage will look whether anything is stored.
    const isOpened = stages.some(([name, { commit }]) => name === stage && commit === 'epochs');
    if (!isOpened) throw new MillraceError('STATE_UNKNOWN_UID', { uid, job: job.name });
    left[uid] = stage;
  }
  return { ...left, ...now };
}
