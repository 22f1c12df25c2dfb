import { expect, test } from 'vitest';
import { MillraceError } from '../../../errors.ts';
import type { ChunkWriter } from '../../../graph/connector.ts';
import { chunkDelivery } from '../../../runtime/commit/lanes.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';

/** Delivers one row to a writer that fails with these errors, one after the other. */
async function delivered(errors: readonly Error[]): Promise<void> {
  const left = [...errors];
  const writer: ChunkWriter = {
    ensure: async () => {},
    async insert() {
      const error = left.shift();
      if (error !== undefined) throw error;
    },
  };
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const letterOf = () => Buffer.from('{}\n');
  const deliver = chunkDelivery({ uid: 'rows', writer, deadLetters: writer, letterOf, clock, onRetry() {}, signal });
  const payload = Buffer.from('{"n":1}\n');
  await deliver({ entries: [{ lane: 'rows', seq: 1, epoch: 0, payload }], bytes: payload.length, token: 't' });
}

const unknown = () => new MillraceError('OUTCOME_UNKNOWN', { what: 'the insert' });

test('a delivery that fails without a code says how often it was really tried', async () => {
  await expect(delivered([new Error('boom')])).rejects.toThrow(
    "DELIVERY_FAILED: sink 'rows' did not accept its records (tries: 1): boom.",
  );
  await expect(delivered([unknown(), unknown(), new Error('boom')])).rejects.toThrow('(tries: 3): boom');
  await expect(delivered([unknown(), unknown()])).resolves.toBeUndefined();
});
