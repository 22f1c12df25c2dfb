import { expect, test } from 'vitest';
import { topic } from '../../../connectors/topic.ts';
import { MillraceError } from '../../../errors.ts';
import { job } from '../../../graph/job.ts';
import { map } from '../../../operators/map.ts';
import { to } from '../../../operators/to.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { run } from '../../../runtime/task/runner.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { drain } from '../../conformance/topics-steps.ts';
import { live, makeWorld, type World } from '../../simulation/world.ts';

const copy = job('copy', (from) => {
  from('texts', topic<string>('texts')).pipe(
    map((text) => text),
    to('copied', topic('copied')),
  );
});

/** A world with a short and a long text, in which `copied` takes so many bytes at once. */
async function worldTaking(mostBytes: number): Promise<World> {
  const world = makeWorld((ports) => {
    const taken = async (name: string) => (name === 'copied' ? mostBytes : undefined);
    return { ...ports, topics: { ...ports.topics, mostBytes: taken } };
  });
  for (const name of ['texts', 'copied']) await world.topics.create({ name, partitions: 1 });
  for (const text of ['short', 'x'.repeat(500)]) {
    const value = Buffer.from(JSON.stringify(text));
    await world.topics.append([{ topic: 'texts', partition: 0, key: null, value, timestamp: 0 }]);
  }
  return world;
}

test('a value larger than its topic takes becomes a dead letter, and its neighbours go out', async () => {
  const world = await worldTaking(400);
  expect((await live(world, copy)).error).toBeUndefined();
  expect(await drain(world.topics, 'copied')).toEqual(['"short"']);
  const [letter] = await drain(world.topics, 'copy.dead-letters');
  expect(JSON.parse(String(letter))).toMatchObject({ origin: 'copied', reason: 'unwritable' });
  const roomy = await worldTaking(1_000);
  expect((await live(roomy, copy)).error).toBeUndefined();
  expect(await drain(roomy.topics, 'copied')).toHaveLength(2);
});

test('a refusal that would come again ends the job at once, with its code', async () => {
  const world = await worldTaking(1_000);
  let tries = 0;
  const producer = async () => ({
    transact: async () => {
      tries++;
      throw new MillraceError('TOPIC_APPEND_REFUSED', { topic: 'copied', reason: 'too large' });
    },
    close: async () => {},
  });
  const ports = { ...world.ports, topics: { ...world.ports.topics, producer }, clock: world.clock };
  const options = { ...taskDefaults, nonce: () => 'once' };
  const how = { options, metrics: new Metrics(), log: silent, signal: new AbortController().signal };
  await expect(run(copy, ports, how)).rejects.toMatchObject({ code: 'TOPIC_APPEND_REFUSED' });
  expect(tries).toBe(1);
});
