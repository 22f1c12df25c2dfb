/**
 * What container runtimes and shippers wrap around lines comes off, and what they know is kept.
 */
import { describe, expect, test } from 'vitest';
import { dockerLine, fluentBit, parse } from '../../support/lines-of.ts';

describe('envelopes', () => {
  test('Docker: the line is read, its end taken off, the stream kept', () => {
    const log = parse(dockerLine('2026-01-29 08:51:20,000 - shop - ERROR - no stock\n'));
    expect(log).toMatchObject({ format: 'python', message: 'no stock', timestampSource: 'line' });
    expect(log.parsed_fields).toMatchObject({ stream: 'stdout' });
    expect(log.parsed_fields).not.toHaveProperty('log.flags');
  });

  test('Docker: a line cut at 16 KiB is flagged', () => {
    expect(parse(dockerLine('x'.repeat(16384))).parsed_fields['log.flags']).toBe('partial');
  });

  test('Docker: nanoseconds of the envelope are kept', () => {
    const log = parse(dockerLine('hello\n'));
    expect(log).toMatchObject({
      timestamp: Date.UTC(2026, 0, 29, 8, 51, 24, 967),
      timestampText: '2026-01-29T08:51:24.967123456Z',
      timestampSource: 'envelope',
      message: 'hello',
    });
  });

  test('Fluent Bit around Docker around a bare clock: the inner envelope has the time, the outer the pod', () => {
    const inner = dockerLine(
      '16:51:24.967 INFO  c.e.Cart#68 TraceID: 8db15fddbaec9cf5de01c84d99fb51ea SpanID: 4e5454bcb492bc38 ok\n',
    );
    const log = parse(fluentBit(inner, { pod_name: 'cart-1', container_name: 'server', labels: { app: 'cart' } }));
    expect(log).toMatchObject({
      timestamp: Date.UTC(2026, 0, 29, 8, 51, 24, 967),
      timestampSource: 'envelope',
      service: 'cart',
      level: 'INFO',
      trace_id: '8db15fddbaec9cf5de01c84d99fb51ea',
      span_id: '4e5454bcb492bc38',
      message: 'ok',
    });
    expect(log.parsed_fields).toMatchObject({ 'kubernetes.pod.name': 'cart-1', 'log.origin.file.line': 68 });
  });

  test('Fluent Bit that merged the application’s record: its keys count, the shipper’s are not doubled', () => {
    const log = parse(
      JSON.stringify({
        '@timestamp': '2026-01-29T08:51:24.967Z',
        level: 'error',
        msg: 'no stock',
        kubernetes: { container_name: 'cart' },
      }),
    );
    expect(log).toMatchObject({ level: 'ERROR', message: 'no stock', service: 'cart', timestampSource: 'line' });
    expect(Object.keys(log.parsed_fields).sort()).toEqual(['kubernetes.container.name', 'log.level']);
  });

  test('Fluent Bit around what CRI had cut: only the piece is marked as one', () => {
    const from = (logtag: string) =>
      parse(JSON.stringify({ date: 1_769_676_684.967, stream: 'stdout', logtag, log: 'half' })).parsed_fields;
    expect(from('P')).toEqual({ stream: 'stdout', 'log.flags': 'partial' });
    expect(from('F')).toEqual({ stream: 'stdout' });
  });

  test('CRI: whole lines and pieces', () => {
    const whole = parse('2026-01-29T08:51:24.967123456Z stderr F {"level":"warn","msg":"slow"}');
    expect(whole).toMatchObject({ level: 'WARN', message: 'slow', timestampText: '2026-01-29T08:51:24.967123456Z' });
    const piece = parse('2026-01-29T08:51:24.967123456+02:00 stdout P first half');
    expect(piece).toMatchObject({ message: 'first half', timestampSource: 'envelope' });
    expect(piece.parsed_fields).toEqual({ stream: 'stdout', 'log.flags': 'partial' });
  });
});

describe('envelopes of shippers', () => {
  const line = '2026-01-29 08:51:20,000 - shop - ERROR - no stock';

  test('Filebeat: nested and with dotted keys', () => {
    const nested = parse(
      JSON.stringify({
        '@timestamp': '2026-01-29T08:51:24.967Z',
        message: line,
        agent: { type: 'filebeat' },
        log: { offset: 42, file: { path: '/var/log/shop.log' } },
        kubernetes: { pod: { name: 'cart-1' }, container: { name: 'server' }, labels: { app: 'cart' } },
      }),
    );
    expect(nested).toMatchObject({ format: 'python', level: 'ERROR', message: 'no stock', service: 'cart' });
    expect(nested.parsed_fields).toMatchObject({
      'kubernetes.pod.name': 'cart-1',
      'log.file.path': '/var/log/shop.log',
    });
    const dotted = parse(
      JSON.stringify({
        '@timestamp': '2026-01-29T08:51:24.967Z',
        message: 'ok',
        'agent.type': 'x',
        'host.name': 'web-1',
      }),
    );
    expect(dotted).toMatchObject({ message: 'ok', timestamp: 1769676684967, timestampSource: 'envelope' });
    expect(dotted.parsed_fields['host.name']).toBe('web-1');
  });

  test('Filebeat: an event that was taken apart already is read as a record', () => {
    const event = { '@timestamp': '2026-01-29T08:51:24.967Z', message: 'no', agent: {}, log: { level: 'warn' } };
    expect(parse(JSON.stringify(event))).toMatchObject({ format: 'json', level: 'WARN', message: 'no' });
  });

  test('Vector', () => {
    const log = parse(
      JSON.stringify({
        message: line,
        source_type: 'kubernetes_logs',
        timestamp: '2026-01-29T08:51:24.967Z',
        kubernetes: { pod_name: 'cart-1', pod_labels: { app: 'cart' } },
      }),
    );
    expect(log).toMatchObject({ format: 'python', level: 'ERROR', service: 'cart', timestampSource: 'line' });
    expect(log.parsed_fields['kubernetes.pod.name']).toBe('cart-1');
  });

  test('journald: the entry has the time, the service and, when the text has none, the level', () => {
    const entry = { __REALTIME_TIMESTAMP: '1769676684967123', PRIORITY: '3', _PID: '42', SYSLOG_IDENTIFIER: 'cart' };
    const log = parse(JSON.stringify({ ...entry, MESSAGE: 'no stock' }));
    expect(log).toMatchObject({ level: 'ERROR', service: 'cart', timestampText: '2026-01-29T08:51:24.967123Z' });
    expect(log.parsed_fields['process.pid']).toBe(42);
    expect(parse(JSON.stringify({ ...entry, MESSAGE: [111, 107] })).message).toBe('ok');
    expect(parse(JSON.stringify({ ...entry, MESSAGE: 'level=info msg=fine' })).level).toBe('INFO');
  });

  test('OTLP: resource, attributes, severity, ids; none of several records speaks for the others', () => {
    const record = {
      timeUnixNano: '1769676684967123456',
      severityNumber: 17,
      body: { stringValue: 'no stock' },
      attributes: [{ key: 'http.response.status_code', value: { intValue: '502' } }],
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
    };
    const batch = (logRecords: readonly object[]): string =>
      JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
            scopeLogs: [{ logRecords }],
          },
        ],
      });
    expect(parse(batch([record]))).toMatchObject({
      level: 'ERROR',
      message: 'no stock',
      service: 'cart',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      timestampText: '2026-01-29T08:51:24.967123456Z',
      parsed_fields: { 'http.response.status_code': 502 },
    });
    const observed = { ...record, timeUnixNano: '0', observedTimeUnixNano: '1769676684967000000' };
    expect(parse(batch([observed]))).toMatchObject({ timestamp: 1_769_676_684_967, timestampSource: 'line' });
    const two = batch([record, { body: { stringValue: 'none left' } }]);
    expect(parse(two)).toMatchObject({
      level: null,
      message: two,
      parsed_fields: { 'event.reason': 'several records that were not taken apart' },
    });
  });

  test("Loki's push: labels, structured metadata, the label of a level, and the line inside", () => {
    const push = (stream: object, ...value: readonly unknown[]): string =>
      JSON.stringify({ streams: [{ stream, values: [['1769676684967123456', ...value]] }] });
    expect(parse(push({ app: 'cart', level: 'warning' }, 'no stock', { region: 'west' }))).toMatchObject({
      level: 'WARN',
      message: 'no stock',
      service: 'cart',
      timestampText: '2026-01-29T08:51:24.967123456Z',
      timestampSource: 'envelope',
      parsed_fields: { 'labels.app': 'cart', 'labels.region': 'west' },
    });
    const line = '2026-01-29 08:51:24,967 - shop - ERROR - no stock';
    expect(parse(push({ job: 'shop' }, line))).toMatchObject({ level: 'ERROR', format: 'python' });
  });

  test('CloudWatch: group, stream, time in milliseconds, and the line without its end', () => {
    const logEvents = [{ id: '3', timestamp: 1769676684967, message: '[ERROR] no stock\n' }];
    const log = parse(JSON.stringify({ logGroup: '/aws/lambda/cart', logStream: 'a', logEvents }));
    expect(log).toMatchObject({
      level: 'ERROR',
      service: 'cart',
      timestamp: 1769676684967,
      parsed_fields: {
        'aws.cloudwatch.log_group': '/aws/lambda/cart',
        'aws.cloudwatch.log_stream': 'a',
        'event.id': '3',
      },
    });
    expect(log.message).not.toMatch(/\s$/);
  });

  test("Splunk's collector: a line or a record in it, seconds, host and fields", () => {
    const posted = { time: 1769676684.967, host: 'web-1', sourcetype: 'app', fields: { service: 'cart' } };
    const fields = { 'host.name': 'web-1', 'splunk.sourcetype': 'app', 'labels.service': 'cart' };
    for (const event of ['level=error msg="no stock"', { level: 'error', msg: 'no stock' }]) {
      expect(parse(JSON.stringify({ ...posted, event }))).toMatchObject({
        level: 'ERROR',
        message: 'no stock',
        service: 'cart',
        timestamp: 1769676684967,
        parsed_fields: fields,
      });
    }
    const structlog = { event: 'no stock', level: 'error', source: 'till' };
    expect(parse(JSON.stringify(structlog)).parsed_fields['log.file.path']).toBeUndefined();
  });
});

describe('events of several lines', () => {
  const docker = (log: string): string => JSON.stringify({ log, stream: 'stdout', time: '2026-01-29T08:51:24.967Z' });

  test('the trace stays in the message and what was thrown becomes fields', () => {
    const log = parse(
      '2026-01-29 08:51:24,967 ERROR [main] c.e.Cart - no stock\njava.lang.IllegalStateException: none\n\tat c.e.Cart',
    );
    expect(log.message).toBe('no stock\njava.lang.IllegalStateException: none\n\tat c.e.Cart');
    expect(log.parsed_fields).toMatchObject({
      'error.type': 'java.lang.IllegalStateException',
      'error.message': 'none',
      'error.stack_trace': 'java.lang.IllegalStateException: none\n\tat c.e.Cart',
    });
    const python = parse('Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 7');
    expect(python.parsed_fields).toMatchObject({ 'error.type': 'KeyError', 'error.message': '7' });
  });

  test('each line’s own envelope comes off, the first one’s time counts', () => {
    const log = parse(['no stock\n', '\tat c.e.Cart\n'].map(docker).join('\n'));
    expect(log).toMatchObject({ message: 'no stock\n\tat c.e.Cart', timestampSource: 'envelope' });
  });

  test('pieces of a line are put together again and read as one', () => {
    const record = `{"level":"error","msg":"${'x'.repeat(20_000)}"}`;
    const log = parse([record.slice(0, 16_384), `${record.slice(16_384)}\n`].map(docker).join('\n'));
    expect(log).toMatchObject({ level: 'ERROR', message: 'x'.repeat(20_000) });
    expect(log.parsed_fields).not.toHaveProperty('log.flags');
    const open = parse(['a'.repeat(16_384), 'b'.repeat(16_384)].map(docker).join('\n'));
    expect(open.parsed_fields['log.flags']).toBe('partial');
  });

  test('text behind a JSON record is kept as its stack trace, pretty-printed JSON is read', () => {
    const log = parse('{"level":"error","msg":"no"}\n\tat c.e.Cart');
    expect(log).toMatchObject({
      level: 'ERROR',
      message: 'no',
      parsed_fields: { 'error.stack_trace': '\tat c.e.Cart' },
    });
    expect(parse('{\n  "level": "warn",\n  "msg": "slow"\n}')).toMatchObject({ level: 'WARN', message: 'slow' });
  });
});
