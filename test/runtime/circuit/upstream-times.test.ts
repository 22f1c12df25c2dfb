import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Element } from '../../../runtime/circuit/element.ts';
import type { EventTimeMemory } from '../../../runtime/circuit/event-time.ts';
import { UpstreamTimes } from '../../../runtime/circuit/upstream-times.ts';
import { IDLE, type Watermark } from '../../../time/watermark.ts';

function hearing(memory?: EventTimeMemory) {
  const times = new UpstreamTimes('u#0', memory);
  const source = new Subject<Element>();
  const seen: (number | string)[] = [];
  source.pipe(times.operator).subscribe((e) => seen.push(e.kind === 'watermark' ? e.time : e.kind));
  const hear = (task: number, watermark: Watermark) =>
    source.next({ kind: 'upstream', upstream: { task, of: 2, watermark } });
  return { times, seen, hear };
}

describe('the time of a stage that receives', () => {
  test('is unknown until every sender has spoken, then the least of what they say', () => {
    const { seen, hear } = hearing();
    hear(0, 500);
    expect(seen).toEqual([]);
    hear(1, 300);
    hear(1, 400);
    hear(0, 900);
    hear(1, 700);
    expect(seen).toEqual([300, 400, 700]);
  });

  test('does not go back with a sender that was restarted', () => {
    const { seen, hear } = hearing();
    hear(0, 500);
    hear(1, 500);
    hear(0, 100);
    hear(1, 600);
    hear(0, 550);
    expect(seen).toEqual([500, 550]);
  });

  test('is not held back by an idle sender, but by a silent one', () => {
    const { seen, hear } = hearing();
    hear(0, 500);
    hear(1, IDLE);
    hear(0, 800);
    hear(0, IDLE);
    hear(1, 900);
    expect(seen).toEqual([500, 800, 'idle', 900]);
  });

  test('is remembered with its senders, idle ones as idle', () => {
    const before = hearing();
    before.hear(0, 500);
    before.hear(1, IDLE);
    const after = hearing(JSON.parse(JSON.stringify(before.times.memory())));
    after.hear(0, 650);
    expect(after.seen).toEqual([500, 650]);
  });
});
