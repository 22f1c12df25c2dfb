/**
 * Tries mutants, one at a time, on a copy of the project, so that no other reader of the sources meets a broken line.
 * Each runs its own test files only. A mutant is killed when a test of them fails; one whose file does not load proves
 * nothing, and counts as a fault of the list.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { broken, type Mutant, whyNot } from './mutant.ts';

/** `skipped`: none of its tests can run on this machine. */
export type Verdict = 'killed' | 'survived' | 'does not apply' | 'does not load' | 'skipped';

/** How a mutant fared, and by which test it was killed or why it can't be tried. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly detail: string;
}

/** What is not copied: large, made again by itself, or of no use to a test. */
const left = new Set(['node_modules', '.git', '.millrace', 'coverage']);
/** A mutant that makes a loop endless is killed by the clock. */
const mostMs = { quick: 300_000, other: 1_200_000 };

/** A copy of the project in which lines are broken and mended again. */
export class Trial {
  readonly #root: string;
  readonly #copy: string;
  #running: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#copy = mkdtempSync(join(tmpdir(), 'millrace-mutants-'));
    cpSync(root, this.#copy, { recursive: true, filter: (path) => !left.has(relative(root, path).split(sep)[0]!) });
    symlinkSync(join(root, 'node_modules'), join(this.#copy, 'node_modules'));
  }

  /** Runs tests on the copy as it is; returns what fails, which must be nothing. */
  async failuresOf(tests: readonly string[]): Promise<readonly string[]> {
    const { failed, unloaded } = await this.#run(tests);
    return [...failed, ...unloaded];
  }

  /** Breaks the line, runs the mutant's tests, and mends the line. */
  async of(mutant: Mutant): Promise<Outcome> {
    const reason = whyNot(mutant, this.#root) ?? missingOf(mutant.killedBy, this.#root);
    if (reason !== undefined) return { verdict: 'does not apply', detail: reason };
    const path = join(this.#copy, mutant.file);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, broken(mutant, this.#copy));
    try {
      return verdictOf(await this.#run(mutant.killedBy, '--bail=1'));
    } finally {
      writeFileSync(path, whole);
    }
  }

  /** Ends what runs, and removes the copy. */
  end(): void {
    if (this.#running?.pid !== undefined) process.kill(-this.#running.pid, 'SIGKILL');
    rmSync(this.#copy, { recursive: true, force: true });
  }

  async #run(tests: readonly string[], ...options: readonly string[]): Promise<Result> {
    const report = join(this.#copy, 'report.json');
    rmSync(report, { force: true });
    const vitest = join(this.#copy, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...options];
    const projects = [...new Set(tests.map(projectOf))];
    // A group of its own, so that its workers end with it.
    const child = spawn(process.execPath, [...args, ...projects.flatMap((name) => ['--project', name]), ...tests], {
      cwd: this.#copy,
      stdio: 'ignore',
      detached: true,
    });
    this.#running = child;
    let isOver = false;
    const limit = setTimeout(
      () => {
        isOver = true;
        process.kill(-child.pid!, 'SIGKILL');
      },
      projects.some((name) => name !== 'quick') ? mostMs.other : mostMs.quick,
    );
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(limit);
    this.#running = undefined;
    if (isOver) return { failed: ['it did not end in time'], passed: 0, unloaded: [] };
    return existsSync(report) ? read(report) : { failed: [], passed: 0, unloaded: ['no test could be started'] };
  }
}

interface Result {
  readonly failed: readonly string[];
  readonly passed: number;
  /** Files of tests that fail before a test begins, with the reason. */
  readonly unloaded: readonly string[];
}

/** The parts of vitest's report that count. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function read(path: string): Result {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const all = testResults.flatMap((file) => file.assertionResults);
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    failed: all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    passed: all.filter(({ status }) => status === 'passed').length,
    unloaded: unloaded.map(({ message }) => message.split('\n')[0]!),
  };
}

function verdictOf({ failed, passed, unloaded }: Result): Outcome {
  if (failed.length > 0) return { verdict: 'killed', detail: failed[0]! };
  if (unloaded.length > 0) return { verdict: 'does not load', detail: unloaded[0]! };
  return passed > 0
    ? { verdict: 'survived', detail: '' }
    : { verdict: 'skipped', detail: 'its tests are skipped here' };
}

const projectOf = (test: string): string => /\.(slow|server)\.test\.ts$/.exec(test)?.[1] ?? 'quick';

function missingOf(tests: readonly string[], root: string): string | undefined {
  const missing = tests.find((test) => !existsSync(join(root, test)));
  return missing === undefined ? undefined : `${missing} is not there`;
}
