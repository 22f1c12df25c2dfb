/**
 * A TCP proxy on the loopback between a client and a real server, which breaks in the ways that networks do: it cuts
 * connections, in the middle of a request or between a request and its answer, delays, refuses, and holds connections
 * open without passing anything on. It knows no protocol: a request is recognised by bytes that it contains.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Where the proxy leads. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Starts a proxy to `target`. */
export async function faultProxy(target: Target): Promise<FaultProxy> {
  const proxy = new FaultProxy(target);
  await proxy.listen();
  return proxy;
}

export class FaultProxy {
  readonly host = '127.0.0.1';
  /** Where new connections lead; changing it is a fail-over. */
  target: Target;
  readonly #listener = createServer((client) => this.#accept(client));
  readonly #pairs = new Set<Pair>();
  #port = 0;
  #isRefusing = false;
  #isHolding = false;
  #held: (() => void)[] = [];
  #delayMs = 0;
  #bytesLeft: { bytes: number; readonly done: () => void } | undefined;
  #losing: { readonly match: string; readonly lost: () => void } | undefined;

  constructor(target: Target) {
    this.target = target;
  }

  /** Where clients connect to. */
  get port(): number {
    return this.#port;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#pairs.size;
  }

  async listen(): Promise<void> {
    this.#listener.listen(0, this.host);
    await once(this.#listener, 'listening');
    this.#port = (this.#listener.address() as AddressInfo).port;
  }

  /** Cuts every connection now; new ones are accepted. */
  cut(): void {
    for (const pair of [...this.#pairs]) this.#drop(pair);
  }

  /** Cuts every connection, and every new one at once, until `accept`. */
  refuse(): void {
    this.#isRefusing = true;
    this.cut();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Passes `bytes` more bytes of requests, then cuts; resolves when that happened. The server sees a torn request. */
  cutAfter(bytes: number): Promise<void> {
    return new Promise((done) => (this.#bytesLeft = { bytes, done }));
  }

  /**
   * Passes on the next request that contains `match` (any, if it is empty), keeps its answer back and cuts when the
   * answer is there: applied, but unknown to the client. Resolves when that happened.
   */
  loseAnswer(match = ''): Promise<void> {
    return new Promise((lost) => (this.#losing = { match, lost }));
  }

  /** Passes nothing on, in either direction, with all connections open, until `release`. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    const held = this.#held;
    this.#held = [];
    for (const pass of held) pass();
  }

  /** Passes everything on only after `ms`; 0 ends it. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket): void {
    client.on('error', () => {});
    if (this.#isRefusing) {
      client.destroy();
      return;
    }
    const server = connect(this.target.port, this.target.host);
    const pair = { client, server };
    this.#pairs.add(pair);
    client.setNoDelay(true);
    server.setNoDelay(true);
    server.on('error', () => {});
    let isLosing = false;
    client.on('data', (data) => {
      this.#pass(() => {
        if (this.#losing !== undefined && data.includes(this.#losing.match)) isLosing = true;
        this.#request(pair, data);
      });
    });
    server.on('data', (data) => {
      this.#pass(() => {
        if (!isLosing) client.write(data);
        else this.#lose(pair);
      });
    });
    client.on('close', () => this.#drop(pair));
    server.on('close', () => this.#drop(pair));
  }

  /** Passes a request on, or the part of it that may still pass. */
  #request(pair: Pair, data: Buffer): void {
    const limit = this.#bytesLeft;
    if (limit === undefined || limit.bytes > data.length) {
      if (limit !== undefined) limit.bytes -= data.length;
      pair.server.write(data);
      return;
    }
    this.#bytesLeft = undefined;
    pair.server.write(data.subarray(0, limit.bytes), () => {
      this.#drop(pair);
      limit.done();
    });
  }

  #lose(pair: Pair): void {
    const losing = this.#losing;
    this.#losing = undefined;
    this.#drop(pair);
    losing?.lost();
  }

  #pass(action: () => void): void {
    if (this.#isHolding) this.#held.push(action);
    else if (this.#delayMs > 0) setTimeout(action, this.#delayMs);
    else action();
  }

  #drop(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }
}
