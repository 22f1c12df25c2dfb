/**
 * A fuzzing campaign: case after case until the time is up. Of nine cases eight are files, the ninth is a line that is
 * long; now and then a file goes through the real command. All is made from the seed and the number of the case.
 */
import { setImmediate } from 'node:timers/promises';
import type { Broken } from './broken.ts';
import { caseOf, type Repetition, repetitionOf } from './cases.ts';
import { check } from './claims.ts';
import { commandClaims } from './command-claims.ts';
import { seeded } from './materials.ts';
import { shrunk } from './shrink.ts';
import { checkSpeed } from './speed.ts';

/** A case that broke a claim. */
export interface Finding extends Broken {
  readonly seed: number;
  readonly number: number;
  /** The smallest input that was found, as a literal. */
  readonly input: string;
}

export interface Campaign {
  readonly seed: number;
  /** The first case; 0 unless given. */
  readonly from?: number;
  /** Whether to go on, asked after every case with what there was so far. */
  readonly goOn: (tally: Readonly<Tally>) => boolean;
  readonly onFinding: (finding: Finding) => void;
}

/** What there was. */
export interface Tally {
  cases: number;
  lines: number;
  characters: number;
  findings: number;
}

/** Starting a process takes as long as a hundred cases. */
const commandEvery = 4_000;

/** Runs a campaign. */
export async function campaign({ seed, from = 0, goOn, onFinding }: Campaign): Promise<Tally> {
  const tally: Tally = { cases: 0, lines: 0, characters: 0, findings: 0 };
  for (let number = from; ; number++) {
    const found =
      number % commandEvery === commandEvery - 1
        ? await tryCommand(seed, number)
        : number % 9 === 8
          ? tryRepetition(seed, number)
          : await tryCase(seed, number, tally);
    tally.cases++;
    if (found !== undefined) {
      tally.findings++;
      onFinding({ seed, number, ...found });
    }
    // Reading from memory never leaves the microtasks; signals are heard in a turn of their own.
    await setImmediate();
    if (!goOn(tally)) return tally;
  }
}

type Found = Omit<Finding, 'seed' | 'number'>;

async function tryCase(seed: number, number: number, tally: Tally): Promise<Found | undefined> {
  const text = caseOf(seed, number);
  tally.lines += text.split('\n').length;
  tally.characters += text.length;
  const look = (candidate: string) => check(candidate, seeded(number));
  const broken = await look(text);
  if (broken === undefined) return undefined;
  const input = await shrunk(text, async (candidate) => (await look(candidate))?.claim === broken.claim);
  const last = (await look(input)) ?? broken;
  return { claim: last.claim, reason: last.reason, input: JSON.stringify(input) };
}

/** Gives the command a file of several cases. */
async function tryCommand(seed: number, number: number): Promise<Found | undefined> {
  const text = Array.from({ length: 30 }, (_, i) => caseOf(seed, number + i)).join('\n');
  const broken = await commandClaims(text);
  if (broken === undefined) return undefined;
  const input = await shrunk(text, async (candidate) => (await commandClaims(candidate)) !== undefined, 60);
  return { ...broken, input: JSON.stringify(input) };
}

function tryRepetition(seed: number, number: number): Found | undefined {
  const repetition = repetitionOf(seed, number);
  const broken = checkSpeed(repetition);
  return broken && { ...broken, input: JSON.stringify(shrunkRepetition(repetition)) };
}

/** Leaves out head, tail and halves of the piece as long as time stays out of proportion. */
function shrunkRepetition(repetition: Repetition): Repetition {
  for (let tries = 0; tries < 12; tries++) {
    const { head, piece, tail } = repetition;
    const half = piece.length >> 1;
    const smaller: readonly Repetition[] = [
      { head: '', piece, tail },
      { head, piece, tail: '' },
      { head: head.slice(0, head.length >> 1), piece, tail },
      { head, piece: piece.slice(0, half), tail },
      { head, piece: piece.slice(half), tail },
    ];
    const found = smaller.find(
      (one) => one.piece !== '' && JSON.stringify(one) !== JSON.stringify(repetition) && checkSpeed(one) !== undefined,
    );
    if (found === undefined) return repetition;
    repetition = found;
  }
  return repetition;
}
