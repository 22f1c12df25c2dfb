/**
 * What happens to the workers and servers, drawn from a seed: which acts, in which order, to which of them, at which
 * step of a commit. Kills make up most of it. Times are real, so that two runs of one seed differ in what they hit.
 */
import { mulberry32 } from '../../testing/random.ts';
import type { Trap } from './announce.ts';
import { type ServerName, serverNames } from './servers.ts';

export const networkFaults = ['cut', 'tear', 'refuse', 'hold', 'slow', 'lose'] as const;
export type NetworkFault = (typeof networkFaults)[number];

export type Act =
  | { readonly kind: 'kill'; readonly slot: number; readonly trap: Trap }
  | { readonly kind: 'stop'; readonly slot: number; readonly trap: Trap }
  /** Servers killed and started again after `ms`; tables of CLICKHOUSE_URL are put out of reach for so long. */
  | { readonly kind: 'restart'; readonly server: ServerName; readonly ms: number }
  /** Redis comes back with less than it had. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'pause'; readonly ms: number }
  | {
      readonly kind: 'network';
      readonly fault: NetworkFault;
      readonly slot: number;
      readonly server: ServerName;
      readonly ms: number;
    };

/** Where kills strike, most of them. */
const within = [
  'begin state.commit',
  'end state.commit',
  'begin state.confirm',
  'end state.confirm',
  'begin topics.transact',
  'begin topics.transact',
  'end topics.transact',
  'begin state.acknowledge',
  'begin tables.insert',
  'end tables.insert',
  'both',
  'begin state.acknowledge of rows',
] as const;
const elsewhere = ['begin state.open', 'begin topics.mark', 'begin topics.producer', 'end state.acknowledge'] as const;
const forZombies = ['begin state.commit', 'begin topics.transact', 'begin state.acknowledge'] as const;

/** The workers that `forget` kills. */
const all = 3;

/** The acts of a campaign with so many kills. */
export function planOf({ kills, seed }: { readonly kills: number; readonly seed: number }): readonly Act[] {
  const random = mulberry32(seed);
  const pick = <T>(among: readonly T[]): T => among[Math.floor(random() * among.length)]!;
  const slot = () => Math.floor(random() * all);
  const between = (from: number, to: number) => Math.floor(from + random() * (to - from));
  const trap = (at: string, signal: Trap['signal']): Trap => {
    const delay = signal === 'SIGKILL' && random() < 0.1 ? between(1, 6) : 0;
    return { at, nth: at === 'both' ? 0 : between(0, 4), delay, signal };
  };
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: Math.round(count) }, make);
  const share = (part: number, least: number) => Math.max(least, kills * part);
  const forgets = Math.round(share(1 / 300, kills >= 20 ? 1 : 0));
  const acts: Act[] = [
    ...times(kills - forgets * all, (): Act => {
      const at = random() < 0.96 ? pick(within) : pick(elsewhere);
      return { kind: 'kill', slot: slot(), trap: trap(at, 'SIGKILL') };
    }),
    ...times(share(0.04, 2), (): Act => ({ kind: 'stop', slot: slot(), trap: trap(pick(forZombies), 'SIGSTOP') })),
    ...times(share(0.01, 1), (): Act => ({ kind: 'restart', server: 'kafka', ms: 0 })),
    ...times(share(0.03, 2), (): Act => ({ kind: 'restart', server: 'redis', ms: between(0, 3_000) })),
    ...times(share(0.015, 1), (): Act => ({ kind: 'restart', server: 'tables', ms: between(1_000, 6_000) })),
    ...times(forgets, (): Act => ({ kind: 'forget' })),
  ];
  for (const fault of networkFaults) {
    for (const server of serverNames) {
      const ms = () => (fault === 'hold' ? between(1_000, 8_000) : between(300, 3_000));
      acts.push(...times(share(0.012, 1), (): Act => ({ kind: 'network', fault, server, slot: slot(), ms: ms() })));
    }
  }
  return shuffled(acts, random);
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
