/**
 * The lines of a run, second by second, from a seed. Each service's rate and its share of errors have a memory: their
 * logarithms are autoregressive processes of first order, whose values are related for minutes. Nothing here knows the
 * detector's panes or windows.
 */
import { Random } from '../../demo/random.ts';
import { seconds, type Time } from '../../time/duration.ts';
import { alsoInErrorLog, type Fault, type Law, type Plan } from './plan.ts';
import { type Said, wholeSeconds, writers } from './texts.ts';

/** An event as it goes into a file. */
export interface Entry {
  readonly file: string;
  readonly service: string;
  readonly time: Time;
  readonly isError: boolean;
  /** Without the last line break. */
  readonly text: string;
  /** Written without its end: the next entry of the file continues the line. */
  readonly isCut: boolean;
}

/** A noise of mean 1 whose logarithm has deviation `sigma` and is forgotten over `memory` seconds. */
class Noise {
  readonly #random: Random;
  readonly #sigma: number;
  readonly #keep: number;
  #x: number;

  constructor(random: Random, { sigma, memory }: { readonly sigma: number; readonly memory: number }) {
    this.#random = random;
    this.#sigma = sigma;
    this.#keep = Math.exp(-1 / memory);
    this.#x = random.normal();
  }

  next(): number {
    this.#x = this.#keep * this.#x + Math.sqrt(1 - this.#keep ** 2) * this.#random.normal();
    return Math.exp(this.#sigma * this.#x - this.#sigma ** 2 / 2);
  }
}

interface Speaker {
  readonly law: Law;
  readonly random: Random;
  readonly rate: Noise;
  readonly errors: Noise;
}

const errorShareAtFault = 0.15;
const warningShare = 0.01;
const floodFactor = 50;
/** Seconds after the disk is full at which a line is cut. */
const cutAt = [5, 25];

/** Draws the entries of one second after the other, in the order of time, from the history's first on. */
export class Traffic {
  readonly #speakers: readonly Speaker[];
  readonly #plan: Plan;
  readonly #start: Time;
  #second: number;

  constructor(plan: Plan, { seed, start }: { readonly seed: number; readonly start: Time }) {
    this.#plan = plan;
    this.#start = start;
    this.#second = -plan.history / 1_000;
    this.#speakers = plan.laws.map((law) => ({
      law,
      random: new Random(seed, `lines of ${law.name}`),
      rate: new Noise(new Random(seed, `rate of ${law.name}`), { sigma: 0.2, memory: 240 }),
      errors: new Noise(new Random(seed, `errors of ${law.name}`), { sigma: 0.3, memory: 180 }),
    }));
  }

  /** The entries of the next second. */
  next(): Entry[] {
    const second = this.#second++;
    const offset = seconds(second);
    const entries: Entry[] = [];
    for (const speaker of this.#speakers) {
      const faults = this.#plan.faults.filter(
        (f) => f.services.includes(speaker.law.name) && f.from <= offset && offset < f.to,
      );
      entries.push(...entriesOf(speaker, { at: this.#start + offset, offset, faults }));
    }
    return entries.sort((a, b) => a.time - b.time);
  }
}

function entriesOf(
  { law, random, rate, errors }: Speaker,
  { at, offset, faults }: { readonly at: Time; readonly offset: number; readonly faults: readonly Fault[] },
): Entry[] {
  const isIn = (kind: Fault['kind']) => faults.find((f) => f.kind === kind);
  const [rateNow, errorNoise] = [law.rate * rate.next(), errors.next()];
  if (isIn('silence') !== undefined || isIn('pipeline') !== undefined) return [];
  const disk = isIn('disk');
  const isIll = disk !== undefined || isIn('errors') !== undefined;
  const share = Math.min(0.9, (isIll ? errorShareAtFault : law.errorShare) * errorNoise);
  const bad = random.poisson(rateNow * share);
  const good = random.poisson(rateNow * (1 - share)) * (isIn('flood') === undefined ? 1 : floodFactor);
  const entries: Entry[] = [];
  for (let i = 0; i < bad + good; i++) {
    const isError = i < bad;
    const level = isError ? 'ERROR' : random.float() < warningShare ? 'WARN' : 'INFO';
    const exact = at + random.int(1_000);
    const said: Said = { service: law.name, time: exact, level, diskFull: isError && disk !== undefined };
    entries.push(entry(law.file, said, random));
    if (isError && law.file === 'web.access.log' && random.float() < alsoInErrorLog) {
      entries.push(entry('web.error.log', said, random));
    }
  }
  entries.sort((a, b) => a.time - b.time);
  if (disk !== undefined && cutAt.includes(Math.round((offset - disk.from) / 1_000))) cut(entries);
  return entries;
}

function entry(file: string, said: Said, random: Random): Entry {
  const time = wholeSeconds.has(file) ? Math.floor(said.time / 1_000) * 1_000 : said.time;
  const text = writers[file]!(said, random);
  return { file, service: said.service, time, isError: said.level === 'ERROR', text, isCut: false };
}

/** Cuts the second but last line off in its middle, as a full disk does, if it and the next are of one line each. */
function cut(entries: Entry[]): void {
  for (let i = 0; i + 1 < entries.length; i++) {
    const [first, next] = [entries[i]!, entries[i + 1]!];
    if (first.text.includes('\n') || next.text.includes('\n')) continue;
    entries[i] = { ...first, text: first.text.slice(0, first.text.length - 12), isCut: true };
    return;
  }
}
