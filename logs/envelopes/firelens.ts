/**
 * Records of Docker's driver for Fluentd, which FireLens of ECS runs on: the line under `log`, beside it the container
 * and its stream, and for ECS the task. The driver cuts long lines and says so.
 */
import { noteField, type ObjectEnvelope } from './envelope.ts';

export const fireLens: ObjectEnvelope = {
  name: 'firelens',
  keys: ['container_name'],
  open: (record, wrapping) => {
    const { log, source, container_name: written, ecs_task_definition: task } = record;
    if (typeof log !== 'string' || typeof written !== 'string') return null;
    const isStream = source === 'stdout' || source === 'stderr';
    if (!isStream && !('ecs_task_arn' in record) && !('container_id' in record)) return null;
    if ('level' in record || 'message' in record) return null;
    const name = written.startsWith('/') ? written.slice(1) : written;
    for (const [key, field] of fields) noteField(field, record[key], wrapping);
    noteField('container.name', name, wrapping);
    if (isStream) noteField('stream', source, wrapping);
    if (record['partial_message'] === 'true' && record['partial_last'] !== 'true')
      wrapping.fields.push('log.flags', 'partial');
    // On a machine of its own a container is called after the task, its revision and a number.
    const isTask = name.startsWith('ecs-') && typeof task === 'string' && name.startsWith(`ecs-${familyOf(task)}-`);
    if (wrapping.service === '') wrapping.service = isTask ? familyOf(task) : name;
    return log.endsWith('\n') ? log.slice(0, -1) : log;
  },
};

/** The name of a task's definition without its revision. */
function familyOf(task: string): string {
  const colon = task.lastIndexOf(':');
  return colon > 0 ? task.slice(task.lastIndexOf('/', colon) + 1, colon) : task;
}

const fields = [
  ['container_id', 'container.id'],
  ['ecs_cluster', 'orchestrator.cluster.name'],
  ['ecs_task_arn', 'aws.ecs.task.arn'],
  ['ecs_task_definition', 'aws.ecs.task.definition'],
] as const;
