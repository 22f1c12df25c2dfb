import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { millrace, objects } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const lines = [
  '2026-01-29T08:51:24.967Z ERROR checkout failed for Zoë',
  '',
  '{"level":"warn","time":"2026-01-29T08:51:25.1Z","msg":"slow"}',
  'no time here',
];
const text = `${lines.join('\r\n')}`;

describe('millrace parse', () => {
  test('prints one object per event, with the fields of the stable interface; a blank line belongs to the event before', async () => {
    const { code, out } = await millrace(['parse', '-'], { input: text });
    expect(code).toBe(0);
    const events = objects(out);
    expect(events).toHaveLength(3);
    for (const event of events) {
      expect(Object.keys(event)).toEqual(
        'offset lines timestamp timestamp_source level service trace_id span_id message format parsed_fields'.split(
          ' ',
        ),
      );
    }
    expect(events[0]).toMatchObject({
      offset: 0,
      lines: 2,
      timestamp: '2026-01-29T08:51:24.967Z',
      timestamp_source: 'line',
      level: 'ERROR',
      service: 'unknown',
    });
    expect(events[2]).toMatchObject({ timestamp_source: 'ingest', message: 'no time here' });
  });

  test('the records of a packed line are events of their own, and the sum of lines is the file’s', async () => {
    const trace = '2026-01-29T08:51:26Z ERROR [main] shop.Cart - no stock\n\tat shop.Cart.add(Cart.java:12)';
    const input = `${lines[0]}\n[{"level":"info","msg":"a"},{"level":"error","msg":"b"}]\n${trace}\n`;
    const { out } = await millrace(['parse', '-'], { input });
    const second = Buffer.byteLength(`${lines[0]}\n`);
    const third = Buffer.byteLength(input) - Buffer.byteLength(`${trace}\n`);
    expect(objects(out).map(({ offset, lines, record, level }) => [offset, lines, record, level])).toEqual([
      [0, 1, undefined, 'ERROR'],
      [second, 1, 0, 'INFO'],
      // No two events share an offset: the record's number is added to that of the line.
      [second + 1, 0, 1, 'ERROR'],
      [third, 2, undefined, 'ERROR'],
    ]);
  });

  test('offsets are bytes of the file, also behind characters of several bytes, and in gzip', async () => {
    const expected = [
      0,
      Buffer.byteLength(`${lines[0]}\r\n\r\n`),
      Buffer.byteLength(`${lines.slice(0, 3).join('\r\n')}\r\n`),
    ];
    const folder = emptyDirectory();
    writeFileSync(join(folder, 'a.log'), text);
    writeFileSync(join(folder, 'a.log.gz'), gzipSync(text));
    for (const file of ['a.log', 'a.log.gz']) {
      const { out } = await millrace(['parse', join(folder, file)]);
      expect(objects(out).map((e) => e['offset'])).toEqual(expected);
    }
  });

  test('names a service, reads a zone and takes the year before --now', async () => {
    const { out } = await millrace(
      ['parse', '-', '--service', 'sshd', '--timezone', '+02:00', '--now', '2024-03-01T00:00:00Z'],
      { input: 'Dec 31 23:30:00 host sshd[7]: Accepted password\n' },
    );
    expect(objects(out)[0]).toMatchObject({ timestamp: '2023-12-31T21:30:00.000Z' });
  });

  test('reads formats of the user from a configuration', async () => {
    const folder = emptyDirectory();
    const config = join(folder, 'shop.yaml');
    writeFileSync(
      config,
      "formats:\n  - name: shop\n    pattern: '%{TIMESTAMP} <%{LOGLEVEL}> %{WORD:till} %{GREEDYDATA:message}'\n",
    );
    const input = '2026-01-29T08:51:24Z <error> t7 drawer is stuck\n';
    const { out } = await millrace(['parse', '-', '--config', config], { input });
    expect(objects(out)[0]).toMatchObject({
      format: 'shop',
      level: 'ERROR',
      message: 'drawer is stuck',
      parsed_fields: { till: 't7' },
    });
  });

  test('a time that is none is refused', async () => {
    const { code, err } = await millrace(['parse', '-', '--now', 'soon'], { input: '' });
    expect([code, err]).toEqual([2, expect.stringContaining('--now soon is no time')]);
  });

  test('a reader that has seen enough ends it quietly', () => {
    const folder = emptyDirectory();
    writeFileSync(join(folder, 'big.log'), '2026-01-29T08:51:24Z INFO line\n'.repeat(200_000));
    const bin = join(import.meta.dirname, '../../cli/bin.mjs');
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${bin}" parse big.log | head -n 1 >/dev/null; exit \${PIPESTATUS[0]}`],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
  });
});
