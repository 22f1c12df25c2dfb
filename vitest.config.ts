/**
 * How tests run. They are divided by what they need: `*.server.test.ts` a server or a browser, `*.slow.test.ts`
 * processes or simulated days, all others nothing but their own process. Forks, because a native client may load in
 * one isolate only. The source condition lets tests import 'millrace' unbuilt.
 *
 * Every core gets a file at a time. Files that need nothing share processes, which saves half of their time: most of it
 * went into imports. The files that take longest start first, so that no core waits for the last one.
 */
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes more than ten seconds on a quiet machine, the longest first. */
export const longest = [
  'test/chaos/chaos.server.test.ts',
  'test/topics/kafka/cluster.server.test.ts',
  'test/cli/jobs.server.test.ts',
  'test/topics/kafka/kafka.server.test.ts',
  'test/e2e/servers.server.test.ts',
  'test/tables/clickhouse/clickhouse.server.test.ts',
  'test/state/redis/faults.server.test.ts',
  'test/cli/incidents.server.test.ts',
  'test/cli/watch.server.test.ts',
  'test/e2e/servers-away.server.test.ts',
  'test/connectors/elasticsearch/elasticsearch.server.test.ts',
  'test/topics/kafka/secure.server.test.ts',
  'test/simulation/crashes.slow.test.ts',
  'test/kill/kill.slow.test.ts',
  'test/cli/job-settings.slow.test.ts',
  'test/demo/traffic.slow.test.ts',
  'test/simulation/workers.slow.test.ts',
  'test/demo/faults.slow.test.ts',
  'test/simulation/zombies.slow.test.ts',
  'test/cli/parse.slow.test.ts',
  'test/watch-hour/recorded.slow.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const conditions = ['millrace-source', 'node', 'import', 'default'];

/** A part of the tests; parts run one after another. */
function project(name: string, groupOrder: number, include: string, rest: { exclude?: string[]; isolate?: boolean }) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: [include],
      pool: 'forks' as const,
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // A test in which no expectation is reached can't fail, so it fails.
      expect: { requireAssertions: true },
      sequence: { groupOrder },
      ...rest,
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      project('quick', 0, 'test/**/*.test.ts', { exclude: ['test/**/*.{server,slow}.test.ts'], isolate: false }),
      project('slow', 1, 'test/**/*.slow.test.ts', {}),
      project('server', 2, 'test/**/*.server.test.ts', {}),
    ],
  },
});
