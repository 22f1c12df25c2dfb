/** Rows that the jobs could have written: an open incident of cart, one of mail that a maintenance holds back. */
import type { Row } from '../../../tables/tables.ts';

const minutes = 60_000;

/** By table. */
export function rowsOf(now: number, environment: string): Readonly<Record<string, readonly Row[]>> {
  const at = (ago: number) => new Date(now - ago * minutes).toISOString();
  const incident = {
    environment,
    score: 42.5,
    started_at: at(10),
    detected_at: at(9),
    updated_at: at(1),
    resolved_at: null,
    cause: 'cart',
    confidence: 0.8,
    summary: 'errors in cart',
    changes: '[]',
    root_causes: '[]',
    symptoms: '{}',
    flapping: false,
    learning: false,
    reason: null,
    sequence: 2,
    severity: 'critical',
  };
  const evidence = {
    incident_id: 'i1',
    service: 'cart',
    kind: 'errors',
    expected: 0.5,
    ratio: 20,
    log10_p: -12.3,
    onset: at(10),
    suppressed_by: '',
    samples: ['boom'],
    new_templates: [],
    missing_templates: [],
    surging_templates: [],
  };
  return {
    incidents: [
      { ...incident, incident_id: 'i1', status: 'open', services: ['cart', 'shop'], suppressed: false },
      { ...incident, incident_id: 'i2', status: 'suppressed', services: ['mail'], suppressed: true },
      { ...incident, incident_id: 'i3', environment: 'test', status: 'open', services: [], suppressed: false },
    ],
    incident_windows: [
      { ...evidence, window_start: at(11), window_end: at(10), observed: 20, score: 40 },
      { ...evidence, window_start: at(6), window_end: at(5), observed: 10, score: 20 },
    ],
    service_windows: ['cart', 'shop'].map((service) => serviceWindow({ environment, service, start: at(5) })),
    templates: [
      template({ environment, id: 't1', alias: '', first: at(8) }),
      template({ environment, id: 't2', alias: 't1', first: at(7) }),
      template({ environment, id: 't3', alias: '', first: at(600) }),
    ],
    changes: [
      {
        change_id: 'c1',
        timestamp: at(13),
        kind: 'deployment',
        service: 'cart',
        version: 'v2',
        author: 'ada',
        until: null,
      },
      {
        change_id: 'c2',
        timestamp: at(70),
        kind: 'deployment',
        service: 'mail',
        version: 'v9',
        author: '',
        until: null,
      },
      { change_id: 'c3', timestamp: at(300), kind: 'config', service: 'shop', version: '', author: '', until: null },
    ],
    suppressions: [
      {
        incident_id: 'i2',
        service: 'mail',
        rule: 'maintenance',
        reason: 'announced',
        onset: at(9),
        last_at: at(1),
        score: 3,
      },
    ],
    // Epoch 2 had nothing to tell and has no row.
    ledger: [ledgerRow(now, { epoch: 1, from: 0, to: 10, late: 1 }), ledgerRow(now, { epoch: 3, from: 10, to: 20 })],
    dead_letters: [deadLetter('1', at(5), 'newer'), deadLetter('2', at(6), 'older')],
  };
}

function serviceWindow({ environment, service, start }: { environment: string; service: string; start: string }): Row {
  const isIll = service === 'cart';
  return {
    environment,
    service,
    window_start: start,
    lines: 100,
    warnings: 0,
    errors: isIll ? 30 : 0,
    fatals: 0,
    usual_errors: 0.1,
    health: isIll ? 'errors' : 'well',
    tested_seconds: 60,
    observed: isIll ? 30 : 0,
    expected: 0.5,
    ratio: isIll ? 30 : 0,
    log10_p: isIll ? -20 : 0,
    score: isIll ? 40 : 0,
    learning: false,
    samples: [],
  };
}

function template({
  environment,
  id,
  alias,
  first,
}: {
  environment: string;
  id: string;
  alias: string;
  first: string;
}): Row {
  return {
    environment,
    service: 'cart',
    template_id: id,
    template: 'no route to <*>',
    alias_of: alias,
    level: 'ERROR',
    first_seen: first,
    last_seen: first,
    count: 3,
    sample: 'no route to db',
  };
}

const deadLetter = (id: string, time: string, detail: string): Row => ({
  job: 'incidents',
  id: `logs-0/1/${id}`,
  time,
  origin: 'logs',
  reason: 'unreadable',
  detail,
  sample: '{',
});

/** An epoch of one task, which reads one split. */
export function ledgerRow(
  now: number,
  epoch: { epoch: number; from: number; to: number; late?: number; generation?: number },
): Row {
  const { from, to, late = 0, generation = 1 } = epoch;
  const time = new Date(now - (60 - epoch.epoch - generation) * 1_000).toISOString();
  return {
    job: 'incidents',
    task: 'panes-0',
    generation,
    epoch: epoch.epoch,
    committed_at: time,
    watermark: time,
    positions_from: JSON.stringify({ in: { 0: from } }),
    positions_to: JSON.stringify({ in: { 0: to } }),
    records_in: to - from,
    records_out: 0,
    records_late: late,
    records_dead: 0,
  };
}
