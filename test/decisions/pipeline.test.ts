import { describe, expect, test } from 'vitest';
import { isSilentOnItsOwn, outagesOf } from '../../decisions/pipeline.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import type { Signal } from '../../signals/signal.ts';
import { well } from '../support/incidents/environment-of.ts';

const { silence } = incidentDefaults;
const file = '/var/log/shop.log';
const speaking = (service: string, origin = file): Signal => ({ ...well(service, 0), origins: [origin] });
const quiet = (service: string, { origin = file, usual = 100, panes = 12 } = {}): Signal => ({
  ...speaking(service, origin),
  usual,
  pause: panes * 10_000,
  lines: 0,
});
const gone = (...signals: readonly Signal[]) => [...outagesOf(signals).keys()];

describe('an origin of lines is gone', () => {
  test('when several of its services fell silent together and nothing else comes through it', () => {
    const rare = quiet('nightly', { usual: 0.01, panes: 300 });
    expect(gone(quiet('cart'), quiet('user', { panes: 13 }), rare, speaking('gateway', '/other.log'))).toEqual([file]);
    expect(outagesOf([quiet('cart'), quiet('user', { panes: 13 })]).get(file)).toEqual({
      origin: file,
      since: quiet('cart').end - 120_000,
      services: 2,
    });
  });

  test('not while one of its services speaks, however many do not', () => {
    expect(gone(quiet('a'), quiet('b'), quiet('c'), speaking('d'))).toEqual([]);
  });

  test('not when it carries one service, which may have died', () => {
    expect(gone(quiet('cart'))).toEqual([]);
    expect(gone(quiet('cart', { origin: '/cart.log' }), quiet('user', { origin: '/user.log' }))).toEqual([]);
  });

  test('not when its services fell silent one after the other', () => {
    expect(gone(quiet('cart', { panes: 12 }), quiet('user', { panes: 40 }))).toEqual([]);
  });

  test('not because rare speakers pause, nor because of what is hardly known', () => {
    expect(gone(quiet('p', { usual: 0.1 }), quiet('q', { usual: 0.1 }))).toEqual([]);
    expect(gone({ ...quiet('p'), steady: false }, quiet('q'))).toEqual([]);
  });
});

describe('a service is silent on its own', () => {
  const { end } = quiet('cart');
  const own = (signal: Signal, until: Record<string, number>) =>
    isSilentOnItsOwn(signal, (origin) => until[origin], silence);

  test('unless its origin is gone, or was until a moment ago', () => {
    expect(own(quiet('cart', { panes: 60 }), {})).toBe(true);
    expect(own(quiet('cart', { panes: 60 }), { [file]: end })).toBe(false);
    expect(own(quiet('cart', { panes: 60 }), { [file]: end - 110_000 })).toBe(false);
    expect(own(quiet('cart', { panes: 60 }), { [file]: end - 120_000 })).toBe(true);
  });

  test('when one of its origins is there', () => {
    const both = { ...quiet('cart'), origins: [file, '/cart.log'] };
    expect(own(both, { [file]: end })).toBe(true);
    expect(own(both, { [file]: end, '/cart.log': end })).toBe(false);
  });
});
