/** Lines of programs that no format knows: their times, levels and requests, and what looks like these and is none. */
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../logs/packings/unpack.ts';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const timeOf = (line: string) => {
  const { timestamp, timestampSource } = read(line);
  return timestampSource === 'line' ? new Date(timestamp!).toISOString() : null;
};

describe('times', () => {
  it.each([
    ['INFO 01-29 08:51:24 [core.py:7] gone', '2026-01-29T08:51:24.000Z'],
    ['2026-01-29.08:51:24 gone', '2026-01-29T08:51:24.000Z'],
    ['2026年1月29日 08时51分24秒 gone', '2026-01-29T08:51:24.000Z'],
    ['20260129085124967 ERROR gone', '2026-01-29T08:51:24.967Z'],
    ['[7:8:0129/085124.967123:ERROR:gpu.cc(4)] gone', '2026-01-29T08:51:24.967Z'],
    ['08:51:24.967: error: gone', '2026-01-31T08:51:24.967Z'],
    ['0:00:01.234567890 7 WARN gone', null],
    ['T+12.3s ERROR gone', null],
    ['rows 01-29 08:51:24 of two', null],
    ['ratio 0129/0851 reached', null],
  ])('%s', (line, time) => {
    expect(timeOf(line)).toBe(time);
  });

  it.each([
    ['{"tsNs":1769676684967000000,"msg":"gone"}', '2026-01-29T08:51:24.967Z'],
    ['{"ts_us":1769676684967000,"msg":"gone"}', '2026-01-29T08:51:24.967Z'],
    ['{"timeMs":1769676684967,"msg":"gone"}', '2026-01-29T08:51:24.967Z'],
    ['{"time":[2026,1,29,8,51,24,967000000],"msg":"gone"}', '2026-01-29T08:51:24.967Z'],
    ['{"timestamp":[2026,1,29,8,51],"msg":"gone"}', '2026-01-29T08:51:00.000Z'],
    ['{"timeMs":12,"msg":"gone"}', null],
    ['{"time":[1,2,3,4,5],"msg":"gone"}', null],
  ])('%s', (line, time) => {
    expect(timeOf(line)).toBe(time);
  });
});

describe('levels', () => {
  it.each([
    ['2026-01-29 08:51:24.967  42-43/com.shop E/Cart: gone', 'ERROR'],
    ['2026-01-29 08:51:24.967  42-43  Cart      com.shop      W  gone', 'WARN'],
    ['2026/01/29 08:51:24 ...s/cart/cart.go:7:Add() [E] gone', 'ERROR'],
    ['260129 08:51:24 ERROR gone', 'ERROR'],
    ['{"lv":"error","msg":"gone"}', 'ERROR'],
    ['{"TimeCreated":"2026-01-29T08:51:24Z","LevelDisplayName":"Error","Message":"gone"}', 'ERROR'],
    ['{"timestamp":"2026-01-29T08:51:24Z","severity":4,"message":"gone"}', 'WARN'],
    ['Out of memory: Killed process 42 (cart)', 'ERROR'],
    ['Memory cgroup out of memory: Killed process 42 (cart)', 'ERROR'],
    ['cart[42]: segfault at 0 ip 00007f sp 00007f error 4', 'ERROR'],
    ['Aborted (core dumped)', 'ERROR'],
    ['Out of memory is what it says', null],
    ['a,b:c() [E] two', null],
  ])('%s', (line, level) => {
    expect(read(line).level).toBe(level);
  });

  it('of a column of numbers in a table are those of syslog', () => {
    const rows = ['timestamp,host,level,msg', '2026-01-29T08:51:24Z,fw,4,low', '2026-01-29T08:51:25Z,fw,3,gone'];
    expect(rows.map((row) => parser.parse(row, 'table', now).level)).toEqual([null, 'WARN', 'ERROR']);
  });

  it('of an event of Kubernetes that Metricbeat ships', () => {
    const event = { type: 'Warning', reason: 'BackOff', message: 'gone', involved_object: { name: 'cart-0' } };
    const line = JSON.stringify({ '@timestamp': '2026-01-29T08:51:24Z', kubernetes: { event } });
    expect(read(line)).toMatchObject({ level: 'WARN', message: 'gone' });
  });
});

describe('requests', () => {
  it.each([
    ['08:51:24 | 500 |  1.2ms |  10.0.0.7 | GET     | /cart  | gone', 'ERROR', 500],
    ['2026-01-29 08:51:24 INFO Completed 500 Internal Server Error in 18ms (Views: 1ms)', 'ERROR', 500],
    ['I, [2026-01-29T08:51:24 #7]  INFO -- : [4eeb-a] Completed 500 Internal Server Error in 1ms', 'ERROR', 500],
    ['08:51:24.967 request_id=F7 [info] Sent 503 in 12ms', 'ERROR', 503],
    ['2026-01-29 08:51:24 [p-1] INFO  Web - 500 Internal Server Error: GET - /cart in 12ms', 'ERROR', 500],
    ['2026/01/29 08:51:24 router: completed GET /cart for 10.0.0.7:0, 502 Bad Gateway in 1ms', 'ERROR', 502],
    ['2026-01-29 08:51:24 INFO Migrated 500 rows in 18ms', 'INFO', undefined],
    ['2026-01-29 08:51:24 INFO Sent 500 Welcome mails', 'INFO', undefined],
    ['2026-01-29 08:51:24 INFO upstream said 503 Service Unavailable, again', 'INFO', undefined],
  ])('%s', (line, level, status) => {
    const log = read(line);
    expect([log.level, log.parsed_fields['http.response.status_code']]).toEqual([level, status]);
  });
});

it('the hits of a search are records of their own', () => {
  const hit = (message: string) => ({ _index: 'l', _source: { '@timestamp': '2026-01-29T08:51:24Z', message } });
  const answer = { took: 3, hits: { total: { value: 2 }, max_score: 1, hits: [hit('a'), hit('b')] } };
  const records = unpack({ line: JSON.stringify(answer), source: 'search' }) ?? [];
  expect(records.map(({ line }) => read(line).message)).toEqual(['a', 'b']);
});

it('what a line’s metadata in Loki says of its trace counts', () => {
  const values = [['1769676684967000000', 'gone', { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' }]];
  const line = JSON.stringify({ streams: [{ stream: { app: 'cart' }, values }] });
  expect(read(line).trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(read('gone').trace_id).toBeNull();
});
