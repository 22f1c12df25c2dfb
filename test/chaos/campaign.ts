/**
 * The chaos campaign: three workers share a job over a real Kafka, a real Redis and tables over HTTP (chDB, or the
 * server that CLICKHOUSE_URL names) while its input is written, and acts drawn from a seed (see plan.ts) strike them
 * and the servers. In the end every fault is mended, every window is closed, and the contents of topics, tables and
 * stores are compared with an oracle.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { stageJobs } from '../../runtime/exchange/stage-jobs.ts';
import { redisState } from '../../state/redis/redis.ts';
import { clickhouseTables } from '../../tables/clickhouse/clickhouse.ts';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import type { Topics } from '../../topics/topics.ts';
import { connect } from '../support/servers/tables.ts';
import { Acts } from './acts.ts';
import { Audit } from './audit.ts';
import { judge, type Oracle, oracleOf, readAll, type Verdict } from './check.ts';
import { Crew, type Kill } from './crew.ts';
import { Feed } from './feed.ts';
import { chaos, orderRecord, partitions } from './job.ts';
import { Matrix, type Row } from './matrix.ts';
import { type Act, planOf } from './plan.ts';
import { Servers } from './servers.ts';
import type { Protection } from './weaken.ts';

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  /** A protection that is taken out; the campaign must then find something wrong. */
  readonly without?: Protection | undefined;
  readonly perSecond?: number;
  /** Replaces the acts that the seed draws. */
  readonly acts?: readonly Act[];
  /** No act begins later than this after the start. */
  readonly ms?: number;
  /** Called with each act when it is over. */
  readonly onAct?: (act: Act, standing: { readonly number: number; readonly of: number; readonly kill?: Kill }) => void;
  readonly say?: (text: string) => void;
}

export interface Report {
  /** What kept the tables. */
  readonly tables: string;
  readonly kills: readonly Kill[];
  readonly records: number;
  readonly verdict: Verdict;
  readonly matrix: Readonly<Record<Row, number>>;
  readonly missed: readonly Row[];
  /** Workers that ended by themselves, by code, and were replaced. */
  readonly gaveUp: Readonly<Record<string, number>>;
  /** Workers that did not stop in good order in the end, by how they ended. */
  readonly unruly: readonly string[];
}

const workers = 3;
/** Acts between two audits, which also keep the number of a table's parts within bounds. */
const auditEvery = 250;

export async function campaign(options: CampaignOptions): Promise<Report> {
  const { without, say = () => {} } = options;
  const servers = await Servers.start(workers);
  say(`servers in ${servers.dir}; tables are those of ${servers.tables.name}`);
  const topics = await kafkaTopics({ brokers: [servers.kafkaUrl] });
  const state = await redisState(servers.redis.url);
  const client = connect(servers.tables.url);
  const tables = clickhouseTables(client);
  const matrix = new Matrix();
  const crew = new Crew(servers, matrix, without);
  let isOrderly = false;
  try {
    await makeTopics(topics);
    const audit = new Audit(servers, client, tables);
    await audit.prepare();
    const acts = new Acts(servers, crew, matrix);
    await crew.fill();
    await crew.reading(0);
    const feed = new Feed(topics, options.perSecond ?? 300);
    feed.start();
    const plan = options.acts ?? planOf(options);
    const end = Date.now() + (options.ms ?? Number.POSITIVE_INFINITY);
    for (const [number, act] of plan.entries()) {
      if (Date.now() > end) break;
      const before = crew.kills.length;
      await acts.perform(act);
      const kill = crew.kills.length > before ? crew.kills.at(-1) : undefined;
      options.onAct?.(act, { number: number + 1, of: plan.length, ...(kill === undefined ? {} : { kill }) });
      if ((number + 1) % auditEvery === 0) {
        await acts.settled();
        await audit.run();
      }
    }
    await acts.settled();
    say('mended; the input ends');
    await feed.finish();
    const oracle = await oracleOf(topics);
    const patience = without === undefined ? 120_000 : 25_000;
    await untilThrough(topics, oracle, { patience, say });
    await untilSettled(crew, patience);
    const unruly = await crew.stop(without === undefined ? 90_000 : 20_000);
    say('workers stopped; comparing');
    const verdict = await judge({ topics, state, tables }, oracle);
    const doubled = await audit.found();
    verdict.rowsDiffer += doubled.wrong;
    matrix.count("a table's tokens forgotten: doubled rows that only their identity took out", doubled.forgetful);
    matrix.count('records that an operator throws on', oracle.poisoned.length);
    if (without === undefined) await refusals(crew, matrix, topics);
    const { kills, gaveUp } = crew;
    isOrderly = unruly.length === 0;
    const { counts, missed } = matrix;
    const { records } = oracle;
    return { tables: servers.tables.name, kills, records, verdict, matrix: counts, missed, gaveUp, unruly };
  } finally {
    await crew.close();
    // Only the logs say why a worker hung or a campaign broke off.
    if (!isOrderly) say(`the workers' logs stay in ${servers.keepLogs()}`);
    await Promise.allSettled([topics.close(), state.close(), tables.close()]);
    await servers.stop();
  }
}

async function makeTopics(topics: Topics): Promise<void> {
  await topics.create({ name: 'orders', partitions });
  await topics.create({ name: 'alerts', partitions: 2 });
  await topics.create({ name: 'all', partitions: 1 });
}

/** Waits until the last stage has reported every window, or nothing has moved for too long. */
async function untilThrough(
  topics: Topics,
  { windows }: Oracle,
  { patience, say }: { readonly patience: number; readonly say: (text: string) => void },
): Promise<void> {
  let [at, found] = [0, 0];
  for (let moved = Date.now(); found < windows.size && Date.now() - moved < patience; await sleep(300)) {
    const { texts, end } = await readAll(topics, 'all', 0, at);
    if (texts.length > 0) moved = Date.now();
    found += texts.length;
    at = end;
  }
  say(`${found} of ${windows.size} windows are through`);
  // Tables come a little later; workers deliver them when they stop.
}

/**
 * Waits until every task has had one owner for a while: a member that was frozen goes on holding what was given to
 * others until the group tells it, and what it is fenced from when all stop would be left to the next start.
 */
async function untilSettled(crew: Crew, patience: number): Promise<void> {
  const tasks = stageJobs(chaos).length * partitions;
  const [steps, pause] = [12, 500];
  for (let [steady, left] = [0, patience / pause]; steady < steps && left > 0; left--) {
    crew.wake();
    await sleep(pause);
    steady = crew.isSettled(tasks) ? steady + 1 : 0;
  }
}

/** What must be refused when a worker starts. */
async function refusals(crew: Crew, matrix: Matrix, topics: Topics): Promise<void> {
  if ((await crew.tryAlone('impostor', 60_000)) === 'STATE_UNKNOWN_UID') {
    matrix.count("another job's state under the same name: refused to start");
  }
  await topics.append(Array.from({ length: partitions * 3 }, (_, i) => orderRecord(i)));
  for (let p = 0; p < partitions; p++) await topics.trim('orders', p, (await topics.range('orders', p)).end - 1);
  if ((await crew.tryAlone('chaos', 60_000)) === 'OFFSET_OUT_OF_RANGE') {
    matrix.count('retention passed the position: refused to start');
  }
}
