/**
 * What shippers are told. Neither program is run here: names are held to lists out of their documentation, expressions
 * are tried on lines, and what must come out is read as the incident job reads it.
 */
import { describe, expect, test } from 'vitest';
import { EventLines, newSource } from '../../logs/lines/event-lines.ts';
import { lineReader, type RawLine } from '../../logs/lines/raw-line.ts';
import { documentOf, textOf } from '../support/deploy/files.ts';

type Section = Readonly<Record<string, unknown>>;

const fluentBit = documentOf<{
  readonly service: Section;
  readonly pipeline: Readonly<Record<'inputs' | 'filters' | 'outputs', readonly Section[]>>;
}>('deploy/fluent-bit/fluent-bit.yaml');
const collector = documentOf<{
  readonly extensions: Readonly<Record<string, Section>>;
  readonly receivers: Readonly<Record<string, Section>>;
  readonly processors: Readonly<Record<string, Section>>;
  readonly exporters: Readonly<Record<string, Section>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: {
      readonly logs: Readonly<Record<'receivers' | 'processors' | 'exporters', readonly string[]>>;
    };
  };
}>('deploy/otel-collector/collector.yaml');

/** Keys by plug-in as docs.fluentbit.io names them, as far as they make sense here; any plug-in has the common ones. */
const common = 'name alias match tag storage.type storage.pause_on_chunks_overlimit retry_limit'.split(' ');
const documented: Readonly<Record<string, string>> = {
  tail: 'path exclude_path db db.locking db.sync read_from_head refresh_interval rotate_wait buffer_chunk_size buffer_max_size skip_long_lines skip_empty_lines mem_buf_limit',
  grep: 'regex exclude logical_op',
  kubernetes: 'kube_tag_prefix merge_log keep_log labels annotations buffer_size kube_url use_kubelet',
  lua: 'script call code type_int_key type_array_key protected_mode time_as_table',
  kafka: 'brokers topics format message_key message_key_field timestamp_key timestamp_format queue_full_retries',
};
const documentedService =
  'flush grace daemon log_level http_server http_listen http_port storage.path storage.sync storage.checksum storage.max_chunks_up storage.backlog.mem_limit storage.metrics'.split(
    ' ',
  );

/** Expressions of grep, which leaves a line if one of them is found in its field. */
const dropping = fluentBit.pipeline.filters
  .filter(({ name }) => name === 'grep')
  .flatMap(({ exclude }) => exclude as string | readonly string[])
  .map((rule) => {
    const [field, ...rest] = rule.split(' ');
    return { field, expression: rest.join(' ') };
  });
const conditions = (collector.processors['filter']!['logs'] as { readonly log_record: readonly string[] }).log_record;

describe('Fluent Bit', () => {
  const { inputs, filters, outputs } = fluentBit.pipeline;
  const plugins = [...inputs, ...filters, ...outputs];

  test('every key is one of its plug-in', () => {
    const unknown = plugins.flatMap((section) => {
      const keys = [...common, ...documented[String(section['name'])]!.split(' ')];
      return Object.keys(section).filter((key) => !keys.includes(key) && !key.startsWith('rdkafka.'));
    });
    expect(unknown).toEqual([]);
    expect(Object.keys(fluentBit.service).filter((key) => !documentedService.includes(key))).toEqual([]);
  });

  test('every plug-in has a name of its own, by which it is counted', () => {
    const aliases = plugins.map(({ alias }) => alias);
    expect(aliases).not.toContain(undefined);
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(textOf('deploy/fluent-bit/fluent-bit.yaml')).toContain('fluentbit_filter_dropped_records_total');
  });

  test('what is read reaches every filter and the output', () => {
    expect(inputs.map(({ tag }) => tag)).toEqual(['kube.*']);
    expect([...filters, ...outputs].every(({ match }) => match === 'kube.*')).toBe(true);
  });

  test('lines are not joined, waited for on the disk, and keyed by their source', () => {
    expect(plugins.flatMap((section) => Object.keys(section)).filter((key) => /multiline|parser/.test(key))).toEqual(
      [],
    );
    expect(inputs[0]).toMatchObject({ 'storage.type': 'filesystem' });
    expect(outputs).toMatchObject([
      { topics: 'logs', message_key_field: 'source', format: 'json', retry_limit: 'no_limits' },
    ]);
    expect(fluentBit.service['storage.path']).toBeDefined();
    expect(outputs).toMatchObject([{ queue_full_retries: 0, 'rdkafka.message.timeout.ms': 0 }]);
  });

  test('the script that is called is there and makes whole milliseconds', () => {
    const lua = filters.find(({ name }) => name === 'lua')!;
    expect(lua).toMatchObject({ script: '/fluent-bit/etc/raw-line.lua', call: 'raw_line', type_int_key: 'time' });
    expect(textOf('deploy/fluent-bit/raw-line.lua')).toContain('function raw_line(tag, timestamp, record)');
  });
});

const stamp = '2026-01-29T10:00:00.123456789Z';
const lines: readonly (readonly [string, 'kept' | 'dropped'])[] = [
  [
    `${stamp} stdout F 10.0.0.1 - - [29/Jan/2026:10:00:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.33"`,
    'dropped',
  ],
  [`${stamp} stdout F 10.0.0.1 - - [29/Jan/2026:10:00:00 +0000] "GET /readyz?verbose HTTP/1.1" 204 0`, 'dropped'],
  [`${stamp} stdout F 10.0.0.1 - - [29/Jan/2026:10:00:00 +0000] "GET /healthz HTTP/1.1" 503 2`, 'kept'],
  [`${stamp} stdout F 10.0.0.1 - - [29/Jan/2026:10:00:00 +0000] "GET /health-plans HTTP/1.1" 200 2`, 'kept'],
  [`${stamp} stdout F 10.0.0.1 - - [29/Jan/2026:10:00:00 +0000] "POST /ping HTTP/1.1" 200 2`, 'kept'],
  [`${stamp} stdout F 2026-01-29 10:00:00,123 DEBUG cart.Store: loaded 3`, 'dropped'],
  [`${stamp} stdout F 10:00:00.123 [main] DEBUG cart.Store - loaded 3`, 'dropped'],
  [`${stamp} stderr F [TRACE] loaded 3`, 'dropped'],
  [`${stamp} stdout F 2026-01-29 10:00:00,123 INFO log level is now DEBUG here`, 'kept'],
  [`${stamp} stdout F DEBUGGER attached`, 'kept'],
  [`${stamp} stdout F {"ts":1,"level":"debug","msg":"x"}`, 'dropped'],
  [`${stamp} stdout F {"level": "info","msg":"set \\"level\\":\\"debug\\""}`, 'kept'],
  [`${stamp} stdout F time=2026-01-29T10:00:00Z level=debug msg=x`, 'dropped'],
  [`${stamp} stdout F level=info msg="level=debug was asked for"`, 'kept'],
  [`${stamp} stdout P 2026-01-29 10:00:00,123 DEBUG the head of a line that was cut`, 'kept'],
  [`${stamp} stdout F `, 'kept'],
];

describe.each([
  ['Fluent Bit', dropping.map(({ expression }) => expression)],
  ['the collector', conditions.map(expressionOf)],
])('at the edge, by %s', (_, expressions) => {
  test.each(lines)('%s is %s', (line, fate) => {
    const found = expressions.some((expression) => new RegExp(expression).test(line));
    expect(found ? 'dropped' : 'kept').toBe(fate);
  });

  test('no expression takes long on a long line', () => {
    const hostile = [
      `${stamp} stdout F {${'"level'.repeat(30_000)}`,
      `${stamp} stdout F ${'"GET /health?'.repeat(20_000)}`,
    ];
    const found = hostile.flatMap((line) => expressions.filter((expression) => new RegExp(expression).test(line)));
    expect(found).toEqual([]);
  });
});

/** The expression in `IsMatch(body, "…")`. */
function expressionOf(condition: string): string {
  const [, text] = /^IsMatch\(body, (".*")\)$/.exec(condition)!;
  return JSON.parse(text!) as string;
}

test('both ask the same field of the same lines', () => {
  expect(dropping.every(({ field }) => field === 'log')).toBe(true);
  const bare = (expression: string) => expression.replace('["]', '"');
  expect(conditions.map(expressionOf)).toEqual(dropping.map(({ expression }) => bare(expression)));
});

describe('the collector', () => {
  const { service, extensions, receivers, processors, exporters } = collector;
  const logs = service.pipelines.logs;

  test('the pipeline names what there is, and all of it', () => {
    expect(logs.receivers).toEqual(Object.keys(receivers));
    expect(logs.processors.toSorted()).toEqual(Object.keys(processors).toSorted());
    expect(logs.exporters).toEqual(Object.keys(exporters));
    expect(service.extensions).toEqual(Object.keys(extensions));
  });

  test('it protects its memory first and makes batches last', () => {
    expect([logs.processors[0], logs.processors.at(-1)]).toEqual(['memory_limiter', 'batch']);
  });

  test('what is not sent yet is on the disk, and no line is given up', () => {
    expect(receivers['filelog']).toMatchObject({ storage: 'file_storage', retry_on_failure: { max_elapsed_time: 0 } });
    // One consumer: several would overtake each other after a failure.
    const queue = { storage: 'file_storage', block_on_overflow: true, num_consumers: 1 };
    expect(exporters['kafka']).toMatchObject({ sending_queue: queue, retry_on_failure: { max_elapsed_time: 0 } });
  });

  test('a record is a line, and a container has one key', () => {
    const logs = { topic: 'logs', encoding: 'raw' };
    expect(exporters['kafka']).toMatchObject({ logs, partition_logs_by_resource_attributes: true });
  });
});

/** The record that both write; see raw-line.lua and the collector's transform. */
const shipped = (line: string): RawLine => ({ line, source: 'cart/cart-5f6c-x/main', time: Date.UTC(2026, 0, 29, 10) });

describe('a raw line as shippers write it', () => {
  const reader = lineReader({});

  test('is named after its source and timed by its container runtime', () => {
    const { log, timeIsSure } = reader.read(shipped(`${stamp} stdout F no route to db`));
    expect(log).toMatchObject({ service: 'cart', message: 'no route to db', timestamp: Date.parse(stamp) });
    expect(timeIsSure).toBe(true);
  });

  test('is put together again where the runtime cut it, and joined with the trace that follows', () => {
    const events = new EventLines(reader);
    const open = newSource('cart/cart-5f6c-x/main');
    const add = (text: string) => {
      const line = reader.read(shipped(`${stamp} ${text}`));
      return events.add(open, line, line.time);
    };
    expect(add('stderr P 2026-01-29 10:00:00 ERROR a line ')).toBeNull();
    expect(add('stderr F that was cut')).toBeNull();
    expect(add('stderr F \tat cart.Store.load(Store.java:7)')).toBeNull();
    const event = add('stderr F 2026-01-29 10:00:01 INFO next');
    expect(event?.log).toMatchObject({ level: 'ERROR', service: 'cart' });
    expect(event?.log.message).toContain('a line that was cut');
  });
});
