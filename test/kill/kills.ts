/**
 * Kills a running job again and again and compares what it leaves with what a run leaves that was never killed. The
 * job runs in a process of its own over embedded parts (see child.ts), which announces every await. The parent picks
 * one, sends SIGKILL when it begins or a few milliseconds later, and learns from what the pipe still holds in which
 * await the process truly died.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../../testing/random.ts';
import { judge, type Outcome, type Verdict } from '../simulation/check.ts';
import type { KilledJobName } from './jobs.ts';

/** The awaits of a commit, from the first to the last. */
const commitSteps = ['state.commit', 'state.confirm', 'topics.transact', 'tables.insert', 'state.acknowledge'];

/** A kill and the await it hit; `open` are all that were under way, of which the last one begun counts. */
export interface Kill {
  readonly hit: string;
  readonly open: readonly string[];
  readonly insideCommit: boolean;
}

export interface Report {
  readonly kills: readonly Kill[];
  readonly verdict: Verdict;
  /** How many rows and records were compared. */
  readonly compared: number;
}

/** Runs the campaign; `onKill` is called after each kill. Needs about 1.5 s a kill. */
export async function campaign(how: {
  readonly job: KilledJobName;
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (kill: Kill, number: number) => void;
}): Promise<Report> {
  const root = mkdtempSync(join(tmpdir(), 'millrace-kill-'));
  try {
    const [killed, spared] = [join(root, 'killed'), join(root, 'spared')];
    const origin = String(Date.now());
    const count = String(200 + how.kills * 100);
    for (const directory of [killed, spared]) await ended(child('fill', how.job, directory, count));
    await ended(child('run', how.job, spared, origin));
    const random = mulberry32(how.seed);
    const kills: Kill[] = [];
    while (kills.length < how.kills) {
      const kill = await killedAt(child('run', how.job, killed, origin), target(random), random);
      // A life may come to the end of its input first; then there is nothing left to kill.
      if (kill === undefined) break;
      kills.push(kill);
      how.onKill?.(kill, kills.length);
    }
    await ended(child('run', how.job, killed, origin));
    const expected = JSON.parse(await ended(child('dump', how.job, spared, ''))) as Outcome;
    const found = JSON.parse(await ended(child('dump', how.job, killed, ''))) as Outcome;
    const compared = Object.values(expected).reduce((sum, texts) => sum + texts.length, 0);
    return { kills, verdict: judge(expected, found), compared };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function child(mode: string, ...args: readonly [KilledJobName, directory: string, argument: string]): ChildProcess {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=millrace-source', '--import', 'tsx', script, mode, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
}

/** What a child printed when it has ended well. */
function ended(process: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  process.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
  (process.stdio[3] as NodeJS.ReadableStream).resume();
  return new Promise((resolve, reject) => {
    process.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`the child ended with ${code ?? signal}`));
    });
  });
}

/** Tells of each await that begins, given as number and name, whether it is the one to kill at. */
type Target = (number: number, name: string) => boolean;

/** One in five kills hits any step of the opening; the others an await of one of the next commits. */
function target(random: () => number): Target {
  if (random() < 0.2) {
    const wanted = Math.floor(random() * 30);
    return (number) => number === wanted;
  }
  const wanted = commitSteps[Math.floor(random() * commitSteps.length)]!;
  let nth = Math.floor(random() * 4);
  return (_, name) => name === wanted && nth-- === 0;
}

/** Kills the process at the target, at once or a little later. Undefined if it came to its end before. */
function killedAt(process: ChildProcess, isTarget: Target, random: () => number): Promise<Kill | undefined> {
  const delay = random() < 0.5 ? 0 : random() * 4;
  const open = new Map<string, string>();
  let last = 'the start';
  let text = '';
  let isOver = false;
  process.stdout!.resume();
  (process.stdio[3] as NodeJS.ReadableStream).setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      const [mark, number, name] = line.split(' ') as ['>' | '<', string, string];
      if (mark === '>') open.set(number, name);
      else open.delete(number);
      last = name;
      if (isOver || mark === '<' || !isTarget(Number(number), name)) continue;
      isOver = true;
      if (delay === 0) process.kill('SIGKILL');
      else setTimeout(() => process.kill('SIGKILL'), delay);
    }
  });
  return new Promise((resolve, reject) => {
    process.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') return code === 0 ? resolve(undefined) : reject(new Error(`it ended with ${code}`));
      const names = [...open.values()];
      const hit = names.at(-1) ?? `after ${last}`;
      // Behind the last acknowledgement a commit is over; behind its other steps it is still under way.
      const insideCommit =
        commitSteps.includes(hit) || commitSteps.slice(0, -1).some((step) => hit === `after ${step}`);
      resolve({ hit, open: names, insideCommit });
    });
  });
}
