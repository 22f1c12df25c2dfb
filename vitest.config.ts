import { defineConfig } from 'vitest/config';

/**
 * Tests by what they need: `*.server.test.ts` a server or a browser, `*.slow.test.ts` processes or simulated days, all
 * others nothing but this one. Forks, because a native client may load in one isolate only; the source condition lets
 * tests import 'millrace' unbuilt.
 */
const conditions = ['millrace-source', 'node', 'import', 'default'];
const shared = { pool: 'forks', testTimeout: 60_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{server,slow}.test.ts'],
        },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: { ...shared, name: 'slow', include: ['test/**/*.slow.test.ts'] },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: { ...shared, name: 'server', include: ['test/**/*.server.test.ts'] },
      },
    ],
  },
});
