/**
 * Records of shippers and of what exports logs again are read as the lines in them.
 */
import { expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import { unpack } from '../../../logs/packings/unpack.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

const time = '2026-01-29T08:51:24.967Z';
const ms = Date.parse(time);
const source = 'one';

/** The events of records, each on its line. */
function read(...records: readonly object[]): readonly ParsedLog[] {
  const parser = logParser({});
  const joiner = new LineJoiner();
  const lines = records.map((record) => JSON.stringify(record));
  const apart = lines.flatMap((line) => unpack({ line, source }) ?? [{ line, source }]);
  const events = [...apart.map(({ line }) => joiner.push(line)), joiner.flush()];
  return events.flatMap((event) => (event === null ? [] : parser.parse(event.join('\n'), source, 0)));
}

const task = { ecs_cluster: 'prod', ecs_task_arn: 'arn:aws:ecs:eu:1:task/prod/9f', ecs_task_definition: 'shop-cart:7' };
const event = { timestamp: ms, message: 'ERROR no stock', ingestionTime: ms };
const hit = { '@timestamp': time, 'log.level': 'error', 'service.name': 'cart', message: 'no stock' };

test.each<[string, object]>([
  [
    'FireLens',
    { ...task, container_id: 'a', container_name: 'cart', source: 'stderr', log: `${time} ERROR no stock\n` },
  ],
  [
    'FireLens, JSON inside',
    {
      ...task,
      container_name: '/cart',
      source: 'stdout',
      log: JSON.stringify({ time, level: 'error', msg: 'no stock' }),
    },
  ],
  [
    'Azure, the description',
    { records: [{ time, level: 'Error', resultDescription: 'no stock', properties: '{"appName":"cart"}' }] },
  ],
  [
    'Azure, properties as a text',
    { records: [{ time, level: 'Error', properties: JSON.stringify({ appName: 'cart', message: 'no stock' }) }] },
  ],
  ['Azure, a row of a query', { TimeGenerated: time, LogEntry: 'ERROR no stock', ContainerName: 'cart' }],
  [
    'Datadog, found again',
    { id: 'AQ', content: { timestamp: time, service: 'cart', status: 'error', message: 'no stock', tags: [] } },
  ],
  [
    'Datadog, its API',
    {
      data: [
        {
          id: 'AQ',
          type: 'log',
          attributes: { timestamp: time, service: 'cart', status: 'error', message: 'no stock' },
        },
      ],
    },
  ],
  ['CloudWatch, a row', { logGroup: '/aws/ecs/cart', logStream: 'ecs/cart/9f', ...event }],
  ['Elasticsearch, a hit', { _index: 'logs', _id: '1', _source: hit }],
  ['Splunk, a row', { preview: false, result: { _time: time, _raw: 'ERROR no stock', service: 'cart' } }],
  ['New Relic', [{ common: { attributes: { service: 'cart' } }, logs: [event] }]],
  ['lines of a list', { lines: [{ timestamp: ms, line: 'no stock', app: 'cart', level: 'ERROR' }] }],
  [
    'OTLP, a body of pairs',
    {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: `${ms}000000`,
                  severityNumber: 17,
                  body: { kvlistValue: { values: [{ key: 'msg', value: { stringValue: 'no stock' } }] } },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  [
    'the journal, by its unit',
    { __REALTIME_TIMESTAMP: `${ms}000`, MESSAGE: 'no stock', PRIORITY: '3', _SYSTEMD_UNIT: 'cart.service' },
  ],
  [
    'Google, a level of its stream',
    {
      timestamp: time,
      severity: 'INFO',
      textPayload: `${time} ERROR no stock`,
      resource: { labels: { container_name: 'cart' } },
    },
  ],
  [
    'Google, no level assigned',
    {
      timestamp: time,
      severity: 'DEFAULT',
      textPayload: '[error] no stock',
      resource: { labels: { container_name: 'cart' } },
    },
  ],
])('%s', (_, record) => {
  const events = read(record);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ level: 'ERROR', service: 'cart', timestamp: ms });
  expect(events[0]!.message).toMatch(/^(?:ERROR )?no stock$/);
});

test('what is common to a batch and what a task is are fields', () => {
  const [log] = read({ common: { attributes: { service: 'cart', hostname: 'web-1' } }, logs: [event, event] });
  expect(log!.parsed_fields).toMatchObject({ 'common.hostname': 'web-1' });
  const [other] = read({ ...task, container_name: '/ecs-shop-cart-7-web-9cf2', container_id: 'a', log: 'ok' });
  expect(other).toMatchObject({
    service: 'shop-cart',
    parsed_fields: { 'container.name': 'ecs-shop-cart-7-web-9cf2' },
  });
});

test('answers with a token for the next one are lists; what shows no time is a record', () => {
  expect(read({ events: [event, event], nextForwardToken: 'f/1' })).toHaveLength(2);
  expect(read({ events: [{ name: 'a' }, { name: 'b' }] })).toHaveLength(1);
  expect(read({ data: [event], total: 1 })).toHaveLength(1);
});

test('lines of a container are joined through FireLens, and records in it are not', () => {
  const line = (log: string): object => ({ ...task, container_name: 'cart', source: 'stderr', log });
  const events = read(
    ...[line(`${time} ERROR no stock`), line('java.lang.Error: none'), line('\tat Cart.pay(Cart.java:1)')],
    ...[line('{"level":"warn","msg":"low"}'), line('{"level":"info","msg":"ok"}')],
  );
  expect(events.map(({ level, message }) => [level, message.split('\n').length])).toEqual([
    ['ERROR', 3],
    ['WARN', 1],
    ['INFO', 1],
  ]);
});

test('parts of a line that the driver cut are one line', () => {
  const part = (log: string, last: string): object => ({
    ...{
      container_id: 'a',
      container_name: 'cart',
      source: 'stdout',
      log,
      partial_message: 'true',
      partial_last: last,
    },
  });
  expect(read(part('no ', 'false'))[0]!.parsed_fields).toMatchObject({ 'log.flags': 'partial' });
  expect(read(part('stock', 'true'))[0]!.parsed_fields).not.toHaveProperty('log.flags');
});

test.each([
  '2026-01-29 08:51:24.967 +0000 kube.cart: {"log":"ERROR no stock","stream":"stdout"}',
  '2026-01-29T08:51:24.967+00:00\tkube.cart\t{"log":"ERROR no stock\\n"}',
  '[3] kube.cart: [1769676684.967000000, {"log":"ERROR no stock"}]',
  '[3] kube.cart: [[1769676684.967000000, {}], {"message":"no stock","level":"error"}]',
])('what Fluentd and Fluent Bit write out: %s', (line) => {
  const log = logParser({}).parse(line, source, 0);
  expect(log).toMatchObject({ level: 'ERROR', timestamp: ms, parsed_fields: { 'fluent.tag': 'kube.cart' } });
});

test('a record behind a name is a message where it holds no line, or the time no zone', () => {
  for (const line of [`${time} order: {"id":7}`, '2026-01-29 08:51:24 cart: {"message":"no stock"}'])
    expect(logParser({}).parse(line, source, 0).parsed_fields).not.toHaveProperty('fluent.tag');
});

test('a message that is dated by its own counts more than a level around it, prose does not', () => {
  const [dated, prose] = read(
    { level: 'info', msg: `[${time}] [error] no stock`, time },
    { level: 'info', msg: '2026 was an ERROR for all', time },
  );
  expect([dated!.level, prose!.level]).toEqual(['ERROR', 'INFO']);
});

test('a pod as Vector names it gives the service, whether or not its source is named', () => {
  const kubernetes = { pod_name: 'pay-7d9c5b6f4-x8kzk', container_name: 'app', pod_labels: { app: 'pay' } };
  for (const origin of [{}, { source_type: 'kubernetes_logs' }]) {
    const line = JSON.stringify({
      ...origin,
      timestamp: '2026-01-29T08:51:24Z',
      message: 'ERROR: no card',
      kubernetes,
    });
    expect(logParser({}).parse(line, source, 0)).toMatchObject({
      service: 'pay',
      level: 'ERROR',
      timestamp: Date.UTC(2026, 0, 29, 8, 51, 24),
    });
  }
});
