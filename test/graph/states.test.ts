import { describe, expect, test } from 'vitest';
import { float64, string } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { type From, job } from '../../graph/job.ts';
import { statesOf } from '../../graph/states.ts';
import { broadcast } from '../../operators/broadcast.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { process } from '../../operators/process.ts';
import { to } from '../../operators/to.ts';

const statesIn = (build: (from: From) => void) => job('looked-at', build).nodes.flatMap(statesOf);

describe('statesOf', () => {
  test('finds every state that an operator declares, with kind, codec, version and lifetime', () => {
    const states = statesIn((from) =>
      from('in', script(['x'])).pipe(
        eventTime({ at: () => 0, outOfOrder: 0 }),
        keyBy((s: string) => s),
        process('p', (ctx) => {
          ctx.value('last', string, { ttl: 1_000 });
          ctx.map('all', float64);
          ctx.map('some', float64, { prefetch: () => [] });
          return { onData() {} };
        }),
        to('out', topic('out')),
      ),
    );
    expect(states).toEqual([
      { space: 'p/last', kind: 'value', codec: 'string', version: 1, ttl: 1_000 },
      { space: 'p/all', kind: 'map', codec: 'float64', version: 1, ttl: undefined },
      { space: 'p/some', kind: 'lazy map', codec: 'float64', version: 1, ttl: undefined },
    ]);
  });

  test('calls no handler', () => {
    const states = statesIn((from) =>
      from('in', script(['x'])).pipe(
        keyBy((s: string) => s),
        process('p', () => ({
          onData() {
            throw new Error('called');
          },
        })),
        to('out', topic('out')),
      ),
    );
    expect(states).toEqual([]);
  });

  test('the rules of a broadcast are state of the operator, and stateless steps have none', () => {
    const states = statesIn((from) => {
      const rules = from('rules', script([{ id: 'r' }]));
      from('in', script([1])).pipe(
        map((n) => n),
        broadcast('held', rules, { codec: string as never, id: (r: { id: string }) => r.id }, (n) => n),
        to('out', topic('out')),
      );
    });
    expect(states).toEqual([{ space: 'held/rules', kind: 'shared map', codec: 'string', version: 1, ttl: undefined }]);
  });
});
