/**
 * `npm run mutants`: breaks the project line by line, as the list says, and tells which of the broken lines the tests
 * notice. `--only WORD` takes the mutants whose rule, file or test holds the word; `--sample 10 --seed 3` takes ten of
 * them, others with another seed; `--project quick` leaves out those that need slow tests or servers. Ends with 1 if a
 * mutant survived, does not apply or does not load, or if the tests fail without one.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mulberry32 } from '../../testing/random.ts';
import { mutants } from './list.ts';
import type { Mutant } from './mutant.ts';
import { Trial, type Verdict } from './trial.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    project: { type: 'string' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

function chosen(): readonly Mutant[] {
  const isQuick = ({ killedBy }: Mutant) => killedBy.every((test) => !/\.(slow|server)\.test\.ts$/.test(test));
  const named = mutants.filter(
    (mutant) => JSON.stringify(mutant).includes(values.only) && (values.project !== 'quick' || isQuick(mutant)),
  );
  const random = mulberry32(Number(values.seed));
  const drawn = named.map((mutant) => [random(), mutant] as const).sort(([a], [b]) => a - b);
  return drawn.slice(0, Number(values.sample)).map(([, mutant]) => mutant);
}

async function tryAll(trial: Trial, list: readonly Mutant[]): Promise<number> {
  const failures = await trial.failuresOf([...new Set(list.flatMap(({ killedBy }) => killedBy))]);
  if (failures.length > 0) {
    say(`the tests fail without any mutant: ${failures.join('; ')}`);
    return 1;
  }
  const counts: Record<Verdict, number> = {
    killed: 0,
    survived: 0,
    'does not apply': 0,
    'does not load': 0,
    skipped: 0,
  };
  for (const mutant of list) {
    const { verdict, detail } = await trial.of(mutant);
    counts[verdict]++;
    say(`${verdict.padEnd(14)}  ${mutant.rule} (${mutant.file})${detail === '' ? '' : `: ${detail}`}`);
  }
  say(
    Object.entries(counts)
      .flatMap(([verdict, count]) => (count > 0 ? [`${count} ${verdict}`] : []))
      .join(', '),
  );
  return counts.killed + counts.skipped === list.length ? 0 : 1;
}

const list = chosen();
if (list.length === 0) throw new Error(`no mutant has '${values.only}' in its rule, file or tests`);
const trial = new Trial(join(import.meta.dirname, '..', '..'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    trial.end();
    process.exit(1);
  });
}
try {
  process.exitCode = await tryAll(trial, list);
} finally {
  trial.end();
}
