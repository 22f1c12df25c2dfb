import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cloudEvent } from '../../incidents/cloud-event.ts';
import { anomalous, at, environment, well } from '../support/incidents/environment-of.ts';

const file = new URL('../../docs/incident-event.schema.json', import.meta.url);
const schema = z.fromJSONSchema(JSON.parse(readFileSync(file, 'utf8')));

/** An incident of several services with a deployment, from its beginning to its end, and one held back. */
function life() {
  const shop = environment();
  shop.change({ timestamp: at(-6), kind: 'deployment', service: 'cart', version: '2', author: 'mira' });
  shop.change({ timestamp: at(-6), kind: 'maintenance', service: 'email', until: at(60) });
  shop.show(0, 12, (n) => [
    anomalous('cart', n),
    n < 3 ? well('user', n) : anomalous('user', n),
    anomalous('email', n),
  ]);
  shop.show(12, 60, (n) => [well('cart', n), well('user', n), well('email', n)]);
  return shop.events.map(cloudEvent);
}

describe('the incident topic', () => {
  test('holds what the published schema says, event by event', () => {
    const events = life();
    expect(new Set(events.map((e) => e.data.event))).toEqual(new Set(['opened', 'updated', 'suppressed', 'resolved']));
    for (const event of events) expect(schema.safeParse(JSON.parse(JSON.stringify(event))).error).toBeUndefined();
  });

  test('the schema refuses an event that lacks a field', () => {
    const { summary: _, ...data } = life()[0]!.data;
    expect(schema.safeParse({ ...life()[0], data }).success).toBe(false);
  });

  test('an id is the incident and the number of its event, so that none occurs twice', () => {
    const ids = life().map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^202503040800-[0-9a-f]{8}\/1$/);
  });
});
