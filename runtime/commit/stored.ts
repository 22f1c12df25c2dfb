/**
 * Whether what is stored belongs to the job as it is now. State is never deleted, misread or left behind without being
 * asked for: an operator that is gone, a window of another size or kind and a codec that can't read what is there stop
 * the job with a remedy, and what the job says is to be dropped is dropped.
 */
import { MillraceError } from '../../errors.ts';
import type { Plan } from '../../graph/plan.ts';
import { misfitOf, type Shapes, shapesOf } from '../../graph/shape.ts';
import type { StateInfo } from '../../graph/states.ts';
import type { OutboxEntry, TaskState } from '../../state/store.ts';
import { runtimeMeta } from './committer.ts';
import { untilKnown } from './lanes.ts';

/**
 * Drops what the job names in its option `drop`, and refuses a state that it can't go on with.
 * Errors: STATE_UNKNOWN_UID, PLAN_CHANGED.
 */
export async function checkState(state: TaskState, plan: Plan): Promise<void> {
  if (state.meta === undefined) return;
  await drop(state, plan.drop);
  const stage = plan.stages[0]!;
  const uids = new Set(stage.nodes.flatMap(({ node }) => node.uid ?? []));
  const filled = new Set(await state.spaces());
  const stored = runtimeMeta(state.meta);
  const now = shapesOf(stage);
  for (const space of filled) {
    const uid = uidOf(space);
    if (!uids.has(uid)) throw new MillraceError('STATE_UNKNOWN_UID', { uid, job: plan.job });
    const misfit = misfitBetween(uid, [stored.shapes, now], filled);
    if (misfit === undefined) continue;
    throw new MillraceError('PLAN_CHANGED', { found: stored.plan, now: plan.hash, difference: misfit });
  }
  // A window whose last panes were closed at the end of an input would open them again under another form.
  for (const uid of Object.keys(stored.ended ?? {})) {
    const difference = uids.has(uid) ? misfitBetween(uid, [stored.shapes, now], filled) : undefined;
    if (difference !== undefined)
      throw new MillraceError('PLAN_CHANGED', { found: stored.plan, now: plan.hash, difference });
  }
  await dropLeftTimers(state, stage.states, filled);
}

/**
 * What waits for delivery, without what is to be dropped. Errors: STATE_UNKNOWN_UID where a sink is gone, PLAN_CHANGED
 * where it has another table now.
 */
export async function checkedOutbox(
  state: TaskState,
  plan: Plan,
  lanes: { readonly has: (lane: string) => boolean },
): Promise<readonly OutboxEntry[]> {
  const { shapes, plan: found } = runtimeMeta(state.meta!);
  const now = shapesOf(plan.stages[0]!);
  const kept: OutboxEntry[] = [];
  for (const entry of await state.outbox()) {
    const { lane, seq } = entry;
    if (plan.drop.includes(lane)) {
      await untilKnown(() => state.acknowledge(lane, seq));
      continue;
    }
    if (lane === recipeLane) throw otherwiseCommitted(found, plan.hash);
    if (!lanes.has(lane)) throw new MillraceError('STATE_UNKNOWN_UID', { uid: lane, job: plan.job });
    const misfit = misfitBetween(lane, [shapes, now], new Set());
    if (misfit !== undefined) throw new MillraceError('PLAN_CHANGED', { found, now: plan.hash, difference: misfit });
    kept.push(entry);
  }
  return kept;
}

/** Outputs that were committed as recipes are made again by other code than those that were committed as they are. */
export function otherwiseCommitted(found: string, now: string): MillraceError {
  const difference =
    'outputs that were committed in another way wait for delivery; run the former version until it is idle';
  return new MillraceError('PLAN_CHANGED', { found, now, difference });
}

function misfitBetween(uid: string, [before, now]: readonly [Shapes | undefined, Shapes], filled: ReadonlySet<string>) {
  const was = before?.[uid];
  return was === undefined ? undefined : misfitOf(uid, [was, now[uid] ?? {}], filled);
}

/** Deletes the state of whole operators, or single states written `uid/state`. */
async function drop(state: TaskState, dropped: readonly string[]): Promise<void> {
  if (dropped.length === 0) return;
  const isDropped = (space: string) => dropped.some((name) => space === name || space.startsWith(`${name}/`));
  const spaces = (await state.spaces()).filter(isDropped);
  if (spaces.length === 0) return;
  await untilKnown(() => state.drop(spaces.map((name) => ({ name, kind: 'map' as const }))));
}

/** The expiry timers of states that have lost their TTL: given one again, they start again. */
async function dropLeftTimers(
  state: TaskState,
  states: readonly StateInfo[],
  filled: ReadonlySet<string>,
): Promise<void> {
  const lasting = states.filter(({ ttl }) => ttl === undefined).map(({ space }) => `${space}/~ttl`);
  const left = lasting.filter((space) => filled.has(space));
  if (left.length > 0) await untilKnown(() => state.drop(left.map((name) => ({ name, kind: 'map' as const }))));
}

/** The lane of recipes; see recipes.ts. */
export const recipeLane = '~recipe';

const uidOf = (space: string): string => space.slice(0, space.indexOf('/'));
