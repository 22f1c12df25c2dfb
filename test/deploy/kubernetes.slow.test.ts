/**
 * Kubernetes' own schemas are not among the packages; these say what a cluster would refuse of what is used here. An
 * unknown field is refused, too: Kubernetes would pass over a mistyped one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { logTopic } from '../../jobs/shipped-lines.ts';
import { start } from '../support/command.ts';
import { complaints, variables } from '../support/deploy/command-line.ts';
import { documentOf, documentsOf } from '../support/deploy/files.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
const labels = z.record(z.string(), z.string());
const metadata = z.strictObject({ name, annotations: labels.optional() });
const seconds = z.number().int().positive();
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/'), port: z.string() }),
  periodSeconds: seconds.optional(),
  timeoutSeconds: seconds.optional(),
  failureThreshold: seconds.optional(),
});
const quantity = z.string().regex(/^\d+(\.\d+)?(m|Ki|Mi|Gi)?$/);
const resources = z.strictObject({ cpu: quantity.optional(), memory: quantity });
/** As the restricted Pod Security Standard asks. */
const restricted = z.strictObject({
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
});
const container = z.strictObject({
  name,
  image: z.string(),
  args: z.array(z.string()),
  envFrom: z.array(z.strictObject({ secretRef: z.strictObject({ name }) })),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  ports: z.array(z.strictObject({ name, containerPort: z.number().int() })),
  resources: z.strictObject({ requests: resources, limits: resources }),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  securityContext: restricted,
  volumeMounts: z.array(z.strictObject({ name, mountPath: z.string(), readOnly: z.literal(true).optional() })),
});
const selector = z.strictObject({ matchLabels: labels });
const deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.number().int(),
    revisionHistoryLimit: z.number().int(),
    progressDeadlineSeconds: seconds,
    minReadySeconds: seconds,
    strategy: z.strictObject({
      type: z.literal('RollingUpdate'),
      rollingUpdate: z.strictObject({ maxSurge: z.number(), maxUnavailable: z.number() }),
    }),
    selector,
    template: z.strictObject({
      metadata: z.strictObject({ labels, annotations: labels }),
      spec: z.strictObject({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: seconds,
        securityContext: z.strictObject({
          runAsNonRoot: z.literal(true),
          runAsUser: z.number().int().positive(),
          runAsGroup: z.number().int().positive(),
          seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
        }),
        topologySpreadConstraints: z.array(
          z.strictObject({
            maxSkew: z.number(),
            topologyKey: z.string(),
            whenUnsatisfiable: z.literal('ScheduleAnyway'),
            labelSelector: selector,
          }),
        ),
        containers: z.tuple([container]),
        volumes: z.array(
          z.strictObject({
            name,
            configMap: z.strictObject({ name }).optional(),
            emptyDir: z.strictObject({ sizeLimit: quantity }).optional(),
          }),
        ),
      }),
    }),
  }),
});
const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    clusterIP: z.literal('None'),
    publishNotReadyAddresses: z.literal(true),
    selector: labels,
    ports: z.array(z.strictObject({ name, port: z.number().int(), targetPort: z.string() })),
  }),
});
const budget = z.strictObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.strictObject({ maxUnavailable: z.number().int(), selector }),
});
const configMap = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  data: labels,
});
const secret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata,
  type: z.literal('Opaque'),
  stringData: labels,
});
/** As keda.sh describes the Kafka trigger: every value of its metadata is a text. */
const scaledObject = z.strictObject({
  apiVersion: z.literal('keda.sh/v1alpha1'),
  kind: z.literal('ScaledObject'),
  metadata,
  spec: z.strictObject({
    scaleTargetRef: z.strictObject({ name }),
    pollingInterval: seconds,
    minReplicaCount: seconds,
    maxReplicaCount: seconds,
    advanced: z.strictObject({ horizontalPodAutoscalerConfig: z.strictObject({ behavior: z.looseObject({}) }) }),
    triggers: z.tuple([
      z.strictObject({
        type: z.literal('kafka'),
        metadata: z.strictObject({
          bootstrapServers: z.string(),
          consumerGroup: z.string(),
          topic: z.string(),
          lagThreshold: z.string().regex(/^\d+$/),
          offsetResetPolicy: z.enum(['earliest', 'latest']),
          allowIdleConsumers: z.literal('false'),
          excludePersistentLag: z.enum(['true', 'false']),
        }),
      }),
    ]),
  }),
});

const read = <T>(file: string, schema: z.ZodType<T>): T => schema.parse(documentOf(`deploy/kubernetes/${file}`));

const worker = read('deployment.yaml', deployment);
const { spec } = worker.spec.template;
const [only] = spec.containers;
const own = worker.spec.template.metadata.labels;
const settings = read('config-map.yaml', configMap);

test('every resource of the kustomization is there, and the example of a secret is none', () => {
  const { resources: files } = z
    .looseObject({ resources: z.array(z.string()) })
    .parse(documentOf('deploy/kubernetes/kustomization.yaml'));
  expect(files).not.toContain('secret.example.yaml');
  for (const file of files) expect(documentsOf(`deploy/kubernetes/${file}`)).toHaveLength(1);
});

test('the Deployment, the Service and the budget mean the same pods', () => {
  expect(worker.spec.selector.matchLabels).toEqual(own);
  expect(read('service.yaml', service).spec.selector).toEqual(own);
  expect(read('pod-disruption-budget.yaml', budget).spec.selector.matchLabels).toEqual(own);
  expect(spec.topologySpreadConstraints.map((c) => c.labelSelector.matchLabels)).toEqual([own]);
});

test('every port that is named has a number, and it is that of the metrics', () => {
  const names = only.ports.map((port) => port.name);
  for (const { httpGet } of [only.startupProbe, only.livenessProbe, only.readinessProbe])
    expect(names).toContain(httpGet.port);
  const served = Number(only.args.at(-1)!.split(':')[1]);
  expect(only.ports.map((port) => port.containerPort)).toEqual([served]);
  const { ports } = read('service.yaml', service).spec;
  expect(ports.map((port) => [port.port, port.targetPort])).toEqual([[served, 'metrics']]);
  expect(worker.spec.template.metadata.annotations['prometheus.io/port']).toBe(String(served));
});

test('probes ask what the command serves', () => {
  const server = readFileSync(join(import.meta.dirname, '../../cli/run/metrics-server.ts'), 'utf8');
  for (const { httpGet } of [only.startupProbe, only.livenessProbe, only.readinessProbe]) {
    expect(server).toContain(`app.get('${httpGet.path}'`);
  }
});

describe('the command', () => {
  test('knows the flags, and the variables in the secret', () => {
    expect(complaints(only.args)).toEqual([]);
    const servers = read('secret.example.yaml', secret);
    expect(only.envFrom).toEqual([{ secretRef: { name: servers.metadata.name } }]);
    expect(Object.keys(servers.stringData).filter((key) => !variables.includes(key))).toEqual([]);
    expect(only.env.map((e) => e.name)).toEqual(['NODE_OPTIONS']);
  });

  test('finds its settings and may write where it must', () => {
    const path = only.args[only.args.indexOf('--config') + 1];
    const mounts = only.volumeMounts.map(({ name: volume, mountPath }) => [mountPath, volume]);
    expect(mounts).toEqual([
      ['/etc/millrace', 'settings'],
      ['/tmp', 'scratch'],
    ]);
    const [volume] = spec.volumes;
    expect(volume).toEqual({ name: 'settings', configMap: { name: settings.metadata.name } });
    expect(Object.keys(settings.data).map((file) => `/etc/millrace/${file}`)).toEqual([path]);
  });

  test('has memory beside its heap', () => {
    const heap = Number(/--max-old-space-size=(\d+)/.exec(only.env[0]!.value)![1]);
    const limit = Number.parseInt(only.resources.limits.memory, 10) * 1_024;
    expect(limit - heap).toBeGreaterThanOrEqual(512);
  });

  test('has longer to end than a supervisor gives a worker', () => {
    const [, minutes] = /const grace = minutes\((\d+)\)/.exec(
      readFileSync(join(import.meta.dirname, '../../cli/run/supervisor.ts'), 'utf8'),
    )!;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(minutes) * 60);
  });
});

test('the settings in the ConfigMap are settings', async () => {
  const file = join(emptyDirectory(), 'millrace.yaml');
  writeFileSync(file, settings.data['millrace.yaml']!);
  const path = join(import.meta.dirname, '..', '..', 'jobs/incidents.ts');
  const plan = start(['plan', path, '--exchange', 'topic', '--config', file]);
  const { code, out, err } = await plan.ended;
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('job incidents');
}, 60_000);

test('KEDA watches the group and the topic of the job, and asks for no more workers than make sense', () => {
  const { spec: scaling } = read('scaled-object.yaml', scaledObject);
  expect(scaling.scaleTargetRef.name).toBe(worker.metadata.name);
  const { consumerGroup, topic } = scaling.triggers[0].metadata;
  // The group is called as the job is.
  const source = readFileSync(join(import.meta.dirname, '../../jobs/incidents.ts'), 'utf8');
  expect(source).toMatch(new RegExp(`\\bjob\\(\\s*'${consumerGroup}'`));
  expect(source).toContain('logs: shippedLines(logTopic.name)');
  expect(topic).toBe(logTopic.name);
  expect(scaling.minReplicaCount).toBeLessThanOrEqual(worker.spec.replicas);
});
