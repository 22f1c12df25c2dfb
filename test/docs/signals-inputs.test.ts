/**
 * The page of inputs beside logs shows what each reader makes of a sample: `npx vitest run
 * test/docs/signals-inputs.test.ts -u` writes it again.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Intake } from '../../signals/inputs/intake.ts';
import { type InputReader, metricReaders, now, spanReaders } from '../support/inputs/readers.ts';
import { alertReaders, changeReaders, podReaders } from '../support/inputs/webhooks.ts';
import { root } from '../support/sources.ts';

const introduction = [
  '# What is read beside logs',
  '',
  'Metrics, spans, changes, alerts and events of Kubernetes: what may be sent, and the record that comes of it. The readers lie in `signals/inputs/`. Each takes bytes or text and an `Intake`, never throws, and counts every element once: as a record, as refused with one of the codes of [errors.md](errors.md), or as passed over, because it is sound and tells nothing (a deployment that has only begun, an alarm without data). One bad element costs itself alone. This page is made from the samples of the tests.',
  '',
  'What holds for all of them:',
  '',
  '- Times are milliseconds since 1970, with microseconds behind the point. What happened before 2000 or more than a day ahead, or a year for a change, is refused. What has no time and may have none is of the moment when it came.',
  '- A body may have 16 MiB, and 32 MiB when decompressed; a block of snappy that says to hold more is refused before that. A list of labels may have 64, of attributes 128; attributes and notes are cut, with a count, and labels of series never, because they tell series apart.',
  '- A service is what `service.name`, `app` or a like label says, else the workload (`k8s.deployment.name`), else what the pod’s name begins with (`cart` of `cart-75ff987878-kh56q`), else the target that was scraped, else a host; if nothing says it, `unknown`. The name that SDKs use when they were given none counts as none.',
  '- Bytes that begin with `{` are JSON; other bytes are Protocol Buffers where both are sent. Text is one value, or one a line.',
  '',
].join('\n');

/** A topic, its record field by field, and what is sent to it. */
interface Topic {
  readonly name: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly readers: readonly InputReader[];
}

const subject = { service: 'whose it is', instance: 'the pod or process, or null' };

const topics: readonly Topic[] = [
  {
    name: 'Metrics',
    about:
      'A series is a service, an instance, a name and labels. A stale marker of Prometheus, and a point of OTLP with the flag that nothing was recorded, end a series; any other value that is no number is refused. Remote write is read in version 1.0, with native histograms. A gauge of StatsD that is sent as a change (`+3`) is refused.',
    fields: {
      time: 'when it was measured',
      ...subject,
      name: 'of the metric',
      labels: 'what tells the series apart besides, by name',
      kind: '`gauge`; `counter`, which rises until its process restarts; `delta`, counted since the point before; `histogram`; `set`',
      value: 'a number; NaN (here null) of a histogram, a set and an end',
      start: 'since when it counts, or null',
      unit: 'as it was sent',
      histogram:
        'count, sum, least and largest value, buckets with bounds or exponential; whether of the time since the point before (`delta`)',
      member: 'what was added to a set',
      ended: 'the series ends here',
    },
    readers: metricReaders as readonly unknown[] as readonly InputReader[],
  },
  {
    name: 'Spans',
    about:
      'Ids are in lower case, with the zeros in front that some senders leave out. A parent may never come. A span without ids, without an end, or with an end before its start is refused; so is an id in base64, but in the model of Jaeger, where that is the rule.',
    fields: {
      trace_id: '16 or 32 hexadecimal digits',
      span_id: '16 hexadecimal digits; client and server may share one in Zipkin',
      parent_span_id: 'null of a root',
      ...subject,
      name: 'as it was sent',
      operation: 'method and route where attributes name them, else the name',
      kind: '`internal`, `server`, `client`, `producer`, `consumer`',
      time: 'when it ended',
      'start, end': 'from when to when',
      status: '`unset`, `ok`, `error`; one left open by a server that answered 500 or more is `error`',
      peer: 'who is called, or who calls, or null; an address is none',
      attributes: 'texts, numbers and booleans by name',
    },
    readers: spanReaders as readonly unknown[] as readonly InputReader[],
  },
  {
    name: 'Changes',
    about:
      'Deployments, configurations, flags, commits and maintenance. What is delivered twice has one id. A CloudEvent, alone or in a batch, is opened: it may carry any of the others. GitHub’s statuses that are not the last are passed over, and so are operations of Argo CD that run, scaling of Kubernetes that is no rollout, and its other events.',
    fields: {
      id: 'the same for every delivery',
      time: 'when it took effect; `timestamp` is the same as text',
      kind: '`deployment`, `config`, `flag`, `commit`, `maintenance`',
      service: 'whose it is; `*` for all, as of a flag that names none; null of a commit',
      'version, author, commit, message': 'as far as they are told; a message is untrusted text',
      until: 'when a maintenance ends',
      environment: 'as the sender calls it, or null',
    },
    readers: changeReaders as readonly unknown[] as readonly InputReader[],
  },
  {
    name: 'Alerts',
    about:
      'What other systems raised or ended. A webhook repeats a whole group: the id is the fingerprint and when the alert began. An alarm that is OK after it had no data ends nothing, and is passed over. Alertmanager’s and Grafana’s webhooks, alerts of Alertmanager’s API, CloudWatch over SNS and EventBridge, events of PagerDuty, and objects with a name and a state are read. An alert that says neither whose it is nor on which host is refused. Where lines, spans or metrics of its service are read, an alert is evidence of an incident of it, and opens none; where nothing else is read, a burst of alerts within a minute opens one. What opens nothing stands with its reason in the table `decisions`.',
    fields: {
      id: 'fingerprint and begin, or the id that a record has',
      fingerprint: 'the same whenever this alert fires; made of name and labels where none is sent',
      time: 'when it began; where only its end is told, when it ended',
      ...subject,
      name: 'of the alert',
      source: '`metric`, `trace`, `log`, `alertmanager`, `other`',
      severity: 'in lower case; empty if none was sent',
      state: '`firing`, `resolved`',
      resolved_at: 'when it was over, or null',
      labels: 'labels by name, and `summary` and `detail`',
    },
    readers: alertReaders as readonly unknown[] as readonly InputReader[],
  },
  {
    name: 'Events of Kubernetes',
    about:
      'Of pods, their workloads and nodes, from `kubectl get events` as JSON or as a table, from watches and exporters, and from Pod objects, whose status alone tells of a container killed for its memory. The incident job finds them among lines of logs: they count for the service of their pod. Five restarts in ten minutes open an incident, which ends ten minutes after the last; whatever else they tell is told where an incident of the service is, and else is a note in the table `decisions`. What is normal is passed over.',
    fields: {
      id: 'the same for every repetition',
      'time, first_seen, count': 'when it was last and first seen, and how often so far',
      trouble:
        '`out-of-memory`, `crash`, `image`, `evicted`, `unschedulable`, `unhealthy`, `volume`, `node-pressure`, `node-down`, `other`',
      reason: 'as Kubernetes calls it',
      service: 'the workload: the pod without what was appended to its name; of a node, the node',
      'instance, container, namespace, node': 'as far as they are told',
      message: 'untrusted text',
    },
    readers: podReaders as readonly unknown[] as readonly InputReader[],
  },
];

function sample({ name, read, elements, wrap }: InputReader): string {
  const body = wrap(elements.slice(0, 1));
  const intake = new Intake<never>(name, now);
  read(body, intake);
  const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
  const shown = typeof body === 'string' ? block(body) : `In ${body.length} bytes.`;
  return `### ${name}\n\n${shown}\n\n${block(JSON.stringify(intake.records[0]))}\n`;
}

function section({ name, about, fields, readers }: Topic): string {
  const rows = Object.entries(fields).map(([field, what]) => `- \`${field.replaceAll(', ', '`, `')}\`: ${what}`);
  return `## ${name}\n\n${about}\n\n${rows.join('\n')}\n\n${readers.map(sample).join('\n')}`;
}

test('the page of inputs shows every sample, and names every field', async () => {
  await expect([introduction, ...topics.map(section)].join('\n')).toMatchFileSnapshot(
    join(root, 'docs/signals-inputs.md'),
  );
  for (const { fields, readers } of topics) {
    const named = new Set(Object.keys(fields).flatMap((field) => field.split(', ')));
    for (const { name, read, elements, wrap } of readers) {
      const intake = new Intake<never>(name, now);
      read(wrap(elements), intake);
      const unnamed = Object.keys(intake.records[0]!).filter((field) => !named.has(field) && field !== 'timestamp');
      expect(unnamed, name).toEqual([]);
    }
  }
});
