import { describe, expect, test } from 'vitest';
import { json } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { type From, job } from '../../graph/job.ts';
import type { Stream } from '../../graph/stream.ts';
import { broadcast } from '../../operators/broadcast.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { ADVANCE, CRASH, drive, END, IDLE, play, WAKE } from '../../testing/index.ts';
import { seconds } from '../../time/duration.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';

interface Limit {
  readonly service: string;
  readonly most: number | null;
}
interface Load {
  readonly service: string;
  readonly load: number;
}

const options = { codec: json<Limit>(), id: (l: Limit) => l.service, removes: (l: Limit) => l.most === null };
const overloaded = <K>(control: Stream<Limit, unknown>) =>
  broadcast<Load, Limit, string, string, K>('overloaded', control, options, ({ service, load }, limits) => {
    const most = limits.get(service)?.most ?? Number.POSITIVE_INFINITY;
    return load > most ? `${service} ${load} > ${most} of ${limits.size}` : undefined;
  });
const op = (stream: Stream<Load>, from: From) => stream.pipe(overloaded(from('control', script<Limit>([]))));
const load = (service: string, n: number): Load => ({ service, load: n });

describe('broadcast', () => {
  test('holds every value against the rules there are; a rule of equal identity replaces the former', async () => {
    const d = drive(op);
    const control = d.source('control');
    d.data(1, load('api', 9));
    control.data(0, { service: 'api', most: 5 });
    control.data(0, { service: 'db', most: 1 });
    d.data(2, load('api', 9));
    control.data(0, { service: 'api', most: 10 });
    d.data(3, load('api', 9));
    d.data(4, load('api', 11));
    expect(await d.seen).toEqual(['"api 9 > 5 of 2" @2', '"api 11 > 10 of 2" @4']);
  });

  test('a rule can be taken away', async () => {
    const d = drive(op);
    d.source('control').data(0, { service: 'api', most: 5 });
    d.source('control').data(0, { service: 'api', most: null });
    d.data(2, load('api', 9));
    expect(await d.seen).toEqual([]);
    d.barrier(1);
    expect((await d.saved).state).toEqual([]);
  });

  test('rules survive a restart', async () => {
    const before = drive(op);
    before.source('control').data(0, { service: 'api', most: 5 });
    before.barrier(1);
    before.source('control').data(0, { service: 'api', most: 1 });
    const after = drive(op, { saved: before.saved });
    after.data(1, load('api', 9));
    expect(await after.seen).toEqual(['"api 9 > 5 of 1" @1']);
  });

  test('the control stream holds no watermark back, nor ever moves one', async () => {
    const d = drive((stream: Stream<Load, string>, from) =>
      stream.pipe(overloaded(from('control', script<Limit>([]))), window('n', tumbling(seconds(10)), count())),
    );
    d.source('control').data(0, { service: 'api', most: 5 });
    d.data(1, load('api', 9), 'k');
    d.source('control').watermark(100_000);
    d.watermark(10_000);
    d.barrier(1);
    const n1 = '{"window":{"start":0,"end":10000},"value":1,"revision":0,"retracted":false}';
    expect(await d.seen).toEqual([`k ${n1} @9999`, '~10000', '|1']);
  });

  test('a control value that it throws on is set aside', async () => {
    const d = drive(op);
    d.source('control').data(0, null);
    d.data(1, load('api', 9));
    expect(await d.seen).toEqual([expect.stringMatching(/^!overloaded: /)]);
  });
});

describe('in a job', () => {
  const watch = job('watch', (from) => {
    const limits = from('limits', topic<Limit>('limits'));
    from('loads', topic<Load>('loads')).pipe(overloaded(limits), to('alarms', topic('alarms')));
  });

  test('all rules that exist are read before the first value', async () => {
    const limits = Array.from({ length: 20 }, (_, i) => ({ service: `s${i}`, most: 1 }));
    const small = { fetch: { maxRecords: 3, maxBytes: 1e6 } };
    const played = await play(watch, { loads: [load('s19', 9), END], limits: [...limits, IDLE] }, { task: small });
    expect(played.topics['alarms']).toEqual(['s19 9 > 1 of 20']);
  });

  test('all rules that exist are read before the first value, also where the values are named first', async () => {
    const later = job('later', (from) => {
      const loads = from('loads', topic<Load>('loads'));
      loads.pipe(overloaded(from('limits', topic<Limit>('limits'))), to('alarms', topic('alarms')));
    });
    const limits = Array.from({ length: 20 }, (_, i) => ({ service: `s${i}`, most: 1 }));
    const small = { fetch: { maxRecords: 3, maxBytes: 1e6 } };
    const played = await play(later, { loads: [load('s0', 9), END], limits: [...limits, IDLE] }, { task: small });
    expect(played.topics['alarms']).toEqual(['s0 9 > 1 of 20']);
  });

  test('rules change while the job runs, and after a crash they are what they were', async () => {
    const script = {
      limits: [{ service: 'api', most: 5 }, IDLE, { service: 'api', most: 8 }, END],
      loads: [load('api', 7), ADVANCE(seconds(1)), WAKE('limits'), CRASH, load('api', 7), load('api', 9), END],
    };
    const played = await play(watch, script);
    expect(played.lives).toBe(2);
    expect(played.topics['alarms']).toEqual(['api 7 > 5 of 1', 'api 9 > 8 of 1']);
  });
});
