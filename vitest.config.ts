import { defineConfig } from 'vitest/config';

/** Forks, because a native client may load in one isolate only; the source condition lets tests import 'millrace' unbuilt. */
export default defineConfig({
  resolve: { conditions: ['millrace-source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['millrace-source', 'node', 'import', 'default'] } },
  test: {
    pool: 'forks',
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
