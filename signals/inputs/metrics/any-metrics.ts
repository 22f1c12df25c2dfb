/**
 * Reads points of metrics whatever they were sent as, by their shape: requests of OpenTelemetry in JSON or Protocol
 * Buffers, Prometheus' remote write, lines of StatsD, and records; alone, in lists, or one a line.
 */
import { isAscii } from 'node:buffer';
import type { Intake } from '../intake.ts';
import { isJson } from '../otlp.ts';
import { forEachValue, isBag } from '../values.ts';
import { readMetricValue } from './canonical.ts';
import type { Metric } from './metric.ts';
import { readOtlpMetrics, readOtlpMetricsRequest } from './otlp.ts';
import { readRemoteWrite } from './remote-write.ts';
import { readStatsd } from './statsd.ts';

/** Reads a body of any of these shapes. */
export function readAnyMetrics(body: Uint8Array | string, intake: Intake<Metric>): void {
  if (typeof body === 'string') return isStatsd(body) ? readStatsd(body, intake) : readJson(body, intake);
  if (isJson(body)) return readJson(body, intake);
  if (isText(body)) return readStatsd(body, intake);
  // A block of snappy that begins so would hold ten bytes, which is less than one sample.
  if (body[0] === firstField) return readOtlpMetrics(body, intake);
  readRemoteWrite(body, intake);
}

function readJson(body: Uint8Array | string, intake: Intake<Metric>): void {
  forEachValue(body, intake, (value) => {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isBag(each) && each['resourceMetrics'] !== undefined) readOtlpMetricsRequest(each, intake);
      else readMetricValue(each, intake);
    }
  });
}

/** A name, a colon, a value, a bar and a type. */
function isStatsd(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === openBrace || first === openBracket) return false;
  const colon = text.indexOf(':');
  return colon > 0 && text.indexOf('|', colon) > 0;
}

/** Protocol Buffers and snappy have bytes below the blank among their first. */
function isText(body: Uint8Array): boolean {
  const head = body.subarray(0, 64);
  return isAscii(head) && head.every((byte) => byte >= blank || byte === lineFeed || byte === carriageReturn);
}

const [openBrace, openBracket, blank] = [0x7b, 0x5b, 0x20];
const [lineFeed, carriageReturn, firstField] = [0x0a, 0x0d, 0x0a];
