import { describe, expect, test } from 'vitest';
import type { Handlers, OpContext } from '../../graph/op.ts';
import { process } from '../../operators/process.ts';
import { drive } from '../../testing/drive.ts';

const driven = (make: (ctx: OpContext<string>) => Handlers<string, unknown>, options = {}) =>
  drive(process<string, unknown, string>('p', make), options);

describe('timers', () => {
  const alarm = (ctx: OpContext<string>): Handlers<string, unknown> => ({
    onData(value) {
      const at = Number(value.slice(1));
      if (value.startsWith('+')) ctx.timer(at);
      else ctx.cancelTimer(at);
    },
    onTimer: (time, out) => out.emit(`${ctx.key} ${time} ${ctx.watermark}`),
  });

  test('fire in order of time, then of key, before the watermark goes on, at their time and under their key', async () => {
    const d = driven(alarm);
    for (const key of ['c', 'a', 'b']) d.data(0, '+20', key);
    d.data(0, '+10', 'z');
    d.data(0, '+31', 'a');
    d.watermark(30);
    expect(await d.seen).toEqual(['z "z 10 30" @10', 'a "a 20 30" @20', 'b "b 20 30" @20', 'c "c 20 30" @20', '~30']);
  });

  test('set twice fire once; taken back they do not, and may be set again', async () => {
    const d = driven(alarm);
    for (const value of ['+10', '+10', '+20', '-20', '+30', '-30', '+30']) d.data(0, value, 'k');
    d.watermark(100);
    expect(await d.seen).toEqual(['k "k 10 100" @10', 'k "k 30 100" @30', '~100']);
  });

  test('one that is behind the watermark fires with the next one', async () => {
    const d = driven(alarm);
    d.watermark(50);
    d.data(60, '+10', 'k');
    d.watermark(51);
    expect(await d.seen).toEqual(['~50', 'k "k 10 51" @10', '~51']);
  });

  test('those that timers set are due at once if their time has come', async () => {
    const d = driven((ctx) => ({
      onData: (_, time) => ctx.timer(time + 10),
      onTimer(time, out) {
        out.emit(time);
        if (time < 40) ctx.timer(time + 10);
      },
    }));
    d.data(0, 'x', 'k');
    d.watermark(25);
    d.watermark(100);
    expect(await d.seen).toEqual(['k 10 @10', 'k 20 @20', '~25', 'k 30 @30', 'k 40 @40', '~100']);
  });

  test('survive a restart, and so does taking them back', async () => {
    const before = driven(alarm);
    for (const value of ['+10', '+20', '+30', '-20']) before.data(0, value, 'k');
    before.barrier(1);
    before.data(0, '-10', 'k');
    const after = driven(alarm, { saved: before.saved });
    after.data(0, '-30', 'k');
    after.watermark(100);
    after.barrier(2);
    expect(await after.seen).toEqual(['k "k 10 100" @10', '~100', '|2']);
    expect((await after.saved).state).toEqual([]);
  });

  test('one that throws is set aside under its key; the others fire', async () => {
    const d = driven((ctx) => ({
      onData: () => ctx.timer(10),
      onTimer(_, out) {
        if (ctx.key === 'b') throw new Error('no');
        out.emit('ok');
      },
    }));
    for (const key of ['a', 'b', 'c']) d.data(0, 'x', key);
    d.watermark(10);
    expect(await d.seen).toEqual(['!p: no', 'a "ok" @10', 'c "ok" @10', '~10']);
  });

  test('need a finite time', async () => {
    const d = driven(alarm);
    d.data(0, '+soon', 'k');
    expect(await d.seen).toEqual([expect.stringMatching(/^!p: OPTION_INVALID: the time of a timer of 'p' is NaN/)]);
  });

  test('of more keys than are let in at once all see the end of the input', async () => {
    const d = driven((ctx) => ({
      onData: (value) => ctx.timer(Number(value)),
      onTimer(_, out) {
        if (ctx.watermark !== Number.POSITIVE_INFINITY) out.emit(ctx.watermark);
      },
    }));
    for (let i = 0; i < 10_000; i++) d.data(0, `${i}`, `k${i}`);
    d.watermark(Number.POSITIVE_INFINITY);
    expect((await d.seen).filter((seen) => !seen.startsWith('~'))).toEqual([]);
  });

  test('of more keys than are let in at once all fire, in steps of the watermark', async () => {
    const d = driven((ctx) => ({
      onData: (_, time) => ctx.timer(time),
      onTimer: (_, out) => out.emit(1),
    }));
    for (let i = 0; i < 6_000; i++) d.data(i, 'x', `k${i}`);
    d.watermark(10_000);
    const seen = await d.seen;
    const watermarks = seen.filter((line) => line.startsWith('~')).map((line) => Number(line.slice(1)));
    expect(seen).toHaveLength(6_000 + watermarks.length);
    expect(watermarks.length).toBeGreaterThan(1);
    expect(watermarks.at(-1)).toBe(10_000);
  });
});
