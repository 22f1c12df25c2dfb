/** A ClickHouse that answers every request with one failure. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Its URL. Without a code it hangs up on every request. */
export async function failingClickHouse(code?: number): Promise<string> {
  const front = createServer((request, response) => {
    if (code === undefined) return void request.destroy();
    request.resume();
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': String(code) });
    response.end(`Code: ${code}. DB::Exception: of this reason. (SOME_NAME)\n`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => front.once('listening', resolve));
  onTestFinished(() => void front.close());
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
}
