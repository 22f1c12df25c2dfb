/**
 * The console in a real browser, built as it ships, against a server that sends a scripted state: what people see and
 * do, and what hostile log text must not do. Needs Chromium; `CHROMIUM` names another binary than Debian's.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConsoleEvent, Delta, Incident, Snapshot } from '../../console/snapshot.ts';
import { hostileLine, now, scriptedSnapshot } from '../support/e2e/console-script.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

let dist: string;
let browser: Browser;
let server: FastifyInstance;
let address: string;
let page: Page;
let state: Snapshot;
let streams: Set<ServerResponse>;
/** Everything the browser complained of: console errors and warnings, exceptions, refused and failed requests. */
let complaints: string[];

async function serve(): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true });
  app.get('/api/state', async () => state);
  app.get('/api/events', (_, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write(': here\n\n');
    streams.add(reply.raw);
    reply.raw.on('close', () => streams.delete(reply.raw));
  });
  app.get('/*', async (request, reply) => {
    const path = request.url === '/' ? '/index.html' : request.url;
    reply.header('content-security-policy', "default-src 'self'");
    reply.type(types[extname(path)]!);
    return readFile(join(dist, path));
  });
  return app;
}

function send(event: ConsoleEvent): void {
  for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
}

function change(delta: Omit<Delta, 'revision' | 'now'>, revision = 2): void {
  send({ kind: 'delta', delta: { revision, now, ...delta } });
}

async function open(width = 1280, height = 900): Promise<void> {
  page = await browser.newPage({ viewport: { width, height } });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    if (!request.url().endsWith('/api/events')) complaints.push(`failed: ${request.url()}`);
  });
  await page.goto(address);
  await page.locator('.card canvas').first().waitFor();
}

const incidentOf = (how: Partial<Incident>): Incident => ({ ...state.incidents[0]!, ...how });
/** Waits until the polite live region says so. */
const heard = (text: string) =>
  page.locator('[aria-live="polite"]').filter({ hasText: text }).waitFor({ state: 'attached' });
const options = () => page.getByRole('option');

describe.skipIf(!existsSync(executablePath))('the console', () => {
  beforeAll(async () => {
    dist = await mkdtemp(join(tmpdir(), 'console-'));
    const configFile = join(import.meta.dirname, '../../console/vite.config.ts');
    await build({ configFile, logLevel: 'warn', build: { outDir: dist } });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });

  beforeEach(async () => {
    [state, streams, complaints] = [scriptedSnapshot(), new Set(), []];
    server = await serve();
    address = await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterEach(async () => {
    await page.close();
    await server.close();
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await rm(dist, { recursive: true, force: true });
  });

  test('shows what is open first, why it fired and where it comes from', async () => {
    await open();
    expect(await options().count()).toBe(3);
    expect(await options().first().textContent()).toContain('critical');
    const detail = page.getByRole('article');
    for (const text of ['46×', 'since 09:05:10, p ≤ 10⁻³¹', '86 %', '2.41.0', '41 s later', '21 s before onset']) {
      expect(await detail.textContent()).toContain(text);
    }
    expect(await page.locator('.card h3').first().textContent()).toBe('payment');
    expect(await detail.textContent()).toContain('now ERROR lines in 60 s, since 09:05:28, well since 09:11:10');
    expect(await detail.textContent()).toContain('09:08:40, ERROR lines in 60 s');
    expect(await page.getByRole('img', { name: /score \(operator\): watermark 09:12:40, lag 13 s/ }).count()).toBe(1);
  });

  test('shows a new incident as it opens, says so once, and moves it when it is resolved', async () => {
    await open();
    const fresh = incidentOf({ id: 'inc-new', severity: 'error', services: ['cart'], summary: 'cart loses sessions' });
    change({ incidents: [fresh] });
    await page.getByRole('option', { name: /cart loses sessions/ }).waitFor();
    await heard('New error incident: cart loses sessions');
    expect(await page.locator('#group-open').textContent()).toBe('Open 2');
    change({ incidents: [{ ...fresh, status: 'resolved', resolvedAt: now }] }, 3);
    await page.getByText('Resolved 2').waitFor();
    expect(await page.locator('#group-open').textContent()).toBe('Open 1');
  });

  test('asks for the whole state again when a delta was missed', async () => {
    await open();
    state = { ...state, revision: 7, linesTotal: 9_000_000 };
    change({ linesTotal: 8_000_000 }, 7);
    await page.getByText('9M', { exact: true }).waitFor();
    expect(await page.getByText('8M', { exact: true }).count()).toBe(0);
  });

  test('shows progress through history, then that it is live', async () => {
    state = { ...state, phase: { kind: 'history', done: 1_250_000, total: 5_000_000 } };
    await open();
    expect(await page.locator('.phase').textContent()).toContain('25 %');
    expect(await page.getByRole('progressbar', { name: 'Reading history' }).getAttribute('value')).toBe('0.25');
    change({ phase: { kind: 'live' } });
    await page.locator('.phase.live').waitFor();
  });

  test('is driven by keyboard, and keeps the focus when the focused incident moves', async () => {
    await open();
    await options().first().focus();
    await page.keyboard.press('ArrowDown');
    const chosen = () => page.locator('[role="option"][aria-selected="true"]:focus').textContent();
    expect(await chosen()).toContain('search: 571 errors');
    expect(await page.getByRole('article').getByRole('heading', { level: 2 }).textContent()).toContain('search: 571');
    await page.keyboard.press('End');
    expect(await chosen()).toContain('inventory: 97');
    await page.keyboard.press('Home');
    expect(await chosen()).toContain('payment: 248');
    change({ incidents: [incidentOf({ status: 'resolved', resolvedAt: now })] });
    await page.getByText('Resolved 2').waitFor();
    expect(await chosen()).toContain('payment: 248');
  });

  test('leaves hostile text inert wherever text can come from a log', async () => {
    state = {
      ...state,
      services: [{ ...state.services[0]!, name: hostileLine, team: hostileLine }],
      incidents: [
        incidentOf({
          id: hostileLine,
          services: [hostileLine],
          summary: hostileLine,
          reason: hostileLine,
          rootCauses: [{ service: hostileLine, confidence: 0.5, reasons: [hostileLine] }],
          evidence: [{ service: hostileLine, signal: hostileLine, expected: 1, observed: 2, windowMs: 60_000 }],
          deploys: [{ service: hostileLine, version: hostileLine, author: hostileLine, at: now - 600_000 }],
          templates: [
            {
              service: hostileLine,
              kind: 'new',
              text: hostileLine,
              sample: hostileLine,
              since: now,
              observed: 1,
              expected: 0,
            },
          ],
          samples: [hostileLine, '</code><script>document.title="owned"</script>', 'x'.repeat(100_000)],
        }),
      ],
    };
    await open();
    expect(await page.locator('.templates code').textContent()).toContain('<img src=x onerror=');
    const samples = page.locator('.samples code');
    expect(await samples.nth(0).textContent()).toContain('<img src=x onerror=');
    expect(await samples.nth(0).textContent()).toContain('␛[31mred␛[0m ⟨U+202E⟩gnp.exe');
    expect(await samples.nth(1).textContent()).toContain('<script>');
    expect(await samples.nth(2).textContent()).toMatch(/x … 99,000 more characters$/);
    expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
    expect(await page.title()).toBe('Millrace');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
  });

  test('hides what the demo injected on request, and does not show the strip without it', async () => {
    await open();
    expect(await page.getByText('payment bad deploy').count()).toBe(1);
    await page.getByRole('button', { name: 'hide' }).click();
    expect(await page.getByText('payment bad deploy').count()).toBe(0);
    const { faults: _, ...rest } = state;
    send({ kind: 'snapshot', snapshot: { ...rest, revision: 2 } });
    await page.getByText('Injected').waitFor({ state: 'detached' });
  });

  test('is calm when nothing is wrong, and says what is still being learned', async () => {
    state = { ...state, incidents: [], graph: [] };
    await open();
    expect(await page.getByText('Nothing out of the ordinary so far').textContent()).toContain('2 of 14 services');
    await page.getByText('The job has not started.').waitFor();
    const { reading } = state;
    change({ reading: { ...reading, at: reading.at + 60_000 } });
    await page.getByText('Nothing out of the ordinary so far; last line read 61 s ago').waitFor();
    expect(await page.locator('.top').textContent()).toContain('38 too late');
    change({ incidents: [scriptedSnapshot().incidents[0]!] }, 3);
    await options().first().waitFor();
    await heard('New critical incident: payment: 248');
  });

  test('fits a phone without scrolling sideways', async () => {
    await open(390, 844);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('.card canvas').count()).toBe(14);
  });

  test('says that the server went away', async () => {
    await open();
    for (const stream of streams) stream.destroy();
    await page.route('**/api/events', (route) => route.fulfill({ status: 204 }));
    await page.getByText('Connection lost, trying again …').waitFor();
    expect(await page.locator('.phase.live').count()).toBe(0);
    complaints = complaints.filter((text) => !text.includes('ERR_INCOMPLETE_CHUNKED_ENCODING'));
  });
});
