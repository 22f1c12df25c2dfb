/** Topics in a file whose process is killed. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { embeddedTopics } from '../../topics/embedded.ts';
import { drain } from '../conformance/topics-steps.ts';
import { printed, startChild } from '../support/processes/child.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-topics-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a process killed amid its transactions leaves whole ones: records, offsets and mark agree', async () => {
  const path = directory();
  const child = startChild(join(import.meta.dirname, '../support/processes/transactor.ts'), path);
  const exited = once(child, 'exit');
  const acknowledged = await printed(child, 10);
  await expect(embeddedTopics(path)).rejects.toEqual(
    expect.objectContaining({ code: 'EMBEDDED_IN_USE', detail: { path, pid: child.pid } }),
  );
  child.kill('SIGKILL');
  await exited;
  const topics = await embeddedTopics(path);
  const { epoch } = (await topics.mark('group', 'task'))!;
  expect(epoch).toBeGreaterThanOrEqual(acknowledged);
  for (const partition of [0, 1]) {
    const expected = Array.from({ length: epoch + 1 }, (_, n) => Array.from({ length: 100 }, () => String(n))).flat();
    expect(await drain(topics, 'out', partition)).toEqual(expected);
  }
  expect(await topics.committed('group', [{ topic: 'out', partition: 0 }])).toEqual([epoch]);
  await topics.close();
});
