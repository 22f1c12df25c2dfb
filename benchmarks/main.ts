/** `npm run bench -- NAME [options]`: runs one of the benchmarks in this folder. README.md keeps their figures. */

const benchmarks: Readonly<Record<string, { readonly what: string; readonly run: () => Promise<unknown> }>> = {
  engine: { what: 'a hop, windows, sessions, the epoch commit', run: () => import('./engine.ts') },
  peers: { what: 'J1 to J4 and Nexmark beside Flink and Kafka Streams', run: () => import('./peers/run.ts') },
  ports: { what: 'embedded topics and state', run: () => import('./ports.ts') },
  parse: { what: 'log lines to events', run: () => import('./parse.ts') },
  fuzz: { what: 'claims about hostile logs', run: () => import('./fuzz.ts') },
  templates: { what: 'messages to templates', run: () => import('./templates.ts') },
  series: { what: 'points of metric series judged', run: () => import('./series.ts') },
  inputs: { what: 'metrics and spans from bodies as they are sent', run: () => import('./inputs.ts') },
  detection: { what: 'faults found in simulated traffic', run: () => import('./detection.ts') },
  signals: { what: 'metrics, spans and lines from topics to signals', run: () => import('./signals.ts') },
  redis: { what: 'state over Redis', run: () => import('./redis.ts') },
  kafka: { what: 'topics over Kafka', run: () => import('./kafka.ts') },
  latency: {
    what: 'wall clock from a fault to its incident, over real servers',
    run: () => import('./cluster/latency.ts'),
  },
  rescale: { what: 'workers that come, go and die under load', run: () => import('./cluster/rescale.ts') },
  backlog: {
    what: 'a backlog worked off by the incident job, packed and not, evenly and not',
    run: () => import('./cluster/backlog.ts'),
  },
  weeks: { what: 'faults found in simulated weeks', run: () => import('./weeks.ts') },
  many: { what: 'a record by how many keys and services there are', run: () => import('./many.ts') },
  traffic: { what: 'the demo’s traffic generator', run: () => import('./traffic.ts') },
};

const [name] = process.argv.splice(2, 1);
const chosen = benchmarks[name ?? ''];
const isHelp = name === '--help' || process.argv.includes('--help');
if (chosen === undefined || isHelp) {
  const list = Object.entries(benchmarks).map(([n, { what }]) => `  ${n.padEnd(10)}${what}`);
  const options = 'Options stand at the head of each benchmark and in benchmarks/README.md.';
  console.error(`usage: npm run bench -- NAME [options]\n${list.join('\n')}\n${options}`);
  process.exitCode = isHelp ? 0 : 2;
} else {
  await chosen.run().catch((error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    console.error(`bench ${name}: ${error.message}`);
    process.exitCode = 2;
  });
}
