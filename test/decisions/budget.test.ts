import { expect, test } from 'vitest';
import { type Found, levelsOf, noteFound } from '../../decisions/budget.ts';
import { thresholdOf } from '../../decisions/threshold.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { days } from '../../time/duration.ts';

const { detection } = incidentDefaults;
const at = Date.parse('2026-03-02T10:00:00Z');
const none = new Map<'incidents' | 'pages', Found>();
const levels = (services: number, discoveries = none, end = at) => levelsOf(discoveries, { services, end, detection });

test('as many services as are set, or fewer, open an incident where each of them says so', () => {
  for (const services of [1, 100]) expect(levels(services).opens).toBe(thresholdOf(detection));
});

test('ten times the services ask for a tenth of the probability', () => {
  expect(levels(1_000).opens).toBeCloseTo(levels(100).opens - 1);
  expect(levels(1_000).calls).toBeCloseTo(levels(100).calls - 1);
});

test('what calls someone is a fifth as probable, and never more probable than what opens', () => {
  expect(levels(100).calls).toBeCloseTo(levels(100).opens - Math.log10(5));
  const strict = { ...detection, falseIncidentsPerDay: 0.5 };
  const { opens, calls } = levelsOf(none, { services: 1, end: at, detection: strict });
  expect(calls).toBe(opens);
});

test('what was found widens its budget, by half a day later', () => {
  const discoveries = new Map(none);
  for (let i = 0; i < 3; i++) noteFound(discoveries, 'incidents', at);
  expect(levels(100, discoveries).opens).toBeCloseTo(levels(100).opens + Math.log10(4));
  expect(levels(100, discoveries).calls).toBe(levels(100).calls);
  expect(levels(100, discoveries, at + days(1)).opens).toBeCloseTo(levels(100).opens + Math.log10(2.5));
  noteFound(discoveries, 'incidents', at + days(1));
  expect(levels(100, discoveries, at + days(1)).opens).toBeCloseTo(levels(100).opens + Math.log10(3.5));
});
