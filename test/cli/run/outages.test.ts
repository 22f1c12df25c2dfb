import { expect, test } from 'vitest';
import { Outages } from '../../../cli/run/outages.ts';

test('a server that four workers miss is told once, and once when the last of them reaches it again', () => {
  const lines: string[] = [];
  const outages = new Outages((line) => lines.push(line));
  const word = (isAway: boolean) =>
    ({ kind: 'server', server: 'redis', isAway, text: isAway ? 'away' : 'back' }) as const;
  for (const worker of [1, 2, 3, 4]) outages.hear(worker, word(true));
  for (const worker of [1, 2, 3]) outages.hear(worker, word(false));
  expect(lines).toEqual(['millrace: away']);
  outages.hear(4, word(false));
  expect(lines).toEqual(['millrace: away', 'millrace: back']);
});

test('a worker that ended misses nothing, and servers are told apart', () => {
  const lines: string[] = [];
  const outages = new Outages((line) => lines.push(line));
  outages.hear(1, { kind: 'server', server: 'redis', isAway: true, text: 'redis away' });
  outages.hear(2, { kind: 'server', server: 'kafka', isAway: true, text: 'kafka away' });
  outages.hear(2, { kind: 'server', server: 'redis', isAway: true, text: 'redis away' });
  outages.forget(1);
  outages.hear(2, { kind: 'server', server: 'redis', isAway: false, text: 'redis back' });
  expect(lines).toEqual(['millrace: redis away', 'millrace: kafka away', 'millrace: redis back']);
});
