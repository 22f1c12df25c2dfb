/**
 * Ports for servers that are started as processes of their own. A free port that was found by listening for a moment
 * may be taken before the server listens: by another process that looks for one, or by the system for an outgoing
 * connection. So a port is claimed: with the UDP socket of the same number, which this process keeps open and the
 * system closes when the process ends. And it lies below the numbers that systems give to outgoing connections, so a
 * server can be killed and started again at its port.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const host = '127.0.0.1';
const [lowest, count] = [15_000, 15_000];

/** A port of the loopback that no other process which asks here gets, as long as this process lives. */
export async function claimPort() {
  for (let tries = 0; tries < 1_000; tries++) {
    const port = lowest + Math.floor(Math.random() * count);
    if ((await claimed(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no free port from ${lowest} to ${lowest + count - 1} in a thousand tries`);
}

async function claimed(port) {
  const socket = createSocket('udp4');
  socket.unref();
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    socket.close();
    return false;
  }
}

async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
