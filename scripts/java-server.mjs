/**
 * What the scripts that start Java servers share: fetching jars, and running a server in a directory of its own. Plain
 * JavaScript without dependencies, because it runs before any are installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from './ports.mjs';

/** Throws if changing the machine is forbidden. */
export function permitted(what, remedy) {
  if (process.env.MILLRACE_SETUP !== 'never') return;
  throw new Error(`SETUP_REFUSED: ${what} is missing and MILLRACE_SETUP=never forbids installing it; ${remedy}`);
}

export function announce(text) {
  process.stderr.write(`${text}\n`);
}

export function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (error !== undefined) throw new Error(`${command} can't be run: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args[0]} failed with status ${status}`);
}

/**
 * Fetches artifacts and their dependencies into `libs` by Maven.
 *
 * @param {{ home: string, libs: string, name: string, needs: readonly (readonly [group: string, artifact: string, version: string])[] }} options
 */
export function fetchJars({ home, libs, name, needs }) {
  const dependency = ([group, artifact, version]) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>millrace</groupId><artifactId>${name}</artifactId><version>1</version>
<dependencies>${needs.map(dependency).join('\n')}</dependencies></project>
`,
  );
  run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`], { cwd: home });
}

/** Ports by name: those that the directory had before, else free ones; `wanted` is for the first name. */
export async function portsOf(dir, names, wanted) {
  const file = join(dir, 'ports.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const ports = {};
  for (const [i, name] of names.entries()) ports[name] = i === 0 && wanted !== undefined ? wanted : await claimPort();
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

/** Java options for a short-lived test server: with little optimisation it needs the least CPU time. */
export const shortLived = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx384m'];

/** Starts `java`, with its output in a file; `end` sends a signal and waits. */
export function startJava(args, logFile) {
  const log = createWriteStream(logFile, { flags: 'a' });
  const server = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  server.stdout.pipe(log, { end: false });
  server.stderr.pipe(log, { end: false });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const end = async (signal) => {
    server.kill(signal);
    await ended;
    log.end();
  };
  return { server, end };
}
