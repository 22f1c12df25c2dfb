/** What code of a job may throw: anything, and it is a dead letter all the same. */
import { expect, test } from 'vitest';
import { outcome } from '../../support/process-outcome.ts';

test.each<[string, unknown]>([
  ['no prototype', Object.create(null)],
  [
    'a text that throws',
    {
      toString() {
        throw new Error('no text');
      },
    },
  ],
  ['a proxy that was revoked', revoked()],
  ['undefined', undefined],
])('what is thrown with %s makes a dead letter', async (_, thrown) => {
  const { out, dead } = await outcome(() => ({
    onData(event, _time, to) {
      if (event.bad) throw thrown;
      to.emit(event.at);
    },
  }));
  expect(out).toEqual([1, 2, 4, 5]);
  expect(dead).toMatchObject([{ origin: 'p', sample: '{"at":3,"bad":true}' }]);
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
