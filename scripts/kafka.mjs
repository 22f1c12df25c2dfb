/**
 * A real Kafka for tests, benchmarks and the demonstration, without a container: the broker's jars by Maven into the
 * user's cache directory, and the native client of the package is compiled where its prebuilt binary is not available.
 * A plain script without dependencies, so that it runs before anything is installed.
 *
 * Every change to the machine is announced first, with its size; MILLRACE_SETUP=never forbids all of them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { announce, fetchJars, permitted, portsOf, run, shortLived, startJava } from './java-server.mjs';

export { shortLived };

const version = '4.1.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = process.env.MILLRACE_CACHE ?? join(homedir(), '.cache', 'millrace');
const home = join(cache, `kafka-${version}`);
const libs = join(home, 'libs');
const client = join(root, 'node_modules', '@confluentinc', 'kafka-javascript');
const addon = join(client, 'build', 'Release', 'confluent-kafka-javascript.node');
const headers = ['libcurl4-openssl-dev', 'libssl-dev', 'libsasl2-dev', 'zlib1g-dev', 'libzstd-dev', 'liblz4-dev'];

/** Installs what a broker and its client lack. Throws when that is forbidden or fails. */
export async function ensure(say = announce) {
  ensureBroker(say);
  ensureClient(say);
}

/** Whether the broker's jars are in the cache. */
export function hasBroker() {
  return existsSync(libs) && readdirSync(libs).some((name) => name === `kafka_2.13-${version}.jar`);
}

/** Whether the native client can be loaded. */
export function hasClient() {
  return existsSync(addon);
}

/** Puts the broker's jars into the cache. Needs Java 17 or newer and Maven. */
export function ensureBroker(say = announce) {
  if (hasBroker()) return;
  permitted('the Kafka broker', 'set KAFKA_URL to a broker of yours');
  say(`fetching Apache Kafka ${version} with Maven into ${libs}: 93 jars, 54 MB`);
  fetchJars({ home, libs, name: 'kafka', needs });
}

/** Compiles the native client; installs Debian's development packages where they are missing and available. */
export function ensureClient(say = announce) {
  if (hasClient()) return;
  permitted("the Kafka client's native part", `run npm rebuild in ${root} yourself`);
  const missing = headers.filter((name) => spawnSync('dpkg', ['-s', name]).status !== 0);
  if (missing.length > 0) {
    say(`installing Debian packages ${missing.join(', ')}: about 25 MB`);
    run('apt-get', ['update', '-qq'], {});
    run('apt-get', ['install', '-y', '-qq', ...missing], {});
  }
  say(`compiling librdkafka and its binding in ${client}: about two minutes, 60 MB`);
  const options = ['--ignore-scripts=false', '--foreground-scripts'];
  run('npm', ['rebuild', '@confluentinc/kafka-javascript', ...options], {
    cwd: root,
    env: { ...process.env, CKJS_LINKING: 'dynamic' },
  });
}

/**
 * Starts one broker that is its own controller, with its data in `dir`; a directory used before keeps its data
 * and its ports. Resolves when it accepts connections.
 *
 * `listeners` are further ones on ports of their own, by name, with their security protocols. `users` are credentials
 * that a new directory begins with, as the tool's --add-scram takes them.
 *
 * @param {{
 *   dir: string, port?: number, settings?: Record<string, string | number>, listeners?: Record<string, string>,
 *   users?: readonly string[], java?: readonly string[], cluster?: string,
 * }} options
 * @returns {Promise<{
 *   url: string, port: number, ports: Record<string, number>, pid: number,
 *   stop(): Promise<void>, kill(): Promise<void>,
 * }>}
 */
export async function startBroker(options) {
  const { dir, port, settings = {}, listeners = {}, users = [], java = ['-Xmx1g'] } = options;
  mkdirSync(dir, { recursive: true });
  const ports = await portsOf(dir, ['broker', 'controller', ...Object.keys(listeners)], port);
  const file = join(dir, 'server.properties');
  writeFileSync(file, properties({ ...brokerSettings(dir, ports, listeners), ...settings }));
  const logging = join(dir, 'log4j2.properties');
  writeFileSync(logging, properties(loggingSettings));
  const classes = ['-cp', join(libs, '*')];
  if (!existsSync(join(dir, 'data', 'meta.properties'))) {
    const { cluster = `millrace-${ports.broker}` } = options;
    const id = Buffer.from(`${cluster}-0000000000000000`.slice(0, 16)).toString('base64url');
    const credentials = users.flatMap((user) => ['--add-scram', user]);
    const tool = [...shortLived, ...classes, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', file, ...credentials];
    await finished(spawn('java', tool, { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } }));
  }
  const command = [...java, `-Dlog4j2.configurationFile=file:${logging}`, ...classes, 'kafka.Kafka', file];
  const { server: broker, end } = startJava(command, join(dir, 'broker.log'));
  for (let tries = 0; !(await accepts(ports.broker)); tries++) {
    if (broker.exitCode !== null || tries === 600) throw new Error(`the broker did not start: see ${dir}/broker.log`);
    await sleep(100);
  }
  return {
    url: `127.0.0.1:${ports.broker}`,
    port: ports.broker,
    ports,
    pid: broker.pid,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/**
 * Starts brokers that are controllers together, each in a directory below `dir`, with small heaps. `start` starts the
 * one with this number again, after it was killed.
 *
 * @param {{ dir: string, count?: number, settings?: Record<string, string | number> }} options
 */
export async function startBrokers({ dir, count = 3, settings = {} }) {
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  const home = (id) => join(dir, String(id));
  const voters = [];
  for (const id of ids) {
    mkdirSync(home(id), { recursive: true });
    const { controller } = await portsOf(home(id), ['broker', 'controller']);
    voters.push(`${id}@127.0.0.1:${controller}`);
  }
  const shared = { 'controller.quorum.voters': voters.join(','), ...replication(count), ...settings };
  const start = (id) =>
    startBroker({
      dir: home(id),
      settings: { ...shared, 'node.id': id },
      java: shortLived,
      cluster: 'millrace-cluster',
    });
  return { brokers: await Promise.all(ids.map(start)), start };
}

/** Settings with which the loss of one broker loses no data and is noticed soon. */
function replication(count) {
  return {
    'default.replication.factor': count,
    'min.insync.replicas': count - 1,
    'offsets.topic.replication.factor': count,
    'transaction.state.log.replication.factor': count,
    'transaction.state.log.min.isr': count - 1,
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3_000,
  };
}

function finished(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) =>
      status === 0 ? resolve() : reject(new Error(`${child.spawnfile} failed with status ${status}`)),
    );
  });
}

function brokerSettings(dir, ports, listeners) {
  const more = Object.keys(listeners).map((name) => `,${name}://127.0.0.1:${ports[name]}`);
  const protocols = Object.entries(listeners).map(([name, protocol]) => `,${name}:${protocol}`);
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}${more.join('')}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols.join('')}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Short, so that a dead member is noticed soon: a take-over takes as long as its session.
    'group.consumer.min.session.timeout.ms': 3_000,
    'group.consumer.session.timeout.ms': 6_000,
    'group.consumer.min.heartbeat.interval.ms': 250,
    'group.consumer.heartbeat.interval.ms': 500,
    'log.initial.task.delay.ms': 1_000,
    'log.retention.check.interval.ms': 1_000,
    'log.segment.delete.delay.ms': 100,
    'log.cleaner.backoff.ms': 500,
  };
}

const loggingSettings = {
  'appender.out.type': 'Console',
  'appender.out.name': 'out',
  'appender.out.layout.type': 'PatternLayout',
  'appender.out.layout.pattern': '[%d] %p %m (%c)%n',
  'rootLogger.level': 'WARN',
  'rootLogger.appenderRef.out.ref': 'out',
};

function properties(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

const needs = [
  ['org.apache.kafka', 'kafka_2.13', version],
  ['org.apache.kafka', 'kafka-tools', version],
  ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.1'],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensure();
  const dir = process.argv[2];
  if (dir !== undefined) {
    const broker = await startBroker({ dir, port: 9092 });
    process.stdout.write(`${broker.url}\n`);
    process.once('SIGINT', broker.stop);
    process.once('SIGTERM', broker.stop);
  }
}
