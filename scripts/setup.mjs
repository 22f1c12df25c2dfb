/**
 * Makes a clone ready for a purpose: `node scripts/setup.mjs demo | test | build`. Plain JavaScript without
 * dependencies, because it runs before there are any. Done in a moment when nothing is to be done; every change to the
 * system is announced before it is made, and MILLRACE_SETUP=never forbids all of them.
 *
 * npm runs with ignore-scripts (.npmrc), so nothing here may live in a pre- or postinstall script.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureElasticsearch, hasServer } from './elasticsearch.mjs';
import { ensureBroker, ensureClient, hasBroker, hasClient } from './kafka.mjs';
import { ensureValkey } from './valkey.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const purpose = process.argv[2] ?? 'demo';

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`Node.js 20.19 or newer is needed, this is ${process.versions.node}; see https://nodejs.org`, 1);
  }
}

function installPackages() {
  const reason = packagesLack();
  if (reason !== undefined) {
    change('npm packages', {
      why: `${reason}; installing them into node_modules: about 320 MB to download and 840 MB on disk, most of it ClickHouse as a library`,
      remedy: 'run npm install',
      // Without --no-save npm adds to the lock file what other platforms would need, and the clone has a change.
      command: ['npm', 'install', '--no-audit', '--no-fund', ...(isLocked() ? ['--no-save'] : [])],
    });
  }
  if (!existsSync(join(root, 'node_modules/chdb'))) {
    say('chDB could not be installed on this platform: jobs run, but tables and `millrace query` do not');
  }
}

/** What is missing or outdated in node_modules, compared by version with the lock file; undefined if nothing is. */
function packagesLack() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return 'npm packages are missing';
  if (!isLocked()) return 'package.json asks for other packages than the lock file';
  for (const [path, { version, optional, devOptional, peer }] of Object.entries(packagesOf('package-lock.json'))) {
    if (path === '' || optional || devOptional || peer) continue;
    if (installed[path]?.version !== version) return `${path.slice(13)} ${version} is not installed`;
  }
  return undefined;
}

/** Whether the lock file was written for what package.json asks for; if not, npm has to write it again. */
function isLocked() {
  const asked = readJson('package.json');
  const locked = packagesOf('package-lock.json')?.[''] ?? {};
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((kind) => {
    const [wanted, known] = [asked[kind] ?? {}, locked[kind] ?? {}];
    const names = Object.keys({ ...wanted, ...known });
    return names.every((name) => wanted[name] === known[name]);
  });
}

function packagesOf(file) {
  return existsSync(join(root, file)) ? readJson(file).packages : undefined;
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** The web page is built here, inside the clone, so it needs no announcement beyond a line. */
function buildConsole() {
  const config = join(root, 'console/vite.config.ts');
  const page = join(root, 'console/dist/index.html');
  if (!existsSync(config) || newest(join(root, 'console')) < modified(page)) return;
  say('building the web page into console/dist');
  run(['npx', '--no-install', 'vite', 'build', 'console', '--config', config, '--logLevel', 'warn']);
}

/** When the youngest source below `folder` was changed. */
function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : modified(path));
  }
  return time;
}

function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** What tests need beside npm packages, with the test for its absence and what to do instead of installing it. */
const lacksSearch = () => !hasServer('elasticsearch') || !hasServer('opensearch');
const systemPackages = [
  ['chromium', () => ![process.env.CHROMIUM, '/usr/bin/chromium'].some(exists), 'set CHROMIUM to a browser'],
  ['redis-server', () => !exists(process.env.REDIS_SERVER) && !onPath('redis-server'), 'set REDIS_SERVER to one'],
  ['openjdk-17-jre-headless', () => !onPath('java'), 'install Java 17'],
  ['maven', () => ((!process.env.KAFKA_URL && !hasBroker()) || lacksSearch()) && !onPath('mvn'), 'install Maven'],
  ['build-essential', () => !hasClient() && !(onPath('g++') && onPath('make')), 'install a C++ compiler and make'],
  ['python3', () => !hasClient() && !onPath('python3'), 'install Python 3'],
];

function installSystemPackages() {
  const missing = systemPackages.filter(([, isMissing]) => isMissing());
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name);
  const remedy = missing.map(([name, , instead]) => `apt-get install ${name}, or ${instead}`).join('; ');
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    stop(`${names.join(', ')} missing, which tests need; ${remedy}`, 1);
  }
  const what = names.join(', ');
  const why = `installing Debian packages: ${what}; apt-get prints their sizes before it downloads`;
  change(what, { why, remedy, command: ['apt-get', 'update', '-q'] });
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...names];
  // Tests start servers of their own; the packages' services are not wanted. Debian starts none in runlevel 1.
  change(what, { why: install.join(' '), remedy, command: ['env', 'RUNLEVEL=1', ...install] });
}

/** Jars of the servers that tests start, and the Kafka client's native part; both scripts announce what they do. */
function installServers() {
  try {
    if (!process.env.KAFKA_URL) ensureBroker(say);
    ensureClient(say);
    ensureElasticsearch(say, 'elasticsearch');
    ensureElasticsearch(say, 'opensearch');
    ensureValkey(say);
  } catch (error) {
    stop(error.message, 1);
  }
}

/** Tests of tables over HTTP run on one of two; no released ClickHouse can be installed from a registry. */
function tellTables() {
  const url = process.env.CLICKHOUSE_URL;
  const given = url && URL.canParse(url) ? new URL(url).host : url;
  if (given) say(`tests of tables over HTTP use the server of CLICKHOUSE_URL, ${given}, with databases of their own`);
  else say('tests of tables over HTTP use chDB behind HTTP; CLICKHOUSE_URL=http://host:8123 runs them on a server');
}

const onPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const exists = (path) => path !== undefined && existsSync(path);

/** Makes a change to the system after saying so, unless that is forbidden. */
function change(what, { why, remedy, command }) {
  if (process.env.MILLRACE_SETUP === 'never') {
    stop(`SETUP_REFUSED: ${what} is missing and MILLRACE_SETUP=never forbids installing it; ${remedy}`, 1);
  }
  say(why);
  run(command);
}

function run([command, ...args]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // The output of an installation is not the data of the caller, so all of it goes to stderr.
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`, 1);
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function stop(line, code) {
  say(line);
  process.exit(code);
}

const steps = {
  demo: [checkNode, installPackages, buildConsole],
  test: [checkNode, installPackages, buildConsole, installSystemPackages, installServers, tellTables],
  build: [checkNode, installPackages],
}[purpose];
if (steps === undefined) stop(`setup knows demo, test and build, not ${purpose}`, 2);
for (const step of steps) step();
