import type { Dialect, TextFormat } from '../format.ts';
import { bunyan } from './json-bunyan.ts';
import { ecs } from './json-ecs.ts';
import { logback } from './json-logback.ts';
import { logrus } from './json-logrus.ts';
import { pino } from './json-pino.ts';
import { pythonJson } from './json-python.ts';
import { serilog } from './json-serilog.ts';
import { structlog } from './json-structlog.ts';
import { zap } from './json-zap.ts';
import { klog } from './klog.ts';
import { log4j } from './log4j.ts';
import { nginxAccess } from './nginx-access.ts';
import { nginxError } from './nginx-error.ts';
import { python } from './python.ts';
import { syslog } from './syslog.ts';

/**
 * The registry: every format, the more telling before the more general, since the first that fits wins.
 * A new format is a file with its samples and a line here.
 */
export const textFormats: readonly TextFormat[] = [nginxAccess, nginxError, klog, python, log4j, syslog];

/** Dialects of JSON loggers, in the same order. */
export const dialects: readonly Dialect[] = [ecs, logback, bunyan, pino, pythonJson, serilog, structlog, zap, logrus];
