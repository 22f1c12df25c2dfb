/** Files that are read on behind a restart: what their first lines taught holds for the rest of them. */
import { describe, expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { CRASH, END, PAUSE, play } from '../../testing/index.ts';
import { hours, seconds } from '../../time/duration.ts';

const now = Date.UTC(2026, 5, 1);
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const clock = (n: number) => `08:00:${String(n).padStart(2, '0')}`;
/** Everything is committed, and the process dies. */
const restart = [PAUSE(seconds(3)), CRASH];

/** What a file makes: per pane its lines and errors, and its templates. */
async function readingOf(script: readonly unknown[]) {
  const logs = script.map((part) =>
    typeof part === 'string' ? { line: part, source: '/var/log/shop.log', time: now - hours(1) } : part,
  );
  const played = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] }, { now });
  expect(played.deadLetters).toEqual([]);
  const panes = played.tables['service_windows']!.map((row) => [
    ...[row['service'], row['window_start'], row['lines'], row['errors']],
  ]);
  const templates = played.tables['templates']?.map((row) => row['template']) ?? [];
  return { panes: panes.sort(), templates: [...new Set(templates)].sort(), lives: played.lives };
}

/** So many lines that their number is not stored any more. */
const before = times(70, (n) => `2026-04-02 ${clock(Math.floor(n / 2))} INFO order ${n} taken`);
const half = (n: number) => (n % 2 === 0 ? 500 : 200);
const files: Readonly<Record<string, readonly string[]>> = {
  csv: [
    'when;severity;took;text',
    ...times(20, (n) => `2026-04-03 ${clock(n)};${n % 2 ? 'I' : 'E'};7;order ${n}; done`),
  ],
  tsv: [
    'id\tmessage\tseverity\ttime',
    ...times(20, (n) => `${n}\torder ${n}\t${n % 2 ? 'I' : 'E'}\t2026-04-03 ${clock(n)}`),
  ],
  w3c: [
    ...['#Version: 1.0', '#Date: 2026-04-03 08:00:00', '#Fields: time sc-status cs-method cs-uri-stem time-taken'],
    ...times(20, (n) => `${clock(n)} ${half(n)} GET /cart/${n} 7`),
  ],
  zeek: [
    ...['#separator \\x09', '#fields\tts\tuid\tstatus_code\turi'],
    ...times(20, (n) => `${Date.UTC(2026, 3, 3, 8, 0, n) / 1_000}.5\tC${n}\t${half(n)}\t/cart`),
  ],
  'flow logs': [
    'version account-id srcaddr dstaddr srcport dstport start end action log-status',
    ...times(20, (n) => {
      const start = Date.UTC(2026, 3, 3, 8, 0, n) / 1_000;
      return `2 123456789010 10.0.0.7 10.0.0.9 4431${n} 443 ${start} ${start + 1} ${n % 2 ? 'ACCEPT' : 'REJECT'} OK`;
    }),
  ],
  'dates with slashes': [
    ...before,
    '13/04/2026 08:00:00 INFO ready',
    ...times(20, (n) => `03/05/2026 ${clock(n)} ${n % 2 ? 'INFO' : 'ERROR'} order ${n}`),
  ],
  'dates with dashes': [
    ...before,
    '04-13-2026 08:00:00 INFO ready',
    ...times(20, (n) => `05-03-2026 ${clock(n)} ${n % 2 ? 'INFO' : 'ERROR'} order ${n}`),
  ],
  'a column of levels': [
    ...before,
    ...times(30, (n) => `2026-04-03 ${clock(n)} ledger-${n % 3} ${n % 2 ? 'I' : 'E'} order ${n} taken`),
  ],
  'a host that looks like any word': [
    ...before,
    ...times(6, (n) => `2026-04-03T${clock(n)}Z web-1 cart: ERROR order ${n}`),
    ...times(12, (n) => `2026-04-03T${clock(n + 6)}Z web-1 ship: ERROR order ${n}`),
  ],
  'what looks like a heading in the middle': [
    ...times(70, (n) => `2026-04-03 ${clock(Math.floor(n / 2))} INFO order ${n} taken`),
    'when;severity;took;text',
    ...times(10, (n) => `2026-04-03 08:01:0${n};E;7;order ${n} lost`),
  ],
};

describe.each(Object.keys(files))('%s', (name) => {
  const lines = files[name]!;

  test('is read on behind a restart as in one run', async () => {
    const { panes, templates } = await readingOf([...lines, END]);
    expect(panes.length).toBeGreaterThan(0);
    for (const at of [lines.length - 12, lines.length - 3]) {
      const again = await readingOf([...lines.slice(0, at), ...restart, ...lines.slice(at), END]);
      expect(again).toEqual({ panes, templates, lives: 2 });
    }
  });
});

test.each(['csv', 'dates with slashes'])('%s: it does not matter behind which line the process dies', async (name) => {
  const lines = files[name]!.slice(-21).slice(0, 12);
  const { panes, templates } = await readingOf([...lines, END]);
  for (let at = 1; at < lines.length; at++) {
    const died = at % 2 === 0 ? [CRASH] : restart;
    const again = await readingOf([...lines.slice(0, at), ...died, ...lines.slice(at), END]);
    expect(again).toEqual({ panes, templates, lives: 2 });
  }
});

test('of two thousand sources of an origin it is stored what they taught; of the oldest it is learnt again', async () => {
  const from = (n: number, line: string, at = n) => ({ line, source: `pay/pod-${n}`, origin: 'all', time: now + at });
  const headings = times(2_001, (n) => from(n, 'id\tmessage\tseverity\ttime'));
  const rows = [0, 124, 125, 2_000].map((n) => from(n, `7\torder ${n}\tE\t2026-05-31 ${clock(n % 60)}`, 3_000));
  for (const [died, errors] of [
    [[], 4],
    [restart, 2],
  ] as const) {
    const logs = [...headings, ...died, ...rows, END];
    const { tables } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] }, { now });
    expect(tables['service_windows']!.reduce((sum, row) => sum + Number(row['errors']), 0)).toBe(errors);
  }
});
