/** The service of events that name none, by what the others of their source name. */
import { describe, expect, test } from 'vitest';
import { type NamedServices, newNamed, settleService } from '../../../logs/lines/main-service.ts';
import { newLog, type ParsedLog } from '../../../logs/parsed-log.ts';

/** What may be given of an event. */
type Said = Partial<Omit<ParsedLog, 'parsed_fields'>> & { readonly type?: string; readonly error?: string };

/** The service of an event that names none, of which the file is `app`. */
function settled(named: NamedServices, { type, error, ...said }: Said): string {
  const log = Object.assign(newLog('text', ''), { service: 'app' }, said);
  if (type !== undefined) log.parsed_fields['error.type'] = type;
  if (error !== undefined) log.parsed_fields['error.message'] = error;
  settleService(named, log, log.service !== 'app');
  return log.service;
}

/** What is known behind so many events of each service. */
function known(counts: Readonly<Record<string, number>>, said: Said = {}): NamedServices {
  const named = newNamed();
  for (const [service, count] of Object.entries(counts))
    for (let i = 0; i < count; i++) settled(named, { timestampSource: 'line', service, ...said });
  return named;
}

const trace = { type: 'java.lang.IllegalStateException', error: 'none left' };

describe('a trace without a header is of the service', () => {
  test('that the records around it name', () => {
    expect(settled(known({ cart: 1 }), trace)).toBe('cart');
    expect(settled(known({ cart: 3 }), { timestampSource: 'envelope' })).toBe('cart');
  });

  test('that nearly all of them name, and not every second', () => {
    expect(settled(known({ cart: 19, pay: 1 }), trace)).toBe('cart');
    expect(settled(known({ pay: 1, cart: 20 }), trace)).toBe('cart');
    expect(settled(known({ cart: 18, pay: 1 }), trace)).toBe('app');
    expect(settled(known({ cart: 5, pay: 5, user: 5 }), trace)).toBe('app');
  });

  test('that names itself at least as often as others with a header name none', () => {
    expect(settled(known({ cart: 5, app: 5 }), trace)).toBe('cart');
    expect(settled(known({ cart: 5, app: 6 }), trace)).toBe('app');
  });

  test('that many lines name by a word', () => {
    expect(settled(known({ cart: 19 }, { outerService: 'app' }), trace)).toBe('app');
    expect(settled(known({ cart: 20 }, { outerService: 'app' }), trace)).toBe('cart');
  });

  test('that the source names of late, where that changes', () => {
    expect(settled(known({ cart: 400, pay: 3_000 }), trace)).toBe('pay');
  });
});

describe('of several services it is that of the error before it', () => {
  const behind = (message: string, more: Said = {}) => {
    const named = known({ cart: 5, pay: 5 });
    settled(named, { timestampSource: 'line', level: 'ERROR', service: 'pay', message, ...more });
    return named;
  };

  test('if that names what was thrown, says the same or asks for more', () => {
    expect(settled(behind('IllegalStateException in order 7'), trace)).toBe('pay');
    expect(settled(behind('order 7 failed, none left'), trace)).toBe('pay');
    expect(settled(behind('order 7 failed:'), trace)).toBe('pay');
  });

  test('but not without evidence', () => {
    expect(settled(behind('order 7 failed'), trace)).toBe('app');
    expect(settled(behind('order 7 failed:', { level: 'INFO' }), trace)).toBe('app');
    expect(settled(behind('order 7 failed:'), {})).toBe('app');
  });

  test('and of no error further up', () => {
    const named = behind('order 7 failed:');
    settled(named, { timestampSource: 'line', service: 'cart' });
    expect(settled(named, trace)).toBe('app');
    const twice = behind('order 7 failed:');
    expect([settled(twice, trace), settled(twice, trace)]).toEqual(['pay', 'app']);
  });
});

test('an event with a time of its own that names no service is its source’s', () => {
  expect(settled(known({ cart: 50 }), { timestampSource: 'line' })).toBe('app');
});
