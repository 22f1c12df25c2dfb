/**
 * Runs the incident job in this process and hands on what it says, as it is committed.
 */
import { randomUUID } from 'node:crypto';
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import type { IncidentJobOptions } from '../../jobs/incidents.ts';
import { silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { run } from '../../runtime/task/runner.ts';
import { type TaskOptions, taskDefaults } from '../../runtime/task/task-options.ts';
import { systemClock } from '../../time/clock.ts';
import { hours, milliseconds, minutes, seconds, type Time } from '../../time/duration.ts';
import { boundDeadLetters, boundIncidents } from '../parts/topic-bounds.ts';
import { TopicTail } from './topic-tail.ts';

/** What the job reads and who listens. */
export interface IncidentRun {
  readonly job: Job;
  readonly ports: Ports;
  readonly options?: Partial<TaskOptions>;
  readonly metrics?: Metrics;
  readonly signal: AbortSignal;
  /** Restarts in a row before a failure ends the run. Default: the runner's. Input that can't be read twice: 0. */
  readonly restarts?: number;
  readonly onEvent: (event: IncidentEvent) => void;
  /** Called a few times a second, and at the end. */
  readonly onMoment?: () => void | Promise<void>;
  /** Called about once a second with the machine's time, and at the end. */
  readonly onSecond?: (wall: Time) => void | Promise<void>;
}

/** Recorded data are read at full speed: what would be a second there is ten minutes of event time. */
export const fullSpeed: Partial<TaskOptions> = { epochEvery: minutes(10), epochRecords: 200_000 };

const glance = milliseconds(100);

/** Runs until the input ends or `signal` stops it; when it resolves, every event has been handed on. */
export async function runIncidents(how: IncidentRun): Promise<void> {
  const { job, ports, signal, onEvent, onMoment, onSecond, metrics = new Metrics() } = how;
  const over = new AbortController();
  const tail = await TopicTail.fromEnd<CloudEvent>(ports.topics, 'incidents');
  let second = Number.NEGATIVE_INFINITY;
  let bounded = second;
  const moment = async () => {
    await tail.drain(({ data }) => onEvent(data));
    await onMoment?.();
    const wall = systemClock.now();
    if (wall - second < seconds(1) && !over.signal.aborted) return;
    second = wall;
    if (wall - bounded >= hours(1)) {
      bounded = wall;
      await boundIncidents(ports.topics);
      await boundDeadLetters(ports.topics, job.name);
    }
    await onSecond?.(wall);
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await moment();
      await systemClock.sleep(glance, over.signal);
    }
  })();
  try {
    const options = { ...taskDefaults, ...how.options, nonce: randomUUID };
    const restarts = how.restarts === undefined ? {} : { restarts: how.restarts };
    await run(job, ports, { options, metrics, log: silent, signal, ...restarts });
  } finally {
    over.abort();
    await watching;
  }
  await moment();
}

/** The incident job over the given sources; loaded here, since it compiles formulas. */
export async function makeIncidentJob(options: IncidentJobOptions): Promise<Job> {
  const { incidentJob } = await import('../../jobs/incidents.ts');
  return incidentJob(options);
}
