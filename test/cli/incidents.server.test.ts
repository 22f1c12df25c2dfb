import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { millrace, objects, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const begin = Date.UTC(2026, 0, 29, 8);
const services = ['cart', 'payment', 'search'];

/** An hour of three services in records of a shipper; from the 30th minute on payment fails for five. */
function recorded(): string {
  const records: string[] = [];
  for (let second = 0; second < 3_600; second++) {
    for (const service of services) {
      const time = begin + second * 1_000;
      const failing = service === 'payment' && second >= 1_800 && second < 2_100;
      const log = `${new Date(time).toISOString()} ${failing ? 'ERROR can not reach the bank' : 'INFO request served'}`;
      const kubernetes = { pod_name: `${service}-7d9c5b6f4-x2x9q`, container_name: service, labels: { app: service } };
      records.push(JSON.stringify({ '@timestamp': time / 1_000, log, kubernetes }));
    }
  }
  return `${records.join('\n')}\n`;
}

function directory(): string {
  const folder = join(emptyDirectory(), 'recorded');
  mkdirSync(folder);
  return folder;
}

describe('millrace replay', () => {
  test('prints the lifecycle in event time, with the fields of the stable interface', async () => {
    const folder = directory();
    writeFileSync(join(folder, 'logs.ndjson.gz'), gzipSync(recorded()));
    const change = {
      timestamp: '2026-01-29T08:29:30Z',
      kind: 'deployment',
      service: 'payment',
      version: '2.1',
      author: 'ada',
    };
    writeFileSync(join(folder, 'changes.ndjson'), `${JSON.stringify(change)}\n`);
    const { code, out, err } = await millrace(['replay', folder]);
    expect(code).toBe(0);
    const none = '0 set aside as dead letters';
    expect(err.replace(/[\d,]+ lines/g, 'all lines').split('\n')).toEqual([
      `millrace: all lines read, ${none}, 0 of them late; nothing unread`,
      'millrace: reads 100 % of all lines: by their header 100 %',
      `millrace: 1 changes read, ${none}`,
      '',
    ]);
    const events = objects(out);
    expect(events.map((e) => e['event'])).toContain('opened');
    const opened = events.find((e) => e['event'] === 'opened')!;
    for (const field of 'incident_id started_at detected_at services score severity root_causes summary suppressed reason updated_at'.split(
      ' ',
    )) {
      expect(opened).toHaveProperty(field);
    }
    expect(opened['services']).toEqual(['payment']);
    const detected = Date.parse(String(opened['detected_at'])) - (begin + 1_800_000);
    expect(detected).toBeGreaterThan(0);
    expect(detected).toBeLessThan(120_000);
    expect(events.at(-1)!['event']).toBe('resolved');
  });

  test('sets a change without a service aside with the reason, and keeps a commit', async () => {
    const folder = directory();
    const data = join(folder, 'data');
    writeFileSync(join(folder, 'logs.ndjson'), recorded());
    const changes = [
      { timestamp: '2026-01-29T08:29:30Z', kind: 'deployment', version: '2.1' },
      { timestamp: '2026-01-29T08:29:30Z', kind: 'commit', id: '9f3c', files: ['a.ts'] },
    ];
    writeFileSync(join(folder, 'changes.ndjson'), changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
    expect((await millrace(['replay', folder, '--data', data])).code).toBe(0);
    const ask = async (sql: string) => objects((await millrace(['query', sql, '--data', data, '--json'])).out);
    expect(await ask('SELECT origin, reason, detail FROM dead_letters')).toEqual([
      {
        origin: 'changes',
        reason: 'unreadable',
        detail:
          'INPUT_FIELD_WRONG: changes: a change of kind deployment names its service, or * for all; correct what sends it',
      },
    ]);
    expect(await ask('SELECT change_id, files FROM changes')).toEqual([{ change_id: '9f3c', files: ['a.ts'] }]);
  });

  test('reads lines that no shipper gave a time', async () => {
    const folder = directory();
    const lines = Array.from({ length: 240 }, (_, i) => {
      const time = new Date(begin + i * 1_000).toISOString();
      return `${time} ${i < 120 ? 'INFO ready' : 'ERROR no stock'} ${i}\n`;
    });
    writeFileSync(join(folder, 'logs.ndjson'), lines.join(''));
    const { out, err } = await millrace(['replay', folder]);
    expect(err).toContain('240 lines read, 0 set aside');
    expect(objects(out)[0]).toMatchObject({ event: 'opened', services: ['logs'] });
  });

  test('says what of spans and metrics is read', async () => {
    const folder = directory();
    writeFileSync(join(folder, 'logs.ndjson'), '');
    const point = { timestamp: '2026-01-29T08:00:00Z', service: 'cart', name: 'cpu_usage_percent', value: 4 };
    writeFileSync(join(folder, 'metrics.ndjson'), `${JSON.stringify(point)}\n{"value": 1}\n`);
    const span = { trace_id: 'a1', span_id: 'b2', service: 'cart', name: 'GET /', start: begin, end: begin + 5 };
    writeFileSync(join(folder, 'spans.ndjson'), `${JSON.stringify(span)}\n{"trace_id": "a1"}\n`);
    const { code, err } = await millrace(['replay', folder]);
    const counts = '0 lines read, 0 set aside as dead letters, 0 of them late; nothing unread';
    const spans = '2 spans read, 1 set aside as dead letters';
    const points = '2 metrics read, 1 set aside as dead letters';
    const expected = [counts, spans, points].map((line) => `millrace: ${line}\n`);
    expect([code, err]).toEqual([0, expected.join('')]);
  });
});

describe('millrace watch', () => {
  test('goes on within the ten seconds in which its input had ended, and counts each line where it belongs', async () => {
    const folder = directory();
    const [log, data] = [join(folder, 'cart.log'), join(folder, 'data')];
    const line = (i: number) => `${new Date(begin + 3_000 + i * 1_000).toISOString()} INFO line ${i}\n`;
    for (const [from, to] of [
      [0, 125],
      [125, 248],
      [248, 400],
    ] as const) {
      appendFileSync(log, Array.from({ length: to - from }, (_, i) => line(from + i)).join(''));
      expect((await millrace(['watch', '--no-follow', '--json', '--data', data, log])).code).toBe(0);
    }
    const sql =
      'SELECT count() n, sum(lines) l, max(window_start) last, countIf(lines = 10) whole FROM service_windows FINAL';
    const { out } = await millrace(['query', sql, '--data', data, '--json']);
    const last = new Date(begin + 400_000).toISOString().slice(0, 23).replace('T', ' ');
    expect(objects(out)).toEqual([{ n: 41, l: 400, last, whole: 39 }]);
  });

  test('of stdin finds what replay finds, and ends with it', async () => {
    const { code, out } = await millrace(['watch', '-', '--json'], { input: recorded() });
    expect(code).toBe(0);
    const opened = objects(out).filter((e) => e['event'] === 'opened');
    expect(opened.map((e) => e['services'])).toEqual([['payment']]);
  });

  test.each([
    ['short, so that its writer has ended before the first line is read', 2_000],
    ['long', 30_000],
  ])('counts every line of an input that is %s', async (_, length) => {
    const data = directory();
    const lines = Array.from({ length }, (_, i) => `${new Date(begin + i * 100).toISOString()} INFO request ${i}\n`);
    const { code, err } = await millrace(['watch', '-', '--data', data], { input: lines.join('') });
    expect([code, err]).toEqual([
      0,
      `millrace: ${length} lines read, 0 set aside as dead letters, 0 of them late; nothing unread\n` +
        `millrace: reads 100 % of ${length.toLocaleString('en')} lines: by their header 100 %\n`,
    ]);
    const sum = await millrace(['query', 'SELECT sum(records_in) AS lines FROM ledger', '--data', data, '--json']);
    expect(objects(sum.out).map(({ lines: counted }) => Number(counted))).toEqual([length]);
  });

  test('calls services after their files, wherever it was started', async () => {
    const cwd = directory();
    const data = join(cwd, 'data');
    mkdirSync(join(cwd, 'logs'));
    const lines = `${new Date(begin).toISOString()} INFO served\n`;
    for (const service of services) writeFileSync(join(cwd, 'logs', `${service}.log`), lines);
    await millrace(['watch', './logs/cart.log', 'logs/p*.log', 'logs/search.log', '--no-follow', '--data', data], {
      cwd,
    });
    const sql = 'SELECT DISTINCT service FROM service_windows ORDER BY service';
    const { out } = await millrace(['query', sql, '--data', data, '--json']);
    expect(objects(out).map(({ service }) => service)).toEqual(services);
  });

  test('remembers under --data what it has read: nothing is said twice', async () => {
    const folder = directory();
    const log = join(folder, 'all.log');
    writeFileSync(log, recorded());
    const args = ['watch', log, '--no-follow', '--data', join(folder, 'data')];
    expect(objects((await millrace(args)).out).length).toBeGreaterThan(0);
    expect(await millrace(args)).toMatchObject({ code: 0, out: '' });
  });

  test('keeps rows as long as millrace.yaml says', async () => {
    const cwd = directory();
    const data = join(cwd, 'data');
    writeFileSync(join(cwd, 'cart.log'), `${new Date(begin).toISOString()} INFO served\n`);
    writeFileSync(join(cwd, 'millrace.yaml'), 'retention: { incidents: forever, ledger: 7d }\n');
    expect((await millrace(['watch', 'cart.log', '--no-follow', '--data', data], { cwd })).code).toBe(0);
    const sql = `SELECT name, extract(engine_full, 'TTL .*Day.([0-9]+)') AS days FROM system.tables
      WHERE name IN ('incidents', 'templates', 'ledger') ORDER BY name`;
    const { out } = await millrace(['query', sql, '--data', data, '--json']);
    expect(objects(out).map(({ name, days }) => `${name} ${days}`)).toEqual(['incidents ', 'ledger 7', 'templates 90']);
  });

  test('follows until a signal, serves its page, and ends with 0', async () => {
    const folder = directory();
    const log = join(folder, 'all.log');
    writeFileSync(log, recorded());
    const running = start(['watch', log, '--console']);
    await running.said('"event":"opened"');
    await running.said(/console is at http\S+/);
    const url = /console is at (http\S+)/.exec(running.heard())![1]!;
    const state = (await (await fetch(`${url}/api/state`)).json()) as { graph: { id: string }[] };
    expect(state.graph.map((n) => n.id)).toContain('incidents');
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
