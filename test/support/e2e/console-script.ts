/**
 * A snapshot of a shop in trouble, for the console's browser test and its picture: fourteen services with an hour of
 * panes, a payment deploy that fails, what follows from it, and a few incidents that are over. All of it follows from
 * one fixed instant and a seeded generator.
 */
import type { Fault, GraphNode, Incident, Service, Snapshot } from '../../../console/snapshot.ts';

/** The end of the scripted hour, 2026-01-29T09:12:40Z. */
export const now = Date.UTC(2026, 0, 29, 9, 12, 40);
const paneMs = 10_000;
const panes = 360;
const minutesAgo = (minutes: number): number => now - minutes * 60_000;

/** Text that an attacker got a service to log. */
export const hostileLine =
  'ERROR search: no match for "<img src=x onerror=document.title=\'owned\'>" \u001b[31mred\u001b[0m \u202egnp.exe';

interface Script {
  readonly name: string;
  readonly team: string;
  readonly criticality: number;
  readonly perPane: number;
  readonly errors: number;
  readonly learning?: true;
  /** Multiplies the errors between two instants. */
  readonly trouble?: readonly { readonly from: number; readonly to: number; readonly times: number }[];
}

const scripts: readonly Script[] = [
  {
    name: 'payment',
    team: 'money',
    criticality: 3,
    perPane: 240,
    errors: 0.9,
    trouble: [{ from: minutesAgo(7.5), to: now, times: 46 }],
  },
  {
    name: 'checkout',
    team: 'money',
    criticality: 3,
    perPane: 310,
    errors: 0.8,
    trouble: [{ from: minutesAgo(7.2), to: now, times: 24 }],
  },
  {
    name: 'gateway',
    team: 'edge',
    criticality: 2,
    perPane: 2900,
    errors: 2.1,
    trouble: [{ from: minutesAgo(7.2), to: now, times: 7 }],
  },
  { name: 'ingress', team: 'edge', criticality: 2, perPane: 3400, errors: 0.5 },
  { name: 'frontend', team: 'edge', criticality: 1, perPane: 3100, errors: 1.6 },
  {
    name: 'search',
    team: 'discovery',
    criticality: 1,
    perPane: 4100,
    errors: 31,
    trouble: [{ from: minutesAgo(43), to: minutesAgo(31), times: 3.1 }],
  },
  { name: 'catalog', team: 'discovery', criticality: 2, perPane: 1500, errors: 1.1 },
  { name: 'recommendation', team: 'discovery', criticality: 1, perPane: 900, errors: 2.6 },
  {
    name: 'inventory',
    team: 'goods',
    criticality: 2,
    perPane: 820,
    errors: 0.9,
    trouble: [{ from: minutesAgo(25), to: minutesAgo(19), times: 18 }],
  },
  { name: 'cart', team: 'goods', criticality: 2, perPane: 1200, errors: 1.2 },
  { name: 'user', team: 'accounts', criticality: 1, perPane: 700, errors: 0.7 },
  { name: 'shipping', team: 'goods', criticality: 1, perPane: 150, errors: 0.3 },
  { name: 'email', team: 'accounts', criticality: 1, perPane: 90, errors: 0.4, learning: true },
  { name: 'settlement', team: 'money', criticality: 2, perPane: 1.2, errors: 0.02, learning: true },
];

/** Park and Miller's minimal generator; good enough for a drawing. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function poisson(mean: number, random: () => number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2));
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

function service(script: Script, random: () => number): Service {
  const t: number[] = [];
  const errors: number[] = [];
  const expected: (number | null)[] = [];
  const total: number[] = [];
  for (let i = 0; i < panes; i++) {
    const at = now - (panes - i) * paneMs;
    const tide = 1 + 0.12 * Math.sin(i / 57) + 0.04 * Math.sin(i / 9);
    const times = script.trouble?.find((each) => at >= each.from && at < each.to)?.times ?? 1;
    t.push(at);
    total.push(poisson(script.perPane * tide, random));
    errors.push(poisson(script.errors * tide * times, random));
    expected.push(script.learning && i < 200 ? null : script.errors * tide);
  }
  const { name, team, criticality } = script;
  return { name, team, criticality, learning: script.learning ?? false, series: { t, errors, expected, total } };
}

const incidents: readonly Incident[] = [
  {
    id: 'inc-20260129-payment-7f3a',
    status: 'open',
    severity: 'critical',
    score: 112.4,
    startedAt: minutesAgo(7.5),
    detectedAt: minutesAgo(7.5) + 41_000,
    services: ['payment', 'checkout', 'gateway'],
    summary: 'payment: 248 errors in a minute where 5 are usual; also checkout, gateway; deployed 2.41.0 21 s before',
    reason: null,
    evidence: [
      {
        service: 'payment',
        signal: 'ERROR lines',
        expected: 5.4,
        observed: 248,
        windowMs: 60_000,
        onset: minutesAgo(7.5),
        log10P: -31.4,
      },
      {
        service: 'payment',
        signal: 'new: acquirer token <*> rejected',
        expected: 0,
        observed: 231,
        windowMs: 60_000,
        onset: minutesAgo(7.5),
      },
      {
        service: 'checkout',
        signal: 'ERROR lines',
        expected: 4.9,
        observed: 6,
        windowMs: 60_000,
        onset: minutesAgo(7.2),
        wellSince: minutesAgo(1.5),
        peak: { at: minutesAgo(4), signal: 'ERROR lines', expected: 4.9, observed: 117, windowMs: 60_000 },
        log10P: -19.8,
      },
      {
        service: 'gateway',
        signal: 'status 502',
        expected: 12.6,
        observed: 89,
        windowMs: 60_000,
        onset: minutesAgo(7.2),
        log10P: -12.1,
      },
    ],
    rootCauses: [
      {
        service: 'payment',
        confidence: 0.86,
        reasons: [
          'A new error begins 21 s after its deploy of 2.41.0.',
          'The other services only report that a call to payment failed.',
        ],
      },
      { service: 'checkout', confidence: 0.09, reasons: ['Its errors follow those of payment by 18 s.'] },
    ],
    deploys: [{ service: 'payment', version: '2.41.0', author: 'm.okafor', at: minutesAgo(7.5) - 21_000 }],
    samples: [
      '2026-01-29T09:05:31.204Z\tERROR\tauthorise/client.go:118\tacquirer token rejected\t' +
        '{"order":"o-88213","attempt":1,"code":"token_expired"}',
      '2026-01-29T09:05:31.377Z\tERROR\tauthorise/client.go:118\tacquirer token rejected\t' +
        '{"order":"o-88219","attempt":2,"code":"token_expired"}',
      'ERROR 1 --- [nio-8080-exec-7] c.s.checkout.PaymentClient : POST /authorise answered 502 after 1204 ms',
      hostileLine,
    ],
    templates: [
      {
        service: 'payment',
        kind: 'new',
        text: 'acquirer token rejected order=<*> attempt=<*>',
        sample: 'acquirer token rejected order=o-88213 attempt=1',
        since: minutesAgo(7.4),
        observed: 31,
        expected: 0,
      },
      {
        service: 'checkout',
        kind: 'surging',
        text: hostileLine,
        sample: hostileLine,
        since: minutesAgo(6),
        observed: 88,
        expected: 3.1,
      },
    ],
  },
  {
    id: 'inc-20260129-search-19c0',
    status: 'suppressed',
    severity: 'warning',
    score: 6.2,
    startedAt: minutesAgo(43),
    detectedAt: minutesAgo(42),
    resolvedAt: minutesAgo(31),
    services: ['search'],
    summary: 'search: 571 errors in a minute where 186 are usual',
    reason: 'maintenance M-14: weekly rebuild of the index, 08:25 to 08:45',
    evidence: [{ service: 'search', signal: 'ERROR lines', expected: 186, observed: 571, windowMs: 60_000 }],
    rootCauses: [],
    deploys: [],
    samples: [],
    templates: [],
  },
  {
    id: 'inc-20260129-inventory-02be',
    status: 'resolved',
    severity: 'error',
    score: 38.7,
    startedAt: minutesAgo(25),
    detectedAt: minutesAgo(25) + 52_000,
    resolvedAt: minutesAgo(18.5),
    services: ['inventory'],
    summary: 'inventory: 97 errors in a minute where 5 are usual',
    reason: null,
    evidence: [{ service: 'inventory', signal: 'ERROR lines', expected: 5.4, observed: 97, windowMs: 60_000 }],
    rootCauses: [{ service: 'inventory', confidence: 0.64, reasons: ['Its database calls take 30 s, then fail.'] }],
    deploys: [],
    samples: ['08:48:02,118 ERROR [pool-3-thread-9] StockDao - HikariPool-1 - Connection is not available'],
    templates: [],
  },
];

const faults: readonly Fault[] = [
  { id: 'f1', service: 'search', kind: 'maintenance', startedAt: minutesAgo(43), endedAt: minutesAgo(31) },
  { id: 'f2', service: 'inventory', kind: 'slow database', startedAt: minutesAgo(25), endedAt: minutesAgo(19) },
  { id: 'f3', service: 'payment', kind: 'bad deploy', startedAt: minutesAgo(7.6), endedAt: null },
];

function node(id: string, inputs: readonly string[], how: Partial<GraphNode> = {}): GraphNode {
  const defaults = { label: id, kind: 'operator', watermarkMs: now, lagS: 3, recordsIn: 41_822, recordsOut: 41_800 };
  return { id, inputs, ...defaults, ...how } as GraphNode;
}

const graph: readonly GraphNode[] = [
  node('logs', [], { kind: 'source', recordsIn: 3_482_104, recordsOut: 3_482_104, lagS: 1 }),
  node('changes', [], { kind: 'source', recordsIn: 14, recordsOut: 14, lagS: 1 }),
  node('parse', ['logs'], { recordsIn: 3_482_104, recordsOut: 3_469_871, lagS: 2 }),
  node('count panes', ['parse'], { recordsIn: 3_469_871, recordsOut: 41_822 }),
  node('traces', ['parse'], { recordsIn: 3_469_871, recordsOut: 9_120 }),
  node('score', ['count panes'], { lagS: 13, recordsOut: 212 }),
  node('correlate', ['score', 'traces', 'changes'], { lagS: 14, recordsIn: 9_346, recordsOut: 11 }),
  node('incidents', ['correlate'], { kind: 'sink', lagS: 14, recordsIn: 11, recordsOut: 11 }),
  node('windows table', ['score'], { kind: 'sink', lagS: 14, recordsIn: 41_822, recordsOut: 41_822 }),
  node('dead letters', ['parse'], { kind: 'sink', lagS: 2, recordsIn: 0, recordsOut: 0 }),
];

/** The whole scripted state, revision 1, live. */
export function scriptedSnapshot(): Snapshot {
  const random = generator(20_260_129);
  const seconds = Array.from({ length: 300 }, (_, i) => i);
  return {
    revision: 1,
    now,
    phase: { kind: 'live' },
    linesTotal: 3_482_104,
    reading: { at: now + 3_000, since: minutesAgo(90), lastLineAt: now + 2_500, dead: 41, late: 38 },
    countedTo: now,
    throughput: {
      t: seconds.map((second) => now - (299 - second) * 1000),
      perSecond: seconds.map((second) => (second < 90 ? 47_000 : 1_940) * (0.94 + 0.12 * random())),
    },
    graph,
    services: scripts.map((script) => service(script, random)),
    incidents,
    faults,
  };
}
