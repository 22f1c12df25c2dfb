/**
 * Made-up logs of many kinds of software with the truth known: a system is a list of templates whose slots are filled
 * at random. Frequencies fall off like 1/rank, so that most templates are rare, as in real logs.
 */
import { mulberry32 } from '../../../testing/random.ts';

export interface LabelledLine {
  readonly line: string;
  /** The template it was made from. */
  readonly truth: string;
}

/** Whole numbers from 0 to below the argument. */
export type Random = (below: number) => number;

/** Draws of one seed. */
export function seeded(seed: number): Random {
  const random = mulberry32(seed);
  return (below) => Math.floor(random() * below);
}

/** Lines of a system. Methods, states and results tell what happened, so that the
 * truth has them as written. Every template at least once, then by rank. */
export function linesOf(system: readonly string[], count: number, random: Random): LabelledLine[] {
  const total = system.reduce((sum, _, i) => sum + 1 / (i + 2), 0);
  const draw = (): string => {
    let left = (random(1_000_000) / 1_000_000) * total;
    return system.find((_, i) => (left -= 1 / (i + 2)) <= 0) ?? system[0]!;
  };
  const chosen = Array.from({ length: count }, (_, i) => system[i] ?? draw());
  for (let i = chosen.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [chosen[i], chosen[j]] = [chosen[j]!, chosen[i]!];
  }
  return chosen.map((template) => {
    const truth = template.replace(/\{(method|state|result|answer)\}/g, (_, name: string) => slots[name]!(random));
    return { truth, line: filled(truth, random) };
  });
}

function filled(template: string, random: Random): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => slots[name]?.(random) ?? all);
}

const of =
  (words: string) =>
  (random: Random): string => {
    const list = words.split(' ');
    return list[random(list.length)]!;
  };
const hex = (random: Random, length: number): string => Array.from({ length }, () => random(16).toString(16)).join('');
const user = of('amelie bjorn carla dmitri elena farid gunnar hanako imani jorge kwame leila marek noor olga pavel');
const word = of('apples billing catalog delivery edge fraud gifts hr-portal inventory journal kiosk ledger');
const ip = (r: Random): string => `${10 + r(80)}.${r(256)}.${r(256)}.${1 + r(254)}`;
const uuid = (r: Random): string => [8, 4, 4, 4, 12].map((n) => hex(r, n)).join('-');
const clock = (r: Random): string => [r(24), r(60), r(60)].map((n) => String(n).padStart(2, '0')).join(':');

const slots: Readonly<Record<string, (random: Random) => string>> = {
  ip,
  user,
  word,
  uuid,
  clock,
  int: (r) => String(r(10 ** (1 + r(5)))),
  small: (r) => String(r(12)),
  port: (r) => String(1024 + r(60_000)),
  float: (r) => (r(100_000) / 1000).toFixed(1 + r(3)),
  ms: (r) => `${r(900)}ms`,
  date: (r) => `2026-0${1 + r(9)}-${10 + r(18)}`,
  hex8: (r) => hex(r, 8),
  hex16: (r) => hex(r, 16),
  hex32: (r) => hex(r, 32),
  bool: of('true false'),
  mail: (r) => `${user(r)}@${word(r)}.example`,
  host: (r) => `${word(r)}-${1 + r(20)}.dc${1 + r(3)}.example.net`,
  site: (r) => `www.${word(r)}.example`,
  path: (r) => `/${of('srv var opt home')(r)}/${word(r)}/${hex(r, 4)}.${of('dat log tmp')(r)}`,
  route: (r) => (r(12) === 0 ? '/' : `/api/${word(r)}/${r(5000)}`),
  url: (r) => `https://${word(r)}.example/${word(r)}${of('?id=7&by=name ?q=a;b=c /')(r)}`,
  method: of('GET POST PUT DELETE'),
  status: of('200 201 204 301 404 500 503'),
  agent: of('Mozilla/5.0 curl/8.4.0 Wget/1.21 okhttp/4.9.3'),
  topic: (r) => `${word(r)}-events-${r(30)}`,
  table: of('orders order_items customers price_list audit_log stock_moves shipments users_v2'),
  bean: of('cartService orderMapper priceClient stockCache userRepo mailSender authFilter'),
  klass: (r) => `org.${word(r).replace('-', '')}.core.${of('Loader Worker Router Planner')(r)}`,
  queue: (r) => `${of('mail img pay sync')(r)}.${of('in out retry')(r)}.${r(9)}`,
  pod: (r) => `${word(r)}-${hex(r, 9)}-${hex(r, 5)}`,
  size: (r) => `${r(900)}${of('KB MB GB')(r)}`,
  unit: of('KB MB bytes'),
  city: of('Oslo Lagos Quito Hanoi Perth Cairo Lima Turin'),
  plain: of('walnut maple cedar birch aspen hazel rowan willow'),
  device: (r) => `sd${'abcdef'[r(6)]}${r(4)}`,
  version: (r) => `${r(9)}.${r(20)}.${r(40)}`,
  list: (r) => Array.from({ length: 1 + r(4) }, () => r(40)).join(', '),
  pointer: (r) => `0x${hex(r, 12)}`,
  state: of('IDLE ACTIVE'),
  life: (r) => (r(3) === 0 ? '<1 sec' : r(2) === 0 ? `${1 + r(59)} sec` : `${1 + r(20)}:${10 + r(49)}`),
  amount: (r) => `${r(900)} ${of('KB MB GB')(r)}`,
  remark: (r) => (r(2) === 0 ? '' : ` (${r(900)} KB)`),
  names: (r) => Array.from({ length: 2 + r(3) }, () => word(r)).join(', '),
  browser: (r) => `Fox/${r(90)}.0${r(2) === 0 ? '' : ' (X11; Linux)'}`,
  hex40: (r) => hex(r, 40),
  partition: (r) => `/data/day=${r(30)}/part=${r(9)}`,
  result: of('success failed'),
  answer: of('yes no'),
  action: of('readAll writeOwn dropAny'),
  thing: (r) => `store.${of('orders stock prices')(r)}`,
  dots: (r) => '.'.repeat(4 + r(9)),
  day: of('Monday Tuesday Friday'),
  phrase: (r) => `${of('fix bump test drop')(r)} ${word(r)}`,
  mirror: of('north south'),
  intent: of('SCREEN_ON SCREEN_OFF'),
  verb: of('GET POST'),
  kind: of('Secret ConfigMap'),
  mac: (r) => Array.from({ length: 6 }, () => hex(r, 2)).join(':'),
  month: (r) => `${of('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec')(r)} ${1 + r(28)}`,
};
