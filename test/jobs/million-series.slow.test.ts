/** How many series are sent does not decide how much memory the incident job takes. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a million series of metrics stay within a heap of 512 MB, are told, and hide no service that is ill', {
  timeout: 600_000,
}, async () => {
  const script = fileURLToPath(new URL('../support/processes/million-series.ts', import.meta.url));
  const node = ['--max-old-space-size=512', '--conditions=millrace-source', '--import', 'tsx', script];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  const { opened, reasons, leftOut, letters } = JSON.parse(stdout) as Record<string, unknown>;
  expect(opened).toEqual(['stock']);
  expect(reasons).toEqual(['metric-watch series-full']);
  // Told when they have doubled, of each key of services.
  expect(leftOut).toBeGreaterThan(10_000);
  expect(letters).toBeLessThan(32 * 20);
});
