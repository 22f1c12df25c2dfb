/**
 * A real Elasticsearch or OpenSearch for tests, without a container: the server's jars by Maven into the user's cache
 * directory, and a short class that starts a node in them, since the jars without their distribution are only a
 * library. A compiler that is a jar itself compiles it, because a Java runtime has none.
 * A plain script without dependencies, so that it runs before anything is installed.
 *
 * Every change to the machine is announced first, with its size; MILLRACE_SETUP=never forbids all of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { announce, fetchJars, permitted, portsOf, run, shortLived, startJava } from './java-server.mjs';

const cache = process.env.MILLRACE_CACHE ?? join(homedir(), '.cache', 'millrace');

/** Both products have a common origin and differ only in names. */
const products = {
  elasticsearch: {
    title: 'Elasticsearch',
    package: 'org.elasticsearch',
    version: '7.17.28',
    log4j: '2.17.1',
    size: 35,
  },
  opensearch: { title: 'OpenSearch', package: 'org.opensearch', version: '2.19.3', log4j: '2.21.0', size: 47 },
};
const compiler = '3.33.0';

/** Whether a server of the product can be started without fetching anything. */
export function hasServer(product = 'elasticsearch') {
  return existsSync(join(homeOf(product), 'classes', 'Server.class'));
}

/** Whether a server is available: it is in the cache, or Java and Maven are installed to fetch it. */
export function canHaveServer(product = 'elasticsearch') {
  return runs('java', '-version') && (hasServer(product) || (allowed() && runs('mvn', '-v')));
}

/** Puts a server's jars into the cache and compiles its main class. Needs Java 17 or newer and Maven. */
export function ensureElasticsearch(say = announce, product = 'elasticsearch') {
  if (hasServer(product)) return;
  const { title, version, size } = products[product];
  permitted(title, 'set ELASTICSEARCH_URL to a server of yours');
  const home = homeOf(product);
  const libs = join(home, 'libs');
  say(`fetching ${title} ${version} with Maven into ${libs}: about 50 jars, ${size} MB`);
  fetchJars({ home, libs, name: 'search', needs: needsOf(products[product]) });
  writeFileSync(join(home, 'Server.java'), main(products[product]));
  const compile = ['-cp', join(libs, '*'), 'org.eclipse.jdt.internal.compiler.batch.Main', '-17', '-proc:none'];
  run('java', [...compile, '-d', join(home, 'classes'), join(home, 'Server.java')], {});
}

/**
 * Starts a single node with its data in `dir`; a directory used before keeps its data and its ports. Resolves
 * when it answers.
 *
 * @param {{ dir: string, product?: 'elasticsearch' | 'opensearch', port?: number, settings?: Record<string, string | number> }} options
 * @returns {Promise<{ url: string, pid: number, stop(): Promise<void>, kill(): Promise<void> }>}
 */
export async function startElasticsearch({ dir, product = 'elasticsearch', port, settings = {} }) {
  mkdirSync(dir, { recursive: true });
  const ports = await portsOf(dir, ['http', 'transport'], port);
  const logging = join(dir, 'log4j2.properties');
  writeFileSync(logging, loggingSettings.map((line) => `${line}\n`).join(''));
  const home = homeOf(product);
  const classes = ['-cp', [join(home, 'classes'), join(home, 'libs', '*')].join(delimiter), 'Server'];
  const given = Object.entries({ ...nodeSettings(dir, ports), ...settings }).map(([name, value]) => `${name}=${value}`);
  const heap = ['-Xms512m', '-Xmx512m'];
  const options = [...shortLived, ...heap, `-Dlog4j2.configurationFile=file:${logging}`, ...classes, ...given];
  const { server, end } = startJava(options, join(dir, 'server.log'));
  const url = `http://127.0.0.1:${ports.http}`;
  for (let tries = 0; !(await answers(url)); tries++) {
    if (server.exitCode !== null || tries === 1_200) throw new Error(`the node did not start: see ${dir}/server.log`);
    await sleep(100);
  }
  return { url, pid: server.pid, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

function nodeSettings(dir, ports) {
  return {
    'path.home': dir,
    'path.data': join(dir, 'data'),
    'network.host': '127.0.0.1',
    'http.port': ports.http,
    'transport.port': ports.transport,
    'discovery.type': 'single-node',
    // A nearly full disk would forbid writing, which these tests do not need.
    'cluster.routing.allocation.disk.threshold_enabled': false,
  };
}

const loggingSettings = [
  'appender.out.type=Console',
  'appender.out.name=out',
  'appender.out.layout.type=PatternLayout',
  'appender.out.layout.pattern=[%d] %p %m (%c)%n',
  'rootLogger.level=WARN',
  'rootLogger.appenderRef.out.ref=out',
];

/** Whether the node answers and has elected itself; before that it refuses to write. */
async function answers(url) {
  try {
    const { ok } = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`);
    return ok;
  } catch {
    return false;
  }
}

const homeOf = (product) => join(cache, `${product}-${products[product].version}`);
const allowed = () => process.env.MILLRACE_SETUP !== 'never';
const runs = (program, argument) => spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;

const needsOf = ({ package: group, version, log4j }) => [
  [group, group.slice(group.lastIndexOf('.') + 1), version],
  [`${group}.plugin`, 'transport-netty4-client', version],
  ['org.apache.logging.log4j', 'log4j-core', log4j],
  ['org.eclipse.jdt', 'ecj', compiler],
];

/** A node whose arguments are its settings. Its constructor is protected, hence the subclass. */
function main({ package: group }) {
  return `import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import ${group}.common.settings.Settings;
import ${group}.node.InternalSettingsPreparer;
import ${group}.node.Node;
import ${group}.transport.Netty4Plugin;

public final class Server extends Node {
  private Server(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "millrace"),
        List.of(Netty4Plugin.class),
        false);
  }

  public static void main(String[] args) throws Exception {
    Settings.Builder settings = Settings.builder();
    for (String arg : args) {
      int at = arg.indexOf('=');
      settings.put(arg.substring(0, at), arg.substring(at + 1));
    }
    Server server = new Server(settings.build());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        server.close();
      } catch (Exception e) {
        e.printStackTrace();
      }
    }));
    server.start();
    new CountDownLatch(1).await();
  }
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureElasticsearch();
  const dir = process.argv[2];
  if (dir !== undefined) {
    const server = await startElasticsearch({ dir, port: 9200 });
    process.stdout.write(`${server.url}\n`);
    process.once('SIGINT', server.stop);
    process.once('SIGTERM', server.stop);
  }
}
