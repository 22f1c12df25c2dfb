import { describe, expect, test } from 'vitest';
import { ConsoleState } from '../../../cli/incidents/console-state.ts';
import { incidentsFound, viewLines } from '../../../cli/incidents/live-view.ts';
import type { Incident, Snapshot } from '../../../console/snapshot.ts';

const service = (name: string, errors: number, learning = false) => {
  const series = { t: [0, 10_000], errors: [errors, errors], expected: [0.5, 0.5], total: [40, 60] };
  return { name, criticality: 1, learning, series };
};
const incident = (id: string, how: Partial<Incident> = {}): Incident => ({
  id,
  status: 'open',
  severity: 'error',
  score: 9,
  startedAt: 0,
  detectedAt: 0,
  services: [],
  summary: `${id} is ill`,
  reason: null,
  evidence: [],
  rootCauses: [],
  deploys: [],
  samples: [],
  templates: [],
  ...how,
});
const screen = { columns: 120, rows: 23 };
const view = (snapshot: Partial<Snapshot>, size = screen) => viewLines(new ConsoleState(snapshot).snapshot, size);
const cells = (lines: readonly string[], name: string) => lines.find((line) => line.startsWith(name))?.split(/ +/);

test('a name and a line are cut before a character of two halves', () => {
  const name = `${'x'.repeat(27)}😀`;
  const lines = view({ now: 0, countedTo: 20_000, services: [service(name, 0)] });
  expect(lines.at(-1)).toMatch(/^x{27} {2}/);
  const narrow = view({ now: 0, countedTo: 20_000, services: [service('abc😀', 0)] }, { ...screen, columns: 4 });
  expect(narrow.at(-1)).toBe('abc');
});

describe('services', () => {
  test('the one with the most unexpected errors stands first, over the last minute', () => {
    const now = Date.UTC(2026, 0, 29);
    const lines = view({ now, countedTo: 20_000, services: [service('calm', 0), service('ill', 9)] });
    expect(lines[0]).toContain('2026-01-29T00:00:00');
    expect(lines.slice(-2).map((line) => line.split(/ +/))).toEqual([
      ['ill', '100', '18', '1.0'],
      ['calm', '100', '0', '1.0'],
    ]);
  });

  test('that wrote nothing in the last minute have no lines and no errors, however they were before', () => {
    const lines = view({ countedTo: 90_000, services: [service('dead', 9)] });
    expect(cells(lines, 'dead')).toEqual(['dead', '0', '0', '0.0']);
  });

  test('of open incidents stand before all others, also when they are silent', () => {
    const services = [service('loud', 9), service('dead', 0)];
    const lines = view({ countedTo: 20_000, services, incidents: [incident('i', { services: ['dead'] })] });
    expect(lines.slice(-2).map((line) => line.split(' ')[0])).toEqual(['dead', 'loud']);
  });

  test('that do not fit are counted', () => {
    const services = Array.from({ length: 30 }, (_, i) => service(`s${i}`, i));
    const lines = view({ services, incidents: [incident('i')] });
    expect(lines.length).toBe(screen.rows);
    const shown = lines.filter((line) => /^s\d/.test(line)).length;
    expect(lines.at(-1)).toBe(`and ${30 - shown} more services`);
  });
});

describe('incidents', () => {
  test('that are suppressed follow the open ones, with rule and reason; those that are over are left out', () => {
    const lines = view({
      incidents: [
        incident('held', { status: 'suppressed', reason: 'maintenance: until 10:00' }),
        incident('over', { status: 'resolved' }),
        incident('small', { score: 2 }),
        incident('large'),
      ],
    });
    const from = lines.indexOf('2 open incidents, 1 suppressed');
    expect(lines.slice(from + 1, from + 5).map((line) => line.trim())).toEqual([
      'error         9.0  large is ill',
      'error         2.0  small is ill',
      'suppressed    9.0  held is ill',
      'suppressed by maintenance: until 10:00',
    ]);
  });

  test('that do not fit are counted', () => {
    const lines = view({ incidents: Array.from({ length: 11 }, (_, i) => incident(`i${i}`)) });
    expect(lines).toContain('  and 3 more');
  });

  test('of more than one service say how each is, if they are few', () => {
    const evidence = ['cart', 'user'].map((service) => {
      return {
        service,
        signal: 'error lines',
        expected: 0,
        observed: 1,
        windowMs: 60_000,
        text: `well since ${service}`,
      };
    });
    const ill = (id: string) => incident(id, { evidence });
    expect(view({ incidents: [ill('i')] }).join('\n')).toMatch(/i is ill\n +user: well since user\n\n/);
    expect(view({ incidents: ['a', 'b', 'c', 'd'].map(ill) }).join('\n')).not.toContain('user');
  });

  test('are never pushed off a small screen by services', () => {
    const services = Array.from({ length: 30 }, (_, i) => service(`s${i}`, i));
    const lines = view({ services, incidents: [incident('i')] }, { columns: 80, rows: 7 });
    expect(lines.join('\n')).toContain('i is ill');
  });
});

describe('a calm screen', () => {
  const reading = { at: 100_000, since: 0, lastLineAt: 100_000, dead: 0, late: 0 };

  test('says when nothing is read', () => {
    expect(view({ reading }).join('\n')).not.toContain('nothing is being read');
    expect(view({ reading: { ...reading, lastLineAt: 60_000 } })).toContain(
      'nothing is being read: last line read 40 s ago',
    );
  });

  test('says what was set aside, and how many services are still learning', () => {
    const services = [service('new', 0, true), service('old', 0)];
    const lines = view({ reading: { ...reading, dead: 5, late: 3 }, services });
    expect(lines[1]).toMatch(/^5 set aside as dead letters, 3 of them late; 1 of 2 services still being learned/);
  });

  test('says when it shows another time than now', () => {
    const at = Date.UTC(2026, 0, 29, 12);
    expect(view({ now: at - 60_000, reading: { ...reading, at } })[0]).not.toContain('behind');
    expect(view({ now: at - 7_200_000, reading: { ...reading, at } })[0]).toContain('2 h behind the clock');
  });
});

test('text of logs can not move the cursor or leave its line', () => {
  const summary = '\x1b[2Jgone\n\u202e';
  const hostile = [incident('i', { summary }), incident('j', { status: 'suppressed', reason: summary })];
  const lines = view({ incidents: hostile }, { columns: 60, rows: 23 });
  expect(lines.join('').match(/·\[2Jgone··/g)?.length).toBe(2);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

test('at the end of a run all incidents are named, the earliest first, with what became of them', () => {
  const over = { status: 'resolved', startedAt: 60_000, summary: 'payment: well since 00:05:00' } as const;
  const held = { status: 'suppressed', startedAt: 0, reason: 'maintenance: of \u001b[31mmail' } as const;
  const found = incidentsFound(new ConsoleState({ incidents: [incident('a', over), incident('b', held)] }).snapshot);
  expect(found).toEqual([
    '2 incidents were found',
    expect.stringMatching(/^ {2}1970-01-01 00:00:00 {2}suppressed error {4}b is ill \(maintenance: of .*mail\)$/),
    '  1970-01-01 00:01:00  resolved   error    payment: well since 00:05:00',
  ]);
  expect(found.join('')).not.toContain('\u001b');
  expect(incidentsFound(new ConsoleState().snapshot)).toEqual(['no incidents were found']);
});
