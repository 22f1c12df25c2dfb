/**
 * What a shop logs without customers: probes and chatter of every pod, the settlement worker that says a line when it
 * has settled something, and as rarely that it can't, the nightly reconciliation, replaced pods.
 */
import type { Time } from '../time/duration.ts';
import { type Change, podReplacementMs, rolloutDelayMs } from './faults.ts';
import type { Entry, Pod } from './formats.ts';
import type { Level } from './operations.ts';
import type { Sink } from './output.ts';
import { rename } from './pods.ts';
import { probeMs } from './rates.ts';
import type { Site } from './request.ts';
import { indexOf, type Runtime } from './shop.ts';
import type { Traces } from './traces.ts';
import type { Visit } from './visit.ts';

/** Every day the reconciliation of stock logs errors for these minutes after midnight, UTC. */
export const nightly = { fromMs: 150 * 60_000, toMs: 152.5 * 60_000 } as const;

const dayMs = 86_400_000;

interface Rollout {
  readonly site: Site;
  readonly version: string;
  readonly hash: string;
  readonly at: Time;
  done: number;
}

type PodText = (v: Visit) => string;

/** What a pod says when it is probed, and now and then instead. */
const probes: Readonly<
  Record<Exclude<Runtime, 'nginx'>, { readonly logger: string; readonly says: readonly PodText[] }>
> = {
  java: {
    logger: 'o.s.b.a.health.HealthEndpoint',
    says: [
      () => 'Health is UP (db=UP, diskSpace=UP, ping=UP)',
      () => 'Health is UP (db=UP, diskSpace=UP, ping=UP)',
      (v) => `HikariPool-1 - Pool stats (total=20, active=${v.n(7)}, idle=${13 + v.n(7)}, waiting=0)`,
    ],
  },
  python: {
    logger: 'app.access',
    says: [
      () => 'GET /healthz 200',
      () => 'GET /healthz 200',
      (v) => `cache holds ${20_000 + v.n(9_000)} entries, rss=${600 + v.n(90)}MiB`,
    ],
  },
  node: {
    logger: 'http',
    says: [
      () => 'GET /healthz 200',
      () => 'GET /healthz 200',
      (v) => `event loop delay p99 ${3 + v.n(20)} ms, heap ${110 + v.n(60)} MB`,
    ],
  },
  go: {
    logger: 'server/health.go:19',
    says: [
      () => 'probe answered',
      () => 'probe answered',
      (v) => `gc paused ${1 + v.n(4)} ms, ${140 + v.n(300)} goroutines`,
    ],
  },
};

export class Background {
  readonly #output: Sink;
  readonly #traces: Traces;
  readonly #sites: readonly Site[];
  readonly #entry: Entry;
  readonly #changes: readonly Change[];
  readonly #rollouts: Rollout[] = [];
  #nextPoll: Time;

  /** Writes through `entry`, which no other caller may use; deployments among `changes` replace pods. */
  constructor(
    output: Sink,
    entry: Entry,
    shop: { readonly sites: readonly Site[]; readonly changes: readonly Change[]; readonly traces: Traces },
  ) {
    this.#output = output;
    this.#traces = shop.traces;
    this.#entry = entry;
    this.#sites = shop.sites;
    this.#changes = shop.changes;
    this.#nextPoll = 0;
  }

  /** Everything that happens in the second beginning at `second`. */
  run(second: Time): void {
    this.#probe(second);
    this.#settle(second);
    this.#reconcile(second);
    for (const change of this.#changes) {
      const at = Date.parse(change.timestamp);
      if (change.kind === 'deployment' && at >= second && at < second + 1_000) this.#deploy(change, at);
    }
    for (const rollout of this.#rollouts) this.#replace(rollout, second);
  }

  #probe(second: Time): void {
    for (let s = 0; s < this.#sites.length; s++) {
      const site = this.#sites[s] as Site;
      const { name, runtime } = site.service;
      if (name === 'settlement') continue;
      for (let p = 0; p < site.pods.length; p++) {
        if ((second + 1_000 * (5 * s + 4 * p)) % probeMs !== 0) continue;
        const pod = site.pods[p] as Pod;
        const time = second + this.#entry.visit.n(1_000);
        if (runtime === 'nginx') {
          this.#probed();
          this.#say(site, pod, { time, level: 'info', logger: 'access', text: '' });
          continue;
        }
        const { logger, says } = probes[runtime];
        const text = this.#entry.visit.random.pick(says)(this.#entry.visit);
        this.#say(site, pod, { time, level: runtime === 'python' ? 'info' : 'debug', logger, text });
      }
    }
  }

  /** Makes the visit that of the cluster's own prober. */
  #probed(): void {
    const visit = this.#entry.visit;
    visit.renew();
    visit.address = `10.42.${visit.n(6)}.1`;
    visit.agent = 'kube-probe/1.29';
    visit.path = '/healthz';
    visit.cents = 2;
    visit.ms = 0;
  }

  #settle(second: Time): void {
    const site = this.#sites[indexOf('settlement')] as Site;
    const visit = this.#entry.visit;
    const broken = site.condition.share > 0;
    if (this.#nextPoll >= second + 1_000) return;
    const time = Math.max(second, this.#nextPoll);
    this.#nextPoll = time + 80_000 + visit.n(50_000);
    if (broken) this.#traces.note(site.condition.failsBy, 'settlement', time);
    const batch = `B-${Math.floor(time / 1_000) % 1_000_000}`;
    const text = broken
      ? `Batch ${batch} not settled: java.net.SocketTimeoutException: ${site.condition.peer} did not answer in 5000 ms`
      : `Batch ${batch} settled: ${4 + visit.n(30)} payments, ${(400 + visit.n(3_000)).toFixed(2)} EUR`;
    this.#say(site, site.pods[0] as Pod, { time, level: broken ? 'error' : 'info', logger: 'SettlementJob', text });
  }

  /** Of the known and harmless sort: differences that the job itself corrects. */
  #reconcile(second: Time): void {
    const day = second % dayMs;
    if (day < nightly.fromMs || day > nightly.toMs) return;
    const site = this.#sites[indexOf('inventory')] as Site;
    const visit = this.#entry.visit;
    const pod = site.pods[0] as Pod;
    const says = { time: second + visit.n(900), level: 'info' as Level, logger: 'ReconciliationJob' };
    if (day === nightly.fromMs) this.#say(site, pod, { ...says, text: 'Nightly reconciliation started' });
    if (day === nightly.toMs) this.#say(site, pod, { ...says, text: 'Nightly reconciliation finished' });
    for (let i = visit.n(3); i > 0; i--) {
      visit.renew();
      visit.trace = '';
      const text = `Stock of ${visit.article} at ${visit.warehouse()} is off by ${1 + visit.n(9)}, corrected`;
      this.#say(site, pod, { ...says, level: 'error', text });
    }
  }

  #deploy(change: Change, at: Time): void {
    const site = this.#sites[indexOf(change.service)] as Site;
    const hash = this.#entry.visit.random.hex(16).slice(0, 10);
    this.#rollouts.push({ site, version: change.version, hash, at: at + rolloutDelayMs, done: 0 });
  }

  /** Replaces the next pod of `rollout` if it is due in this second. */
  #replace(rollout: Rollout, second: Time): void {
    const pod = rollout.site.pods[rollout.done];
    if (pod === undefined || rollout.at + rollout.done * podReplacementMs >= second + 1_000) return;
    rollout.done++;
    const { service } = rollout.site;
    if (service.runtime === 'nginx') {
      rename(pod, { service: service.name, hash: rollout.hash }, this.#entry.visit.random);
      return;
    }
    const says = { time: second, level: 'info' as Level, logger: 'lifecycle.main' };
    this.#say(rollout.site, pod, { ...says, text: 'SIGTERM received, draining connections' });
    rename(pod, { service: service.name, hash: rollout.hash }, this.#entry.visit.random);
    this.#say(rollout.site, pod, { ...says, text: `starting ${service.name} ${rollout.version}` });
    const took = (2 + this.#entry.visit.n(80) / 10).toFixed(1);
    this.#say(rollout.site, pod, { ...says, time: second + 900, text: `listening on :8080, started in ${took} s` });
  }

  #say(site: Site, pod: Pod, what: { time: Time; level: Level; logger: string; text: string }): void {
    const entry = this.#entry;
    if (site.condition.silent) return this.#traces.note(site.condition.silentBy, site.service.name, what.time);
    if (site.service.runtime !== 'nginx') entry.visit.trace = '';
    entry.says = { level: what.level, logger: what.logger, text: () => what.text };
    entry.pod = pod;
    entry.span = '';
    entry.time = what.time;
    this.#output.write(entry, site.write);
  }
}
