/**
 * The registry: every format, the more telling before the more general, since the first that fits wins.
 * A new format is a file with its samples and a line here.
 */
import { apacheError } from './apache-error.ts';
import { apacheSsl } from './apache-ssl.ts';
import { auditd } from './auditd.ts';
import { cef } from './cef.ts';
import { dotnet } from './dotnet.ts';
import { elasticsearch, logstash } from './elasticsearch.ts';
import type { Dialect, TextFormat } from './format.ts';
import { go } from './go.ts';
import { haproxy } from './haproxy.ts';
import { iis } from './iis.ts';
import { json } from './json.ts';
import { elasticsearchAudit, elasticsearchJson, mysqlJson, osquery, postgresqlJson } from './json-services.ts';
import { kafka } from './kafka.ts';
import { kernel } from './kernel.ts';
import { klog } from './klog.ts';
import { log4j } from './log4j.ts';
import { mongodb, mongodbJson } from './mongodb.ts';
import { mysqlError, mysqlSlow } from './mysql.ts';
import { nats } from './nats.ts';
import { nginxAccess } from './nginx-access.ts';
import { nginxError } from './nginx-error.ts';
import { php } from './php.ts';
import { postgresql, postgresqlCsv } from './postgresql.ts';
import { envoy, envoyAccess, traefik } from './proxies.ts';
import { python } from './python.ts';
import { redis } from './redis.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { syslog } from './syslog.ts';
import { vpcFlow } from './vpc-flow.ts';

export const textFormats: readonly TextFormat[] = [
  ...[traefik, apacheSsl, nginxAccess, nginxError, envoyAccess, envoy, apacheError, haproxy, cef, iis, vpcFlow],
  ...[postgresqlCsv, postgresql, mysqlSlow, mysqlError, mongodb, redis, nats, logstash, elasticsearch, kafka],
  ...[klog, ruby, php, rust, dotnet, go, python, log4j, auditd, kernel, syslog],
];

/** Dialects of JSON loggers, in the same order; the last is every other. */
export const dialects: readonly Dialect[] = [
  ...[elasticsearchAudit, elasticsearchJson, postgresqlJson, mysqlJson, mongodbJson, osquery],
  json,
];
