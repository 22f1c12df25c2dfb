import { isoText } from '../logs/calendar.ts';
import { logParser } from '../logs/parsed-log.ts';

/**
 * Lines a second and core that the log parser reads, by format, on generated lines from forty sources in turn.
 * Run with `node --import tsx benchmarks/parse.ts [seconds per format]`.
 */

const LINES = 20_000;
const SOURCES = 40;
const START = Date.UTC(2026, 0, 29, 8, 51);

/** A small seeded generator (mulberry32), so that every run reads the same lines. */
function seeded(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const random = seeded(7);
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
const hex = (length: number): string => Array.from({ length }, () => random(16).toString(16)).join('');
const level = (): string => pick(['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR']);
const words = (): string =>
  `order ${hex(8)} of customer ${random(10_000)} paid in ${random(900)} ms through ${pick(['card', 'cash'])}`;
const java = (i: number): string =>
  `c.e.${pick(['Cart', 'Order', 'Price'])}Impl#${random(400)} TraceID: ${hex(32)} SpanID: ${hex(16)} ${words()}${i}`;
const space = (time: number): string => isoText(time, 0).slice(0, -1).replace('T', ' ');

const nginx = (time: number): string => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0';
  const status = pick([200, 200, 404, 502]);
  const date = `29/Jan/2026:${isoText(time, 0).slice(11, 19)} +0000`;
  const request = `GET /cart/${random(9999)}?q=${hex(4)} HTTP/1.1`;
  const client = `10.0.${random(255)}.${random(255)}`;
  return `${client} - - [${date}] "${request}" ${status} ${random(9999)} "https://shop.example/" "${agent}"`;
};
const pino = (time: number): string =>
  JSON.stringify({ level: 30, time, pid: 7, hostname: 'web-1', name: 'cart', reqId: hex(8), msg: words() });
const docker = (line: string, time: number): string =>
  JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: isoText(time, 123_456) });
const fluentBit = (line: string, time: number): string => {
  const kubernetes = {
    pod_name: `cart-${random(9)}-5c66d57d58-6mp2b`,
    namespace_name: 'shop',
    container_name: 'server',
    host: '10.0.0.1',
    docker_id: 'a'.repeat(64),
    labels: { app: 'cart', 'pod-template-hash': '5c66d57d58' },
  };
  return JSON.stringify({ '@timestamp': time / 1000, log: line, kubernetes });
};

const refused =
  'connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.7, server: shop, ' +
  'request: "GET /cart HTTP/1.1", upstream: "http://10.4.0.9:8080/cart", host: "shop.example"';

const generators: Readonly<Record<string, (time: number, i: number) => string>> = {
  'nginx access': nginx,
  'nginx error': (time) => `${space(time).slice(0, 19).replaceAll('-', '/')} [error] 31#7: *${random(999)} ${refused}`,
  log4j: (time, i) => `${space(time)} [http-nio-8080-exec-${random(20)}] ${level()} com.example.Cart - ${words()}${i}`,
  python: (time) => `${space(time).replace('.', ',')} - shop.cart - ${level()} - ${words()}`,
  syslog: (time) => `Jan 29 ${isoText(time, 0).slice(11, 19)} web-1 sshd[${random(9999)}]: ${words()}`,
  klog: (time) => `I0129 ${isoText(time, 0).slice(11, 23)}123    1234 pod_workers.go:${random(999)}] ${words()}`,
  logfmt: (time) => `ts=${isoText(time, 0)} level=info caller=api.go:42 msg="${words()}" items=${random(99)}`,
  'json pino': pino,
  'text, no format': (time) => `${space(time)} ${level()} ${words()}`,
  'docker log4j': (time, i) => docker(`${space(time).slice(11)} ${level()}  ${java(i)}`, time),
  'fluent bit log4j': (time, i) => fluentBit(`${space(time)} ${level()} ${java(i)}`, time),
  'fluent bit docker log4j': (time, i) =>
    fluentBit(docker(`${space(time).slice(11)} ${level()}  ${java(i)}`, time), time),
};

const all = Object.entries(generators).map(([name, make]) => ({
  name,
  lines: Array.from({ length: LINES }, (_, i) => make(START + i * 7, i)),
}));
// Joined and cut again, so that lines are flat strings as a reader of files gives them.
for (const set of all) set.lines = set.lines.join('\n').split('\n');
const mixed = all.flatMap(({ lines }) => lines.slice(0, LINES / all.length));
const sources = Array.from({ length: SOURCES }, (_, i) => `pod-${i}`);

const seconds = Number(process.argv[2] ?? 1);
for (const { name, lines } of [...all, { name: 'all of them, mixed', lines: shuffled(mixed) }]) {
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  console.log(
    `${name.padEnd(26)} ${rate(lines).toLocaleString('en').padStart(10)} lines/s ${bytes.toFixed(0).padStart(5)} bytes`,
  );
}

/** Lines a second: the best of several rounds, because other work on the machine only ever slows one down. */
function rate(lines: readonly string[]): number {
  const parser = logParser({ service: 'cart' });
  let best = 0;
  for (let spent = 0; spent < seconds * 1000; ) {
    const before = performance.now();
    for (let i = 0; i < lines.length; i++) parser.parse(lines[i]!, sources[i % SOURCES]!, START);
    const took = performance.now() - before;
    best = Math.max(best, (lines.length / took) * 1000);
    spent += took;
  }
  return Math.round(best);
}

function shuffled(lines: string[]): string[] {
  for (let i = lines.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  }
  return lines;
}
