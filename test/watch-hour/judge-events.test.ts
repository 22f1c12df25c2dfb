/** The judge on events made by hand: what is so passes, and each kind of statement, made false, is found. */
import { expect, test } from 'vitest';
import type { IncidentEvent, Symptom } from '../../incidents/incident.ts';
import { at, falseKinds, truth } from './hand-made.ts';
import { judgeEvents } from './judge-events.ts';
import type { Truth } from './truth.ts';

const event = (name: IncidentEvent['event'], clock: string, more: Partial<IncidentEvent> = {}): IncidentEvent => ({
  event: name,
  incident_id: 'i1',
  sequence: 1,
  environment: 'default',
  follows: null,
  started_at: '2026-03-02T10:10:00.000Z',
  detected_at: '2026-03-02T10:10:30.000Z',
  updated_at: new Date(at(clock)).toISOString(),
  resolved_at: null,
  services: ['shop'],
  score: 20,
  severity: 'error',
  urgency: 'page',
  root_causes: [],
  changes: [],
  symptoms: [],
  alerts: [],
  flapping: false,
  learning: false,
  summary: 'shop',
  suppressed: false,
  reason: null,
  ...more,
});

const symptom = (more: object): Symptom =>
  ({ service: 'shop', kind: 'errors', window_seconds: 60, observed: 60, expected: 0.3, ...more }) as unknown as Symptom;
const iso = (clock: string) => `2026-03-02T${clock}.000Z`;

const told: readonly IncidentEvent[] = [
  event('opened', '10:10:40', { symptoms: [symptom({ observed: 40 })] }),
  event('updated', '10:17:00', { symptoms: [symptom({ observed: 0, well_since: iso('10:16:10') })] }),
  event('resolved', '10:19:20', { resolved_at: iso('10:16:10') }),
];
const until = at('10:30:00');
const onlyShop: Truth = { ...truth, faults: truth.faults.slice(0, 1) };

test('events that are so have only true statements', () => {
  const verdicts = judgeEvents(onlyShop, told, until);
  expect(falseKinds(verdicts)).toEqual([]);
  expect(verdicts.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['fault told in time', 'recovery told in time', 'fault resolved', 'event: resolved_at']),
  );
});

test.each<readonly [string, readonly IncidentEvent[]]>([
  ['fault told in time', []],
  ['fault told in time', [event('opened', '10:12:20'), ...told.slice(1)]],
  ['recovery told in time', [told[0]!, told[2]!]],
  ['fault resolved', told.slice(0, 2)],
  ['event: opened', [event('opened', '10:05:00'), ...told]],
  ['event: started_at', [event('opened', '10:10:40', { started_at: iso('10:07:00') }), ...told.slice(1)]],
  ['event: resolved_at', [...told.slice(0, 2), event('resolved', '10:22:00', { resolved_at: iso('10:18:50') })]],
  ['event: resolved after', [...told.slice(0, 2), event('resolved', '10:17:10', { resolved_at: iso('10:16:10') })]],
  ['event: errors now', [event('opened', '10:10:40', { symptoms: [symptom({ observed: 400 })] }), ...told.slice(1)]],
  [
    'event: errors usual',
    [event('opened', '10:10:40', { symptoms: [symptom({ observed: 40, expected: 40 })] }), ...told.slice(1)],
  ],
  [
    'event: errors at the peak',
    [
      event('opened', '10:10:40', {
        symptoms: [symptom({ observed: 40, peak: { at: iso('10:10:40'), observed: 60, window_seconds: 60 } })],
      }),
      ...told.slice(1),
    ],
  ],
  [
    'event: well since',
    [
      told[0]!,
      event('updated', '10:17:00', { symptoms: [symptom({ observed: 0, well_since: iso('10:15:00') })] }),
      told[2]!,
    ],
  ],
  [
    'event: lines now',
    [event('opened', '10:12:00', { symptoms: [symptom({ kind: 'silent', observed: 0 })] }), ...told.slice(1)],
  ],
  [
    'event: reason of suppression',
    [event('suppressed', '10:12:00', { suppressed: true, reason: 'pipeline: gone' }), ...told],
  ],
])('%s: an event for which this is not so is found', (kind, events) => {
  expect(falseKinds(judgeEvents(onlyShop, events, until))).toContain(kind);
});

test('an outage of the pipeline may be told as suppressed, but only of its own services', () => {
  const suppressed = event('suppressed', '10:33:00', {
    services: ['cart', 'stock'],
    suppressed: true,
    reason: 'pipeline: nothing came from /a.log since 10:30:00: 2 services fell silent together',
  });
  const pipeline = { ...truth, faults: truth.faults.slice(2) };
  expect(falseKinds(judgeEvents(pipeline, [suppressed], at('10:33:30')))).toEqual([]);
  const mail = { ...suppressed, services: ['mail'] };
  expect(falseKinds(judgeEvents(pipeline, [mail], at('10:33:30')))).toEqual(['event: reason of suppression']);
});
