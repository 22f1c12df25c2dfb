/** Records that servers write as JSON, with keys of their own. */
import type { ParsedLog } from '../parsed-log.ts';
import type { Dialect } from './format.ts';

/** PostgreSQL's jsonlog (15 and later). */
export const postgresqlJson: Dialect = {
  name: 'postgresql_json',
  knownBy: ['error_severity', 'timestamp', 'pid'],
  roles: { error_severity: 'level' },
  renames: {
    user: 'user.name',
    dbname: 'postgresql.log.database',
    remote_host: 'source.ip',
    remote_port: 'source.port',
    state_code: 'postgresql.log.sql_state_code',
    application_name: 'postgresql.log.application_name',
    backend_type: 'postgresql.log.backend_type',
    statement: 'postgresql.log.query',
    detail: 'postgresql.log.detail',
    hint: 'postgresql.log.hint',
    session_id: 'postgresql.log.session_id',
  },
  samples: [
    {
      line: '{"timestamp":"2026-01-29 08:51:24.967 UTC","user":"shop","dbname":"shop","pid":42,"remote_host":"10.0.0.7","remote_port":38630,"error_severity":"ERROR","state_code":"42P01","message":"relation \\"orders\\" does not exist"}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'relation "orders" does not exist',
      fields: {
        'user.name': 'shop',
        'postgresql.log.database': 'shop',
        'process.pid': 42,
        'source.ip': '10.0.0.7',
        'source.port': 38630,
        'postgresql.log.sql_state_code': '42P01',
        'log.level': 'ERROR',
      },
    },
  ],
};

/** MySQL's error log through its JSON sink. */
export const mysqlJson: Dialect = {
  name: 'mysql_json',
  knownBy: ['err_code', 'label', 'time', 'msg'],
  roles: { label: 'level', time: 'time' },
  renames: { err_code: 'event.code', subsystem: 'mysql.error.subsystem', thread: 'mysql.thread_id' },
  samples: [
    {
      line: '{"prio":2,"err_code":10453,"subsystem":"Server","msg":"no password","time":"2026-01-29T08:51:24.967123Z","thread":5,"label":"Warning"}',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: 'no password',
      fields: {
        prio: 2,
        'event.code': 10453,
        'mysql.error.subsystem': 'Server',
        'mysql.thread_id': 5,
        'log.level': 'Warning',
      },
    },
  ],
};

/** Elasticsearch's audit log; it has no message but itself. */
export const elasticsearchAudit: Dialect = {
  name: 'elasticsearch_audit',
  knownBy: ['event.type', 'event.action', 'node.id', 'origin.address'],
  renames: { 'origin.address': 'source.address', 'request.method': 'http.request.method', 'url.path': 'url.path' },
  finish: (log: ParsedLog) => {
    const address = String(log.parsed_fields['source.address']);
    const colon = address.lastIndexOf(':');
    const ip = colon > 0 ? address.slice(0, colon) : address;
    log.parsed_fields['source.ip'] = ip.startsWith('[') ? ip.slice(1, -1) : ip;
  },
  samples: [
    {
      line: '{"type":"audit","timestamp":"2026-01-29T08:51:24,967+0100","node.id":"Xy9","event.type":"rest","event.action":"authentication_failed","user.name":"shop","origin.address":"[::1]:38630","url.path":"/_cat"}',
      time: '2026-01-29T07:51:24.967Z',
      level: null,
      message:
        '{"type":"audit","timestamp":"2026-01-29T08:51:24,967+0100","node.id":"Xy9","event.type":"rest","event.action":"authentication_failed","user.name":"shop","origin.address":"[::1]:38630","url.path":"/_cat"}',
      fields: {
        type: 'audit',
        'node.id': 'Xy9',
        'event.type': 'rest',
        'event.action': 'authentication_failed',
        'user.name': 'shop',
        'source.address': '[::1]:38630',
        'url.path': '/_cat',
        'source.ip': '::1',
      },
    },
  ],
};

/** Elasticsearch's server, deprecation and slow logs of version 7. */
export const elasticsearchJson: Dialect = {
  name: 'elasticsearch_json',
  knownBy: ['component', 'cluster.name', 'type', 'timestamp', 'level'],
  renames: {
    component: 'log.logger',
    'node.name': 'elasticsearch.node.name',
    'cluster.name': 'elasticsearch.cluster.name',
    stacktrace: 'error.stack_trace',
  },
  samples: [
    {
      line: '{"type":"server","timestamp":"2026-01-29T08:51:24,967+0100","level":"WARN","component":"o.e.x.Y","cluster.name":"shop","node.name":"node-1","message":"no stock"}',
      time: '2026-01-29T07:51:24.967Z',
      level: 'WARN',
      message: 'no stock',
      fields: {
        type: 'server',
        'log.logger': 'o.e.x.Y',
        'elasticsearch.cluster.name': 'shop',
        'elasticsearch.node.name': 'node-1',
        'log.level': 'WARN',
      },
    },
  ],
};

/** Results of osquery; the time in seconds is text. */
export const osquery: Dialect = {
  name: 'osquery',
  knownBy: ['hostIdentifier', 'unixTime', 'name'],
  roles: { unixTime: 'time' },
  renames: { hostIdentifier: 'host.hostname', action: 'event.action', name: 'osquery.result.name' },
  samples: [
    {
      line: '{"name":"pack_mounts","hostIdentifier":"web-1","calendarTime":"Thu Jan 29 08:51:24 2026 UTC","unixTime":"1769676684","columns":{"path":"/"},"action":"added"}',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message:
        '{"name":"pack_mounts","hostIdentifier":"web-1","calendarTime":"Thu Jan 29 08:51:24 2026 UTC","unixTime":"1769676684","columns":{"path":"/"},"action":"added"}',
      fields: {
        'osquery.result.name': 'pack_mounts',
        'host.hostname': 'web-1',
        calendarTime: 'Thu Jan 29 08:51:24 2026 UTC',
        'columns.path': '/',
        'event.action': 'added',
      },
    },
  ],
};
