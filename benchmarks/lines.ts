/**
 * The log lines that the benchmarks read: the sample lines of every format, and lines as applications in containers
 * write them. All are made from seeds, so that every run reads the same lines.
 */

import { dialects, textFormats } from '../logs/formats/index.ts';
import { isoText } from '../logs/times/calendar.ts';
import { seeded } from '../test/support/templates/generate.ts';

/** Lines of one kind, and how many sources write them. */
export interface LineSet {
  readonly name: string;
  readonly lines: readonly string[];
}

export const startTime = Date.UTC(2026, 0, 29, 8, 51);

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
  'cri log4j': (time, i) => `${isoText(time, 123_456)} stdout F ${space(time)} ${level()}  ${java(i)}`,
  'fluent bit log4j': (time, i) => fluentBit(`${space(time)} ${level()} ${java(i)}`, time),
  'fluent bit docker log4j': (time, i) =>
    fluentBit(docker(`${space(time).slice(11)} ${level()}  ${java(i)}`, time), time),
};

/** Lines as applications write them, `count` of each kind. */
export function applicationLines(count: number): LineSet[] {
  return Object.entries(generators).map(([name, make]) => ({
    name,
    lines: flat(Array.from({ length: count }, (_, i) => make(startTime + i * 7, i))),
  }));
}

/** The sample lines of every format in turn, each at another time of day; `count` of each format. */
export function sampleLines(count: number): LineSet[] {
  return [...textFormats, ...dialects].map(({ name, samples }) => ({
    name,
    lines: flat(
      Array.from({ length: count }, (_, i) => {
        const clock = isoText(startTime + i * 977, 0).slice(11, 19);
        // An event of several lines stays one: its line ends are set again below.
        return samples[i % samples.length]!.line.replaceAll('08:51:24', clock).replaceAll('\n', '\0');
      }),
    ).map((line) => line.replaceAll('\0', '\n')),
  }));
}

/** Joins and splits the lines, so that they are flat strings like those of a file reader. */
function flat(lines: readonly string[]): string[] {
  return lines.join('\n').split('\n');
}

/** The numbers below `count` in a random order that is always the same. */
export function shuffled(count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Operations per CPU second of this process: the best of several rounds, because other work may disturb a round. */
export function rateOf(operations: number, seconds: number, round: () => void): number {
  let best = 0;
  for (let spent = 0; spent < seconds; ) {
    const before = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1e6;
    best = Math.max(best, operations / took);
    spent += took;
  }
  return Math.round(best);
}
