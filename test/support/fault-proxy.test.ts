import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { faultProxy } from './fault-proxy.ts';

/** A server that answers every chunk with the chunk, and what it was sent. */
async function echo() {
  const got: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      got.push(data.toString());
      socket.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await faultProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  const client = async (): Promise<Socket> => {
    const socket = connect(proxy.port, proxy.host);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { got, proxy, client };
}

const answer = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

test('what is sent passes both ways, with a delay if there is one', async () => {
  const { proxy, client } = await echo();
  const socket = await client();
  socket.write('one');
  expect(await answer(socket)).toBe('one');
  proxy.delay(5);
  socket.write('two');
  expect(await answer(socket)).toBe('two');
});

test('a cut within a request leaves the server with its beginning', async () => {
  const { got, proxy, client } = await echo();
  const socket = await client();
  const closed = once(socket, 'close');
  const cut = proxy.cutAfter(4);
  socket.write('request');
  await Promise.all([cut, closed]);
  const again = await client();
  again.write('next');
  expect(await answer(again)).toBe('next');
  expect(got).toEqual(['requ', 'next']);
});

test('a lost answer was asked for by a request that arrived', async () => {
  const { got, proxy, client } = await echo();
  const socket = await client();
  socket.write('other');
  expect(await answer(socket)).toBe('other');
  const answers: string[] = [];
  socket.on('data', (data) => answers.push(String(data)));
  const lost = proxy.loseAnswer('commit');
  socket.write('a commit');
  await Promise.all([lost, once(socket, 'close')]);
  expect(got).toEqual(['other', 'a commit']);
  expect(answers).toEqual([]);
});

test('held connections stay open and pass on what was held when released', async () => {
  const { got, proxy, client } = await echo();
  const socket = await client();
  proxy.hold();
  await new Promise((sent) => socket.write('held', sent));
  expect([got.length, socket.destroyed]).toEqual([0, false]);
  proxy.release();
  socket.write('');
  expect(await answer(socket)).toBe('held');
});

test('while it refuses, connections end at once', async () => {
  const { proxy, client } = await echo();
  const socket = await client();
  const closed = once(socket, 'close');
  proxy.refuse();
  await closed;
  const refused = connect(proxy.port, proxy.host);
  refused.on('error', () => {});
  await once(refused, 'close');
  proxy.accept();
  const accepted = await client();
  accepted.write('x');
  expect(await answer(accepted)).toBe('x');
});
