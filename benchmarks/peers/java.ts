/** Flink and Kafka Streams: the programs in flink/ and kstreams/, built by Maven, one job per virtual machine. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured, Servers } from './row.ts';

export type JavaEngine = 'flink' | 'kstreams';

const here = import.meta.dirname;
const modules = ['util', 'lang', 'time'].flatMap((name) => ['--add-opens', `java.base/java.${name}=ALL-UNNAMED`]);
const memory = '-Xmx2g';

/** The name of each job in the other engine; Kafka Streams has J2 only. */
const names: Readonly<Record<JavaEngine, Readonly<Record<string, string>>>> = {
  flink: {
    j1: 'j1',
    j2: 'j2-sink',
    j3: 'j3',
    j4: 'j4',
    'nex-q0': 'nex-q0',
    'nex-q1': 'nex-q1',
    'nex-q5': 'nex-q5',
    'nex-q11': 'nex-q11',
  },
  kstreams: { j2: 'memory' },
};

/** Whether Java and Maven are here. */
export function hasJava(): boolean {
  return ['java', 'mvn'].every((program) => spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0);
}

export const runs = (engine: JavaEngine, job: string): boolean => names[engine][job] !== undefined;

/** Builds an engine's program unless it is built; announces what Maven will fetch. */
export function build(engine: JavaEngine): void {
  const dir = join(here, engine);
  if (existsSync(join(dir, 'target', 'lib'))) return;
  const size = engine === 'flink' ? '48 jars, 83 MB' : '11 jars, 91 MB';
  process.stderr.write(`building ${engine} with Maven: ${size} where they are not in its cache yet\n`);
  const { status } = spawnSync('mvn', ['-q', '-B', 'package'], { cwd: dir, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`Maven could not build ${dir}`);
}

export interface JavaOptions {
  readonly engine: JavaEngine;
  readonly job: string;
  readonly total: number;
  readonly parallelism: number;
  readonly servers?: Servers | undefined;
}

interface Result {
  readonly n: number;
  readonly eps: number;
  readonly cpu_run_per_m: number;
  readonly rss_mb: number;
  readonly start_s: number;
  readonly out: number;
  readonly sum: number;
}

export async function onJava({ engine, job, total, parallelism, servers }: JavaOptions): Promise<Measured> {
  const name = names[engine][job]!;
  const main =
    engine === 'flink' ? [...modules, '-cp', path(engine), 'bench.Jobs'] : ['-cp', path(engine), 'bench.Streams'];
  const where = servers === undefined ? [] : [servers.kafka, servers.topic];
  const said = await output('java', [memory, ...main, name, String(parallelism), String(total), ...where]);
  const line = said.split('\n').find((l) => l.startsWith('RESULT '));
  if (line === undefined) throw new Error(`${engine} gave no result for ${job}`);
  const result = JSON.parse(line.slice('RESULT '.length)) as Result;
  return {
    records: result.n,
    eventsPerSecond: result.eps,
    cpuSeconds: (result.cpu_run_per_m * result.n) / 1e6,
    peakMegabytes: result.rss_mb,
    start: result.start_s,
    out: result.out,
    sum: result.sum,
  };
}

const path = (engine: JavaEngine): string =>
  `${join(here, engine, 'target/classes')}:${join(here, engine, 'target/lib')}/*`;

function output(program: string, argv: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const running = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    running.stdout.on('data', (text) => (said += text));
    running.on('error', reject);
    running.on('close', () => resolve(said));
  });
}
