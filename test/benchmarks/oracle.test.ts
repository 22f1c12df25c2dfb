import { expect, test } from 'vitest';
import { isError, logTime, service, traceNumber } from '../../benchmarks/peers/generators.ts';
import { oracles } from '../../benchmarks/peers/oracle.ts';

const total = 20_000;
// So slow that traces have pauses of more than half a minute.
const rate = 100;
const lines = Array.from({ length: total }, (_, n) => n);

test('errors are what the generator calls errors', () => {
  const errors = lines.filter(isError).length;
  expect(oracles['j1']!(total, rate)).toEqual({ out: errors, sum: errors });
});

test('windows are the pairs of service and minute', () => {
  const pairs = new Set(lines.map((n) => JSON.stringify([service(n), Math.floor(logTime(n, rate) / 60_000)])));
  expect(oracles['j2']!(total, rate)).toEqual({ out: pairs.size, sum: total });
});

test('a session ends where a trace is silent for more than 30 s', () => {
  const traces = byTrace();
  let sessions = 0;
  for (const its of traces.values()) {
    const times = its.map((n) => logTime(n, rate)).sort((a, b) => a - b);
    sessions += times.filter((time, i) => i === 0 || time - times[i - 1]! > 30_000).length;
  }
  expect(oracles['j3']!(total, rate)).toEqual({ out: sessions, sum: total });
});

function byTrace(): Map<number, number[]> {
  const traces = new Map<number, number[]>();
  for (const n of lines) traces.set(traceNumber(n), [...(traces.get(traceNumber(n)) ?? []), n]);
  return traces;
}
