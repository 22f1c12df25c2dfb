import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../../cli/http-server.ts';
import { serveConsole } from '../../../cli/incidents/console-server.ts';
import { ConsoleState } from '../../../cli/incidents/console-state.ts';

let state: ConsoleState;
let server: HttpServer;
let files: string;

beforeEach(async () => {
  files = mkdtempSync(join(tmpdir(), 'millrace-page-'));
  mkdirSync(join(files, 'assets'));
  writeFileSync(join(files, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(files, 'assets', 'main-1234.js'), 'run()');
  state = new ConsoleState();
  server = await serveConsole(state, { files });
});

afterEach(async () => {
  await server.close();
  rmSync(files, { recursive: true });
});

/** Sends a request as it is, whatever a client would mend about it. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(server.url + path, { headers, agent: false }), 'response')) as [IncomingMessage];
  return response;
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response) text += part;
  return text;
}

describe('the page', () => {
  test('comes with a policy that lets nothing run but its own files', async () => {
    const response = await ask('/');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(await bodyOf(response)).toContain('<title>page</title>');
  });

  test('its assets may be kept for ever, as their names change with their content', async () => {
    expect((await ask('/assets/main-1234.js')).headers['cache-control']).toContain('immutable');
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
  });

  test.each(['/../package.json', '/..%2f..%2fetc/passwd', '/assets/../../index.ts', '/nothing'])(
    '%s is no file of it',
    async (path) => {
      expect((await ask(path)).statusCode).toBe(404);
    },
  );

  test('a name that was rebound to this machine gets nothing', async () => {
    const response = await ask('/api/state', { host: 'evil.example' });
    expect(response.statusCode).toBe(403);
    expect(await bodyOf(response)).not.toContain('revision');
  });
});

describe('the state', () => {
  test('is JSON, also where log text would be markup', async () => {
    const sample = '</script><img src=x onerror=alert(1)>';
    const incident = {
      id: 'i',
      status: 'open',
      severity: 'error',
      score: 9,
      startedAt: 1,
      detectedAt: 2,
      services: ['cart'],
      summary: sample,
      reason: null,
      evidence: [],
      rootCauses: [],
      deploys: [],
      samples: [sample],
      templates: [],
    } as const;
    state.change({ now: 5, incidents: [incident] });
    const response = await ask('/api/state');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await bodyOf(response))).toMatchObject({ revision: 1, now: 5, incidents: [incident] });
  });

  test('changes arrive as numbered events, and only new ones', async () => {
    state.change({ now: 1 });
    const response = await ask('/api/events');
    response.setEncoding('utf8');
    await once(response, 'data');
    state.change({ now: 2, linesTotal: 10 });
    const [message] = (await once(response, 'data')) as [string];
    expect(message).toBe('data: {"kind":"delta","delta":{"now":2,"linesTotal":10,"revision":2}}\n\n');
    response.destroy();
  });
});

test('a page that was not built is said to be, before anything is served', async () => {
  await expect(serveConsole(new ConsoleState(), { files: '/nowhere' })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('the web page is not built'),
  });
});
