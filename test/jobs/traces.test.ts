/** Traces of the incident job: when each becomes a unit, and of what. */
import { expect, test } from 'vitest';
import { scorer } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { makeUnits, watchUnits } from '../../jobs/incidents/units.ts';
import { process } from '../../operators/process.ts';
import type { Signal } from '../../signals/signal.ts';
import { mostRecords } from '../../signals/units/open-trace.ts';
import type { TracedSpan } from '../../signals/units/span.ts';
import type { UntimedLine } from '../../signals/units/traced.ts';
import type { UnitOfWork } from '../../signals/units/unit.ts';
import { mostInWindow } from '../../signals/units/unit-window.ts';
import { drive } from '../../testing/drive.ts';
import { hours } from '../../time/duration.ts';
import { callOf, lineOf, spanOf, unitAt } from '../support/units.ts';

type TraceRecord = TracedSpan | UntimedLine;
const child = spanOf({ id: 'b', parent: 'a' });
const root = spanOf({ id: 'a', parent: null });

/** The units that come of records at these times, and what is said beside them. */
async function unitsOf(records: readonly (readonly [time: number, record: TraceRecord])[]) {
  const d = drive(process<TraceRecord, UnitOfWork, string>('units', makeUnits));
  for (const [time, record] of records) {
    d.watermark(time - 1);
    d.data(time, record, 't');
  }
  d.watermark(1_000_000);
  const seen = await d.seen;
  const units = seen.flatMap((line) => {
    const at = line.indexOf('{');
    return line.includes('"closed"') ? [JSON.parse(line.slice(at, line.lastIndexOf(' @'))) as UnitOfWork] : [];
  });
  return { seen, units, closed: units.map(({ closed }) => closed) };
}

test('a trace is closed 2 s after its root, though it was to be closed later at first', async () => {
  const { closed } = await unitsOf([
    [1_000, child],
    [1_500, root],
  ]);
  expect(closed).toEqual([3_500]);
});

test('a trace whose records go on is closed later than it was to be at first', async () => {
  const { closed, units } = await unitsOf([
    [1_000, child],
    [9_000, lineOf({ span: 'b' })],
    [16_000, root],
  ]);
  expect(closed).toEqual([18_000]);
  expect(units[0]!.operations).toEqual([{ service: 'shop', name: 'GET /', calls: 1, steps: { 'INFO Shop#1': 1 } }]);
});

test('a record of a trace that was closed begins another unit', async () => {
  const { closed } = await unitsOf([
    [1_000, root],
    [8_000, child],
  ]);
  expect(closed).toEqual([3_000, 18_000]);
});

test('lines alone are no unit', async () => {
  expect((await unitsOf([[1_000, lineOf({})]])).units).toEqual([]);
});

test('of too many records it is told how many were left out', async () => {
  const lines = Array.from({ length: mostRecords + 2 }, () => [1_000, lineOf({ span: 'a' })] as const);
  const { seen, closed } = await unitsOf([[1_000, root], ...lines]);
  expect(closed).toEqual([3_000]);
  expect(seen.join('\n')).toContain('"records":3');
});

test('of more units than a minute has room for it is told how many were left out', async () => {
  const rules = { scorer: scorer(incidentDefaults.score), freezeAtMost: hours(2) };
  const d = drive(process<UnitOfWork, Signal, string>('unit-watch', watchUnits(rules)));
  const came = mostInWindow + 500;
  for (let i = 0; i < came; i++) {
    const closed = 10_000 + i;
    d.data(closed, unitAt(closed, { trace: `trace-${i}`, operations: [callOf('cart', 'INFO Cart#1')] }), 'shop');
  }
  d.watermark(20_000);
  const told = (await d.seen).filter((line) => line.startsWith('units-full'));
  expect(told).toHaveLength(1);
  const left = Number(/"units":(\d+),"every":2/.exec(told[0]!)![1]);
  expect(left).toBeGreaterThan(came / 3);
  expect(left).toBeLessThan((2 * came) / 3);
});
