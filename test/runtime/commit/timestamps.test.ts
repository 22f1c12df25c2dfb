/** What a broker refuses of a record it refuses again, so nothing of an input may bring it there. */
import { expect, test } from 'vitest';
import { script } from '../../../connectors/script.ts';
import { table } from '../../../connectors/table.ts';
import { topic } from '../../../connectors/topic.ts';
import { MillraceError } from '../../../errors.ts';
import type { Ports } from '../../../graph/connector.ts';
import { job } from '../../../graph/job.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { map } from '../../../operators/map.ts';
import { to } from '../../../operators/to.ts';
import { days } from '../../../time/duration.ts';
import type { RecordBatch } from '../../../topics/topics.ts';
import { memoryWorld, runToEnd, runWhileThere, valuesOf } from '../../support/run-to-end.ts';

const read = (ports: Ports, name: string): Promise<RecordBatch | undefined> =>
  ports.topics.fetch({ topic: name, partition: 0 }, 0, { maxRecords: 100, maxBytes: 16 << 20 });

test('records and dead letters are never ahead of the clock, where brokers refuse them', async () => {
  const ports = memoryWorld();
  const now = ports.clock.now();
  const planned = job('planned', (from) => {
    from('times', script([-1, 0, now - 5, now + days(2), now + days(3)])).pipe(
      eventTime({ at: (time) => time, outOfOrder: 0, ahead: days(30) }),
      map((time) => {
        if (time === now + days(3)) throw new Error('too far');
        return time;
      }),
      to('out', topic('out')),
    );
  });
  await runToEnd(planned, ports);
  expect([...(await read(ports, 'out'))!.timestamps]).toEqual([-1, 0, now - 5, now]);
  expect([...(await read(ports, 'planned.dead-letters'))!.timestamps]).toEqual([now]);
});

test.each([2 ** 62, -(2 ** 62), 8.64e15 + 1, -1, Number.NaN])(
  'a record of the time %d stops nothing',
  async (timestamp) => {
    const ports = memoryWorld();
    await ports.topics.create({ name: 'in', partitions: 1 });
    const record = { topic: 'in', partition: 0, key: null, timestamp };
    await ports.topics.append([
      { ...record, value: Buffer.from('1') },
      { ...record, value: Buffer.from('{') },
    ]);
    // The table makes the epoch wait in the outbox.
    const spec = { name: 'seen', comment: '', columns: { n: { type: 'UInt8', comment: '' } }, identity: ['n'] };
    const copy = job('copy', (from) => {
      const numbers = from('in', topic<number>('in'));
      numbers.pipe(to('out', topic('out')));
      numbers.pipe(to('seen', table(spec, { row: (n: number) => ({ n }) })));
    });
    await runWhileThere(copy, ports);
    expect((await read(ports, 'out'))!.length).toBe(1);
    expect(await ports.tables.rows('dead_letters')).toHaveLength(1);
  },
);

test('an error that quotes its record makes a dead letter that a topic takes', async () => {
  const ports = memoryWorld();
  const loud = job('loud', (from) => {
    from('texts', script(['x'])).pipe(
      map((text) => {
        throw new Error(text.repeat(2_000_000));
      }),
      to('out', topic('out')),
    );
  });
  await runToEnd(loud, ports);
  const [letter] = (await valuesOf(ports, 'loud.dead-letters')) as { readonly detail: string }[];
  expect(letter!.detail).toBe(`${'x'.repeat(4_096)}…`);
});

test('a message quotes no more of a value than can be read, and its detail all of it', () => {
  const error = new MillraceError('CONFIG_UNREADABLE', { file: 'x'.repeat(10_000_000), reason: 'broken' });
  expect(error.message).toContain(`${'x'.repeat(4_096)}…`);
  expect(error.message.length).toBeLessThan(5_000);
  expect(error.detail['file']).toHaveLength(10_000_000);
});
