/** Requests of objectives, counted by time. */
import { describe, expect, test } from 'vitest';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import type { Span } from '../../../signals/inputs/spans/span.ts';
import { addPane, countRequests, newCounted, onsetIn, servedIn } from '../../../signals/objectives/counts.ts';
import {
  byService,
  isBad,
  type Objective,
  objectiveId,
  requestOfLine,
  requestOfSpan,
  type ServedRequest,
} from '../../../signals/objectives/objective.ts';
import { days, hours, minutes, seconds } from '../../../time/duration.ts';

const t0 = Date.UTC(2026, 2, 4, 7);
const available: Objective = { service: 'shop', percent: 99.9, days: 28 };
const quick: Objective = { service: 'shop', operation: 'POST /pay', percent: 99, within: 300, days: 28 };

const spanOf = (span: Partial<Span>): Span =>
  ({
    service: 'shop',
    operation: 'POST /pay',
    kind: 'server',
    parent_span_id: 'a',
    start: 0,
    end: 40,
    ...span,
  }) as Span;
const lineOf = (parsed_fields: ParsedLog['parsed_fields']): ParsedLog =>
  ({ service: 'shop', parsed_fields }) as ParsedLog;
const requestOf = (request: Partial<ServedRequest>): ServedRequest => ({
  ...{ service: 'shop', operation: 'POST /pay', failed: false, took: 20, isSpan: true },
  ...request,
});

describe('a request', () => {
  test('is a server span or a root, which fails by its status', () => {
    expect(requestOfSpan(spanOf({ status: 'error' }))).toEqual(requestOf({ failed: true, took: 40 }));
    expect(requestOfSpan(spanOf({ kind: 'internal', parent_span_id: null, status: 'ok' }))).toMatchObject({
      failed: false,
    });
    expect(requestOfSpan(spanOf({ kind: 'internal' }))).toBeUndefined();
    expect(requestOfSpan(spanOf({ kind: 'client' }))).toBeUndefined();
  });

  test('is a line with a status of HTTP, which fails from 500 on', () => {
    const fields = { 'http.request.method': 'POST', 'url.original': '/pay?card=1', 'event.duration': 5e7 };
    expect(requestOfLine(lineOf({ ...fields, 'http.response.status_code': 500 }))).toEqual(
      requestOf({ failed: true, took: 50, isSpan: false }),
    );
    const other = lineOf({ 'url.path': '/pay', 'http.response.status_code': '499', duration_ms: 7 });
    expect(requestOfLine(other)).toEqual(requestOf({ operation: '/pay', took: 7, isSpan: false }));
    expect(requestOfLine(lineOf({ ...fields }))).toBeUndefined();
    expect(requestOfLine(lineOf({ 'http.response.status_code': 0 }))).toBeUndefined();
    expect(requestOfLine(lineOf({ 'http.response.status_code': 600 }))).toBeUndefined();
  });

  test('is bad by the objectives that are about it', () => {
    expect(isBad(available, requestOf({ failed: true, operation: '/' }))).toBe(true);
    expect(isBad(quick, requestOf({ failed: true, took: 300 }))).toBe(false);
    expect(isBad(quick, requestOf({ took: 301 }))).toBe(true);
    expect(isBad(quick, requestOf({ operation: 'GET /pay' }))).toBeUndefined();
    expect(isBad(quick, requestOf({ took: null }))).toBeUndefined();
  });
});

test('requests of a service are counted for each of its objectives, spans and lines apart; parts add up', () => {
  const aggregate = countRequests(byService([available, quick, { ...available, service: 'cart' }]));
  const all = [
    requestOf({ failed: true }),
    requestOf({ took: 400 }),
    requestOf({ isSpan: false, took: null }),
    requestOf({ isSpan: false, failed: true, operation: '/' }),
  ];
  const counted = all.reduce((counts, request) => aggregate.add(counts, request, 0), aggregate.create());
  const expected = { [objectiveId(available)]: [2, 1, 2, 1], [objectiveId(quick)]: [2, 1, 0, 0] };
  expect(counted).toEqual(expected);
  const parts = all.map((request) => aggregate.add(aggregate.create(), request, 0));
  expect(parts.reduce((a, b) => aggregate.merge!(a, b), aggregate.create())).toEqual(expected);
});

describe('counts by time', () => {
  test('are of the window, and of its first minute as a whole', () => {
    const counted = newCounted();
    for (let n = 1; n <= 60; n++) addPane(counted, [0, 0, 10, n === 1 ? 1 : 0], t0 + seconds(10 * n));
    expect(servedIn(counted, 'minutes', { end: t0 + minutes(10), window: minutes(5) })).toEqual({ total: 300, bad: 0 });
    const inside = { end: t0 + minutes(10) - seconds(20), window: minutes(5) };
    expect(servedIn(counted, 'minutes', inside)).toEqual({ total: 360, bad: 0 });
    expect(servedIn(counted, 'tens', { end: t0 + minutes(10), window: minutes(10) })).toEqual({ total: 600, bad: 1 });
    expect(counted).toMatchObject({ first: t0, last: t0 + minutes(10), lastBad: t0 + seconds(10) });
  });

  test('are kept no longer than a window needs them, in whatever order they come', () => {
    const counted = newCounted();
    for (let n = 0; n < 40_000; n++) addPane(counted, [1, 0, 0, 0], t0 + n * minutes(10));
    addPane(counted, [1, 1, 0, 0], t0 + 39_990 * minutes(10) + 1);
    addPane(counted, [1, 1, 0, 0], t0);
    expect(counted.minutes.length).toBeLessThanOrEqual(61);
    expect(counted.tens).toHaveLength(37);
    expect(counted.days).toHaveLength(91);
    expect(counted.tens.map(([index]) => index)).toEqual(counted.tens.map(([index]) => index).toSorted());
    expect(servedIn(counted, 'days', { end: t0 + 39_999 * minutes(10), window: days(2) }).bad).toBe(1);
  });

  test('are those of spans where spans came within an hour', () => {
    const counted = newCounted();
    addPane(counted, [3, 1, 5, 5], t0);
    addPane(counted, [0, 0, 5, 5], t0 + minutes(59));
    expect(servedIn(counted, 'days', { end: t0 + hours(1), window: hours(2) })).toEqual({ total: 3, bad: 1 });
    addPane(counted, [0, 0, 5, 2], t0 + minutes(61));
    expect(servedIn(counted, 'days', { end: t0 + hours(2), window: hours(2) })).toEqual({ total: 8, bad: 3 });
  });

  test('tell since when more than a share is bad', () => {
    const counted = newCounted();
    for (let n = 0; n < 30; n++) addPane(counted, [10, n === 3 ? 1 : n >= 20 ? 4 : 0, 0, 0], t0 + minutes(n) + 1);
    const end = t0 + minutes(30);
    expect(onsetIn(counted, 'minutes', { end, window: hours(1), share: 0.2 })).toBe(t0 + minutes(20));
  });
});
