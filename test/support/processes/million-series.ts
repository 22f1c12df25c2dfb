/**
 * The incident job over a topic with a million series of metrics, of few services, and one more that is ill: prints
 * what it opened and set aside. Who starts it limits its heap.
 */
import { incidentDefaults } from '../../../incidents/settings.ts';
import incidentsOf from '../../../jobs/incidents.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { hours, seconds } from '../../../time/duration.ts';
import { memoryWorld, runUntilIdle, valuesOf } from '../run-to-end.ts';

const start = Date.UTC(2026, 2, 4, 7);
const [bodies, perBody] = [120, 8_334];
const ports = memoryWorld(new VirtualClock(start + hours(1)));
for (const name of ['logs', 'changes', 'metrics', 'incidents']) await ports.topics.create({ name, partitions: 1 });
for (let n = 0; n < bodies; n++) {
  const timestamp = start + n * seconds(15);
  const ill = `cpu_usage_percent:${n < 100 ? 5 + (n % 3) : 95}|g|#service:stock`;
  const flood = Array.from({ length: perBody }, (_, i) => `visits:${i}|g|#service:s${i % 40},user:${n * perBody + i}`);
  const value = Buffer.from([ill, ...flood].join('\n'));
  await ports.topics.append([{ topic: 'metrics', partition: 0, key: null, value, timestamp }]);
}
await runUntilIdle(incidentsOf({ settings: { ...incidentDefaults, inputs: ['metrics'] } }), ports);
const events = (await valuesOf(ports, 'incidents')) as readonly { readonly data: { readonly services: unknown } }[];
const letters = await ports.tables.rows('dead_letters');
const leftOut = letters.map(({ sample }) => (JSON.parse(String(sample)) as { readonly points: number }).points);
console.log(
  JSON.stringify({
    opened: events[0]?.data.services,
    reasons: [...new Set(letters.map(({ origin, reason }) => `${origin} ${reason}`))],
    leftOut: Math.max(...leftOut),
    letters: letters.length,
  }),
);
