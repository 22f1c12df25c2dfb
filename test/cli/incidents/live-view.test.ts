import { expect, test } from 'vitest';
import { ConsoleState } from '../../../cli/incidents/console-state.ts';
import { viewLines } from '../../../cli/incidents/live-view.ts';

const series = (errors: number) => ({
  t: [0, 10_000],
  errors: [errors, errors],
  expected: [0.5, 0.5],
  total: [40, 60],
});

test('the service with the most unexpected errors stands first, over its last minute', () => {
  const service = { criticality: 1, learning: false };
  const { snapshot } = new ConsoleState({
    now: Date.UTC(2026, 0, 29),
    services: [
      { ...service, name: 'calm', series: series(0) },
      { ...service, name: 'ill', series: series(9) },
    ],
  });
  const lines = viewLines(snapshot, 120);
  expect(lines[0]).toContain('2026-01-29T00:00:00');
  expect(lines[3]!.split(/ +/)).toEqual(['ill', '100', '18', '1.0']);
  expect(lines[4]!.split(/ +/)).toEqual(['calm', '100', '0', '1.0']);
});

test('text of logs can not move the cursor or leave its line', () => {
  const incident = {
    id: 'i',
    status: 'open',
    severity: 'error',
    score: 9,
    startedAt: 0,
    detectedAt: 0,
    services: [],
    summary: '\x1b[2Jgone\n\u202e',
    reason: null,
    evidence: [],
    rootCauses: [],
    deploys: [],
    samples: [],
    templates: [],
  } as const;
  const lines = viewLines(new ConsoleState({ incidents: [incident] }).snapshot, 40);
  expect(lines.join('')).toContain('·[2Jgone··');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
});
