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

const wordOf = (server: string, isAway: boolean) =>
  ({ kind: 'server', server, isAway, text: `${server} ${isAway ? 'away' : 'back'}` }) as const;

test('servers are told apart', () => {
  const lines: string[] = [];
  const missed = new MissedServers((line) => lines.push(line));
  missed.hear(1, wordOf('redis', true));
  missed.hear(2, wordOf('kafka', true));
  missed.hear(1, wordOf('redis', false));
  expect(lines).toEqual(['millrace: redis away', 'millrace: kafka away', 'millrace: redis back']);
});

test('of a worker that ended while it missed a server, its successor is heard: away is not said again, and back is', () => {
  const lines: string[] = [];
  const missed = new MissedServers((line) => lines.push(line));
  missed.hear(1, wordOf('redis', true));
  missed.hear(1, wordOf('redis', true));
  expect(lines).toEqual(['millrace: redis away']);
  missed.hear(2, wordOf('redis', true));
  missed.hear(2, wordOf('redis', false));
  expect(lines).toEqual(['millrace: redis away']);
  missed.hear(1, wordOf('redis', false));
  expect(lines).toEqual(['millrace: redis away', 'millrace: redis back']);
});

test('a first answer is no news where no worker missed the server', () => {
  const lines: string[] = [];
  new MissedServers((line) => lines.push(line)).hear(1, wordOf('redis', false));
  expect(lines).toEqual([]);
});
