/** Short campaigns that strike where one protection is all that helps. */
import type { Trap } from './announce.ts';
import type { Act } from './plan.ts';
import type { Protection } from './weaken.ts';

const kill = (at: string, nth = 0): Act => ({ kind: 'kill', slot: nth % 3, trap: trap(at, nth, 'SIGKILL') });
const freeze = (at: string, nth = 0): Act => ({ kind: 'stop', slot: nth % 3, trap: trap(at, nth, 'SIGSTOP') });
const trap = (at: string, nth: number, signal: Trap['signal']): Trap => ({ at, nth, delay: 0, signal });
/** Lets work go on: nothing happens to any worker. */
const pause: Act = { kind: 'pause', ms: 3_000 };
const pauses = (count: number): Act[] => new Array<Act>(count).fill(pause);

export const controls: Readonly<Record<Protection, readonly Act[]>> = {
  token: [
    pause,
    kill('begin state.acknowledge of rows'),
    kill('begin state.acknowledge of rows', 1),
    kill('begin state.acknowledge of rows', 2),
  ],
  outbox: [pause, pause, kill('begin tables.insert of rows'), pause, pause, kill('begin tables.insert of rows', 1)],
  mark: [pause, kill('begin state.acknowledge'), kill('begin state.acknowledge', 1)],
  // One stop may find a worker with nothing to commit, so two workers are stopped.
  fence: [pause, freeze('begin state.commit'), ...pauses(6), freeze('begin state.commit', 1), ...pauses(6)],
};
