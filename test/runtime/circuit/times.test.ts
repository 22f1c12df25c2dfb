import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Element } from '../../../runtime/circuit/element.ts';
import { CircuitTimes, type EventTimeMemory, SenderTimes } from '../../../runtime/circuit/times.ts';
import { IDLE, type Watermark } from '../../../time/watermark.ts';

function receiver(memory?: EventTimeMemory) {
  const times = new SenderTimes('u#0', memory);
  const source = new Subject<Element>();
  const seen: (number | string)[] = [];
  source.pipe(times.operator).subscribe((e) => seen.push(e.kind === 'watermark' ? e.time : e.kind));
  const report = (task: number, watermark: Watermark) =>
    source.next({ kind: 'progress', progress: { task, of: 2, watermark } });
  return { times, seen, report };
}

describe('the time of a stage that receives', () => {
  test('is unknown until every sender has reported, then the least of their reports', () => {
    const { seen, report } = receiver();
    report(0, 500);
    expect(seen).toEqual([]);
    report(1, 300);
    report(1, 400);
    report(0, 900);
    report(1, 700);
    expect(seen).toEqual([300, 400, 700]);
  });

  test('does not go back with a sender that was restarted', () => {
    const { seen, report } = receiver();
    report(0, 500);
    report(1, 500);
    report(0, 100);
    report(1, 600);
    report(0, 550);
    expect(seen).toEqual([500, 550]);
  });

  test('is not held back by an idle sender, but by one that reports nothing new', () => {
    const { seen, report } = receiver();
    report(0, 500);
    report(1, IDLE);
    report(0, 800);
    report(0, IDLE);
    report(1, 900);
    expect(seen).toEqual([500, 800, 'idle', 900]);
  });

  test('is remembered with its senders, idle ones as idle', () => {
    const before = receiver();
    before.report(0, 500);
    before.report(1, IDLE);
    const after = receiver(JSON.parse(JSON.stringify(before.times.memory())));
    after.report(0, 650);
    expect(after.seen).toEqual([500, 650]);
  });
});

describe('the time of a circuit', () => {
  test('of all places in a circuit, the one furthest behind decides', () => {
    const times = new CircuitTimes();
    times.add(new SenderTimes('a#0', { watermark: 700, splits: {} }), ['a']);
    times.add(new SenderTimes('b#0', { watermark: 400, splits: {} }), ['b']);
    expect(times.watermark).toBe(400);
    expect([...times.bySource()]).toEqual([
      ['a', 700],
      ['b', 400],
    ]);
    expect(times.splitWatermark('c', 0)).toBe(undefined);
  });
});
