/**
 * A gateway before a search server, in the test's own process. It answers in the server's place when a test wants it:
 * with 429 or 413, or because a password is missing.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** A request on its way to the server. */
export interface Passing {
  readonly request: IncomingMessage;
  readonly body: string;
  /** Hands a body to the server and returns its answer. */
  pass(body?: string): Promise<Response>;
}

/** Starts a gateway before `url`. `answer` is asked for each bulk request; if it gives undefined, the request passes. */
export async function gateway(
  url: string,
  answer: (passing: Passing) => Promise<Response | undefined> | Response | undefined,
  make: (listener: RequestListener) => Server = createServer,
): Promise<{ readonly port: number; close(): void }> {
  const server = make(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const pass = (instead = body) =>
      fetch(`${url}${request.url}`, {
        method: request.method!,
        headers: { 'content-type': request.headers['content-type']!, accept: request.headers.accept! },
        body: instead,
      });
    const isBulk = request.url!.startsWith('/_bulk');
    const answered = (isBulk ? await answer({ request, body, pass }) : undefined) ?? (await pass());
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'application/json' });
    response.end(await answered.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
