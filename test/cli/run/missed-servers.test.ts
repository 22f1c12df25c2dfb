import { expect, test } from 'vitest';
import { MissedServers } from '../../../cli/run/missed-servers.ts';

test('a server that four workers miss is told once, and once when the last of them reaches it again', () => {
  const lines: string[] = [];
  const missed = new MissedServers((line) => lines.push(line));
  const word = (isAway: boolean) =>
    ({ kind: 'server', server: 'redis', isAway, text: isAway ? 'away' : 'back' }) as const;
  for (const worker of [1, 2, 3, 4]) missed.hear(worker, word(true));
  for (const worker of [1, 2, 3]) missed.hear(worker, word(false));
  expect(lines).toEqual(['millrace: away']);
  missed.hear(4, word(false));
  expect(lines).toEqual(['millrace: away', 'millrace: back']);
});

test('a worker that ended misses nothing, and servers are told apart', () => {
  const lines: string[] = [];
  const missed = new MissedServers((line) => lines.push(line));
  missed.hear(1, { kind: 'server', server: 'redis', isAway: true, text: 'redis away' });
  missed.hear(2, { kind: 'server', server: 'kafka', isAway: true, text: 'kafka away' });
  missed.hear(2, { kind: 'server', server: 'redis', isAway: true, text: 'redis away' });
  missed.forget(1);
  missed.hear(2, { kind: 'server', server: 'redis', isAway: false, text: 'redis back' });
  expect(lines).toEqual(['millrace: redis away', 'millrace: kafka away', 'millrace: redis back']);
});
