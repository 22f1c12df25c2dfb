/**
 * The same outage as five programs write it: eight lines a second, of which one in a hundred fails; after three hours
 * every second one does, for ten minutes. Each is one incident of one service, whatever the lines look like.
 */
import { expect, test } from 'vitest';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { END, play } from '../../testing/index.ts';
import { hours, minutes } from '../../time/duration.ts';

const start = Date.UTC(2026, 2, 4, 7);
const onset = start + hours(3);

/** Writes the line, or lines, of request `n` at `time`. */
type Program = (n: number, time: string, failed: boolean) => readonly string[];

const programs: Readonly<Record<string, Program>> = {
  'a plain one': (n, time, failed) => [
    `${time} ${failed ? 'ERROR payment declined' : 'INFO payment taken'} for order ${n}`,
  ],
  'one with a number before a colon': (n, time, failed) => [
    failed ? `${time} ERROR order-${n}:payment declined` : `${time} INFO order-${n}:payment taken`,
    ...(failed && n % 500 === 0 ? [`${time} ERROR http://pay:8080/x: 503`] : []),
  ],
  'one with the order where a program names itself': (n, time, failed) => [
    failed ? `${time} ERROR [order-${n},,] payment declined` : `${time} INFO payment taken for order ${n}`,
  ],
  'a coloured one': (n, time, failed) => [
    `\u001b[90m${time}\u001b[0m \u001b[${failed ? '31mERROR' : '32mINFO'}\u001b[0m payment ${failed ? 'declined' : 'taken'} for order ${n}`,
  ],
  'a server that writes no time, with tracebacks': (n, time, failed) => [
    ...(n % 4 === 0 ? [`${time} INFO app.pay order ${n} is being paid`] : []),
    `INFO:     10.0.0.7:${4_000 + (n % 999)} - "POST /pay HTTP/1.1" ${failed ? '500 Internal Server Error' : '200 OK'}`,
    ...(failed ? traceback : []),
  ],
};

const traceback = [
  'ERROR:    Exception in ASGI application',
  'Traceback (most recent call last):',
  '  File "/srv/pay.py", line 12, in pay',
  '    charge(order)',
  'pay.Declined: no funds',
];

/** Files of syslog, into which another program writes between the lines of a traceback; it fails every two seconds. */
function journal(): RawLine[] {
  const lines: RawLine[] = [];
  for (let n = 0, at = start; at < onset + minutes(10); n++, at += 125) {
    const header = `${new Date(at).toISOString().slice(0, 23)}000+00:00 web-1`;
    const write = (text: string) =>
      lines.push({ line: `${header} ${text}`, source: 'syslog', time: onset + hours(24) });
    const failed = at >= onset && n % 16 === 0;
    if (!failed) write(`shop[412]: order ${n} is paid`);
    else
      for (const line of traceback.slice(1)) {
        write(`shop[412]: ${line}`);
        write(`cron[9]: job ${n} has begun`);
      }
  }
  return lines;
}

test('files of syslog, where only tracebacks tell, thirty a minute: one incident of the program that throws', async () => {
  const logs = [...journal(), END] as const;
  const { topics, tables } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
  const events = topics['incidents'] as readonly CloudEvent[];
  const opened = events.map(({ data }) => data).filter(({ event }) => event === 'opened');
  expect(opened.map(({ services, suppressed }) => ({ services, suppressed }))).toEqual([
    { services: ['shop'], suppressed: false },
  ]);
  expect(Date.parse(opened[0]!.detected_at) - onset).toBeLessThanOrEqual(minutes(3));
  const errors = tables['service_windows']!.filter(({ service }) => service === 'shop').map((row) =>
    Number(row['errors']),
  );
  expect(errors.reduce((sum, count) => sum + count, 0)).toBe(300);
});

function written(program: Program): RawLine[] {
  const lines: RawLine[] = [];
  for (let n = 0, at = start; at < onset + minutes(10); n++, at += 125) {
    const failed = at < onset ? n % 100 === 7 : n % 2 === 0;
    const time = new Date(at).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23);
    for (const line of program(n, time, failed)) lines.push({ line, source: 'shop', time: onset + hours(24) });
  }
  return lines;
}

test.each(Object.keys(programs))('%s: one incident, of its own service, within two minutes', async (name) => {
  const logs = [...written(programs[name]!), END] as const;
  const { topics } = await play(incidentsOf({ settings: incidentDefaults }), { logs, changes: [END] });
  const events = topics['incidents'] as readonly CloudEvent[];
  const opened = events.map(({ data }) => data).filter(({ event }) => event === 'opened');
  expect(opened.map(({ services, suppressed }) => ({ services, suppressed }))).toEqual([
    { services: ['shop'], suppressed: false },
  ]);
  expect(Date.parse(opened[0]!.detected_at) - onset).toBeLessThanOrEqual(minutes(2));
  expect(new Set(events.flatMap(({ data }) => data.services))).toEqual(new Set(['shop']));
});
