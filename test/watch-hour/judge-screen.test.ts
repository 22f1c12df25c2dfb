/**
 * The judge on screens made by hand: what is so passes, and each kind of statement, made false, is found.
 */
import { expect, test } from 'vitest';
import { minutes, seconds } from '../../time/duration.ts';
import { claimsOf } from './claims.ts';
import { at, falseKinds, start, steady, truth } from './hand-made.ts';
import { type Before, judgeScreen } from './judge-screen.ts';
import type { Sample } from './recording.ts';
import { lastDrawing, readScreen } from './screen.ts';
import type { Verdict } from './verdict.ts';

const row = (name: string, [lines, errors, expected]: readonly [number, number, string]): string =>
  `${name.padEnd(28)} ${String(lines).padStart(10)} ${String(errors).padStart(11)} ${expected.padStart(9)}`;
const calm = ['no open incidents'];

/** A screen at 10:05 unless told, with what is changed. */
function screenAt(
  clock: string,
  {
    head,
    note,
    rows,
    open = calm,
  }: {
    readonly head?: string;
    readonly note?: string;
    readonly rows?: readonly string[];
    readonly open?: readonly string[];
  } = {},
): Sample {
  const now = at(clock);
  const lines = truth.lines.slice(0, (now - start) / 1_000).reduce((a, b) => a + b, 0);
  const seen = new Date(now - seconds(21)).toISOString().slice(0, 19);
  const screen = [
    head ?? `8 lines/s   ${lines.toLocaleString('en')} lines   event time ${seen}`,
    note ?? '0 set aside as dead letters, 0 of them late; 4 of 4 services still being learned, where only strong count',
    '',
    ...open,
    '',
    'service                       lines/min  errors/min  expected',
    ...(rows ?? ['shop', 'mail', 'cart', 'stock'].map((name) => row(name, [120, 0, '0.0']))),
  ].join('\n');
  return { at: now, process: 0, startedAt: start, screen, state: null };
}

const before: Before = { linesRead: 0, told: new Map() };
const judged = (sample: Sample): Verdict[] => judgeScreen(truth, sample, before);

test('a screen on which everything is so has only true statements', () => {
  const verdicts = judged(screenAt('10:08:00'));
  expect(falseKinds(verdicts)).toEqual([]);
  expect(new Set(verdicts.map(({ kind }) => kind)).size).toBeGreaterThan(7);
});

test.each<readonly [string, Sample]>([
  ['lines in all', screenAt('10:08:00', { head: '8 lines/s   12 lines   event time 2026-03-02T10:07:39' })],
  ['lines a second', screenAt('10:08:00', { head: '90 lines/s   3,840 lines   event time 2026-03-02T10:07:39' })],
  ['event time', screenAt('10:08:00', { head: '8 lines/s   3,840 lines   event time 2026-03-02T10:06:00' })],
  ['lines set aside', screenAt('10:08:00', { note: '3 set aside as dead letters, 2 of them late' })],
  ['services being learned', screenAt('10:08:00', { note: '1 of 4 services still being learned, where' })],
  ['services being learned', screenAt('10:08:00', { note: '0 set aside as dead letters, 0 of them late' })],
  ['nothing is read', screenAt('10:08:00', { note: 'nothing is being read: last line read 25 s ago' })],
  [
    'reason of suppression',
    screenAt('10:13:00', {
      open: [
        'no open incidents, 1 suppressed',
        '  suppressed   20.0  shop: no line since 10:12:00',
        `${' '.repeat(21)}suppressed by pipeline: nothing came from /a.log since 10:12:00: 2 services fell silent`,
      ],
    }),
  ],
  ['who writes', screenAt('10:08:00', { rows: [row('shop', [120, 0, '0.0'])] })],
  ['lines a minute', screenAt('10:22:00', { rows: [row('mail', [120, 0, '0.0'])], open: ['1 open incident'] })],
  ['errors a minute', screenAt('10:08:00', { rows: [row('shop', [120, 60, '0.0'])] })],
  ['expected a minute', screenAt('10:08:00', { rows: [row('shop', [120, 0, '60.0'])] })],
  ['calm', screenAt('10:12:01')],
  ['number of incidents', screenAt('10:12:01', { open: ['2 open incidents'] })],
  ['a screen', { ...screenAt('10:12:01'), screen: 'millrace: something is wrong' }],
])('a screen that is wrong in its %s is found', (kind, sample) => {
  expect(falseKinds(judged(sample))).toContain(kind);
});

test('calm is right until a fault is due to be told, and while a suppressed incident names the pipeline', () => {
  expect(falseKinds(judged(screenAt('10:11:55')))).not.toContain('calm');
  const told = new Map([[truth.faults[0]!, at('10:10:30')]]);
  expect(falseKinds(judgeScreen(truth, screenAt('10:11:55'), { ...before, told }))).toContain('calm');
  const late = screenAt('10:33:50');
  expect(falseKinds(judged(late))).not.toContain('calm');
  const short = { ...truth, settings: { ...truth.settings, silenceAtLeast: seconds(30) } };
  expect(falseKinds(judgeScreen(short, late, before))).toContain('calm');
  const suppressed = { status: 'suppressed', services: ['cart'], reason: 'pipeline: nothing came' };
  const state = { now: 0, linesTotal: 0, services: [], incidents: [suppressed] } as unknown as Sample['state'];
  expect(falseKinds(judgeScreen(short, { ...late, state }, before))).not.toContain('calm');
});

test.each<readonly [string, string, string, string]>([
  [
    'text: errors',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
    'shop: 9 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
  ],
  [
    'text: since',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:20',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:04:00',
  ],
  [
    'text: errors usual',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
    'shop: 60 errors in the minute to 10:12:50 where 30 are usual, since 10:10:00',
  ],
  ['text: well since', '10:18:30', 'shop: well since 10:16:10', 'shop: well since 10:14:00'],
  [
    'text: no line since',
    '10:23:00',
    'mail: no line since 10:20:00 where about 120 a minute are usual',
    'mail: no line since 10:18:00 where about 120 a minute are usual',
  ],
  [
    'text: lines usual',
    '10:23:00',
    'mail: no line since 10:20:00 where 300 are usual',
    'mail: no line since 10:20:00 where 3,595 are usual',
  ],
  [
    'text: no line from, to',
    '10:27:00',
    'mail: well since 10:26:10; no line from 10:20:00 to 10:26:00',
    'mail: well since 10:26:10; no line from 10:20:00 to 10:27:00',
  ],
  [
    'text: also',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00; also stock',
  ],
  [
    'text: understood',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
    'shop: it is bad',
  ],
  [
    'open incident',
    '10:13:00',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
    'cart: no line since 10:10:00 where about 120 a minute are usual',
  ],
  [
    'recovery on the screen',
    '10:18:50',
    'shop: well since 10:16:10',
    'shop: 60 errors in the minute to 10:12:50 where 0.3 are usual, since 10:10:00',
  ],
])('%s: so, and not so', (kind, clock, right, wrong) => {
  const withIncident = (summary: string) =>
    judged(screenAt(clock, { open: ['1 open incident', `  error      20.7  ${summary}`] }));
  expect(withIncident(right).filter((v) => v.kind === kind && !v.isTrue)).toEqual([]);
  expect(withIncident(right).map((v) => v.kind)).toContain(
    kind === 'text: also' || kind === 'text: understood' ? 'text: since' : kind,
  );
  expect(falseKinds(withIncident(wrong))).toContain(kind);
});

test('a pipeline that is at fault is named with its time and its services, and the other services are judged too', () => {
  const held = (reason: string, other: string) =>
    judged(
      screenAt('10:33:00', {
        rows: ['shop', 'mail'].map((name) => row(name, [120, 0, '0.0'])),
        open: [
          'no open incidents, 1 suppressed',
          '  suppressed   20.0  cart: no line since 10:30:00 where about 120 a minute are usual; also stock',
          `${' '.repeat(21)}suppressed by pipeline: nothing came from /a.log ${reason}, so the log pipeline is at fault`,
          `${' '.repeat(21)}stock: no line since ${other}`,
        ],
      }),
    );
  const named = 'since 10:30:00: 2 services fell silent together';
  expect(held(named, '10:30:00').filter(({ kind }) => kind.startsWith('text: no line'))).toHaveLength(2);
  expect(falseKinds(held(named, '10:30:00'))).toEqual([]);
  expect(falseKinds(held(named, '10:28:00'))).toEqual(['text: no line since']);
  expect(falseKinds(held('since 10:28:00: 2 services fell silent together', '10:30:00'))).toEqual([
    'reason of suppression',
  ]);
  expect(falseKinds(held('since 10:30:00: 3 services fell silent together', '10:30:00'))).toEqual([
    'reason of suppression',
  ]);
});

test('services are learned after an hour of ordinary panes', () => {
  const hour = { ...truth, faults: truth.faults.slice(0, 1) };
  const always = steady(
    () => true,
    () => 0,
    minutes(80),
  );
  const long = { ...hour, counts: Object.fromEntries(Object.keys(truth.counts).map((s) => [s, always])) };
  const at70 = (learning: string) => judgeScreen(long, screenAt('11:10:00', { note: learning }), before);
  const kind = 'services being learned';
  const isFalse = (learning: string) => falseKinds(at70(learning)).includes(kind);
  expect(isFalse('1 of 4 services still being learned')).toBe(false);
  expect(isFalse('0 set aside as dead letters, 0 of them late')).toBe(false);
  expect(isFalse('2 of 4 services still being learned')).toBe(true);
});

test('a drawing is read only when it is whole', () => {
  const drawn = screenAt('10:08:00').screen.replaceAll('\n', '\r\n');
  const output = `millrace: the console is at\r\n\x1b[J${drawn}\r\n\x1b[9A\x1b[J8 lines/s   3,8`;
  expect(readScreen(lastDrawing(output))?.rows.map(({ service }) => service)).toEqual([
    'shop',
    'mail',
    'cart',
    'stock',
  ]);
  expect(readScreen(lastDrawing(output))?.lines).toBe(3_840);
});

test('a sentence is about one service and claims what its clauses say', () => {
  const { service, claims } = claimsOf(
    'error 20.7 shop: 60 errors in the 5 minutes to 10:13:50 where 1.2 are usual, since 10:10:00, on and off; at the peak 1,200 errors in the minute to 10:12:00 where 0.3 are usual',
    at('10:14:00'),
  );
  expect(service).toBe('shop');
  expect(claims).toEqual([
    { kind: 'errors', errors: 60, window: minutes(5), usual: 1.2, at: at('10:13:50') },
    { kind: 'since', since: at('10:10:00') },
    { kind: 'errors', errors: 1_200, window: minutes(1), usual: 0.3, at: at('10:12:00') },
  ]);
});
