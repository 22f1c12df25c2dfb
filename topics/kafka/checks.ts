/**
 * What is looked at before a job is trusted to a Kafka cluster: whether it is new enough, how soon it notices a dead
 * worker, what it forgets and when, and whether the input topics keep what a job that stood still has not read yet.
 *
 * A take-over lasts as long as the session of the member that died: with KIP-848 groups that is the broker's
 * `group.consumer.session.timeout.ms`, 45 s unless it is set, and nothing a client can choose.
 */
import { isIPv4 } from 'node:net';
import { MillraceError } from '../../errors.ts';
import { type Duration, days, hours, milliseconds, minutes, seconds } from '../../time/duration.ts';
import type { Cluster } from './cluster.ts';
import type { KafkaSettings } from './options.ts';
import { code, nameOf } from './protocol/codes.ts';
import { type ConfigResource, describeConfigs, describeConsumerGroup } from './protocol/configs.ts';
import { metadata } from './protocol/metadata.ts';

/** Something about the cluster that its operator should know. */
export interface KafkaFinding {
  readonly code:
    | 'KAFKA_TAKE_OVER_SLOW'
    | 'KAFKA_HEARTBEAT_SLOW'
    | 'KAFKA_FORGETS_MARKS'
    | 'KAFKA_RECORDS_SMALL'
    | 'KAFKA_TRANSACTIONS_UNREPLICATED'
    | 'KAFKA_CREATES_TOPICS'
    | 'KAFKA_INPUT_SHORT'
    | 'KAFKA_INPUT_COMPACTED'
    | 'KAFKA_PASSWORD_CLEAR'
    | 'KAFKA_SETTINGS_HIDDEN';
  readonly text: string;
}

/** What the cluster was found to be. */
export interface Inspection {
  readonly findings: readonly KafkaFinding[];
  /** How long it takes until a dead worker's partitions go to another; undefined where the brokers hide it. */
  readonly takeOver: Duration | undefined;
}

type Settings = ReadonlyMap<string, string>;

const brokerSettings = [
  'group.consumer.session.timeout.ms',
  'group.consumer.min.session.timeout.ms',
  'group.consumer.heartbeat.interval.ms',
  'group.consumer.min.heartbeat.interval.ms',
  'offsets.retention.minutes',
  'message.max.bytes',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'auto.create.topics.enable',
];
const topicSettings = ['cleanup.policy', 'retention.ms'];

const longestSession = seconds(10);
const longestHeartbeat = seconds(1);
const shortestMemory = days(30);
const smallestRecord = 1 << 20;
const shortestRetention = days(1);

/** UNSUPPORTED_VERSION, as the answer of a broker that knows a request and has it switched off. */
const switchedOff = 35;

/**
 * Inspects every broker, and the topics that a job reads.
 *
 * Errors: KAFKA_UNSUPPORTED for a broker older than 4.0 or without the new consumer groups; KAFKA_UNREACHABLE,
 * TOPIC_MISSING.
 */
export async function inspect(cluster: Cluster, inputs: readonly string[] = []): Promise<Inspection> {
  const any = await cluster.controller();
  const { brokers } = await any.request(metadata, { topics: [] });
  const found: KafkaFinding[] = [...ofLogin(cluster.settings, brokers)];
  let takeOver: Duration | undefined;
  for (const { id } of brokers) {
    await refuseOld(cluster, id);
    const settings = await settingsOf(cluster, { kind: 'broker', name: String(id) }, brokerSettings);
    if (settings instanceof Map) {
      found.push(...ofGroups(settings), ...brokerFindings(settings, brokers.length));
      const session = numberOf(settings, 'group.consumer.session.timeout.ms');
      if (session !== undefined) takeOver = Math.max(takeOver ?? 0, session);
    } else found.push(settings as KafkaFinding);
  }
  for (const topic of inputs) {
    const settings = await settingsOf(cluster, { kind: 'topic', name: topic }, topicSettings);
    found.push(...(settings instanceof Map ? ofInput(topic, settings) : [settings as KafkaFinding]));
  }
  // Brokers that are set up alike give the same findings.
  return { findings: [...new Map(found.map((each) => [each.text, each])).values()], takeOver };
}

/** Whether others can read the password on its way to one of these brokers. */
export function ofLogin(
  { sasl, tls }: Pick<KafkaSettings, 'sasl' | 'tls'>,
  brokers: readonly { readonly host: string }[],
): readonly KafkaFinding[] {
  const far = brokers.find(({ host }) => !isLoopback(host));
  if (sasl?.mechanism !== 'plain' || tls || far === undefined) return [];
  const text = `the password of user '${sasl.username}' goes to ${far.host} as it is; use TLS (kafkas://), or at least SCRAM`;
  return [{ code: 'KAFKA_PASSWORD_CLEAR', text }];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

async function refuseOld(cluster: Cluster, id: number): Promise<void> {
  const broker = await cluster.broker(id);
  const { error } = await broker.request(describeConsumerGroup, { group: 'millrace-inspection' });
  if (error !== switchedOff) return;
  const request = 'groups of the consumer protocol (group.coordinator.rebalance.protocols lacks consumer)';
  throw new MillraceError('KAFKA_UNSUPPORTED', { broker: broker.address, request, versions: '1' });
}

/** The settings, or the finding that they are kept from this client. */
async function settingsOf(
  cluster: Cluster,
  resource: ConfigResource,
  names: readonly string[],
): Promise<Settings | KafkaFinding> {
  const { kind, name } = resource;
  const connection = kind === 'broker' ? await cluster.broker(Number(name)) : await cluster.controller();
  const { error, configs } = await connection.request(describeConfigs, { resource, names });
  if (error === code.none) return configs;
  if (error === code.unknownTopic) throw new MillraceError('TOPIC_MISSING', { topic: name });
  const whose = kind === 'topic' ? `topic '${name}'` : `broker ${name}`;
  const text = `the settings of ${whose} can't be checked (${nameOf(error)}); allow this client DescribeConfigs`;
  return { code: 'KAFKA_SETTINGS_HIDDEN', text };
}

function ofGroups(settings: Settings): readonly KafkaFinding[] {
  const findings: KafkaFinding[] = [];
  const session = numberOf(settings, 'group.consumer.session.timeout.ms');
  if (session !== undefined && session > longestSession) {
    const least = numberOf(settings, 'group.consumer.min.session.timeout.ms') ?? 0;
    const first = least > longestSession ? ` and, before it, group.consumer.min.session.timeout.ms (${least})` : '';
    const text = `a take-over lasts ${session / 1_000} s after a worker died; set group.consumer.session.timeout.ms to 6000 to 10000${first}`;
    findings.push({ code: 'KAFKA_TAKE_OVER_SLOW', text });
  }
  const beat = numberOf(settings, 'group.consumer.heartbeat.interval.ms');
  if (beat !== undefined && beat > longestHeartbeat) {
    const least = numberOf(settings, 'group.consumer.min.heartbeat.interval.ms') ?? 0;
    const first =
      least > longestHeartbeat ? ` and, before it, group.consumer.min.heartbeat.interval.ms (${least})` : '';
    const text = `partitions change hands in steps of ${beat / 1_000} s; set group.consumer.heartbeat.interval.ms to 1000${first}`;
    findings.push({ code: 'KAFKA_HEARTBEAT_SLOW', text });
  }
  return findings;
}

/** What a broker forgets, refuses and risks; `brokers` is how many the cluster has. */
export function brokerFindings(settings: Settings, brokers: number): readonly KafkaFinding[] {
  const findings: KafkaFinding[] = [];
  const memory = numberOf(settings, 'offsets.retention.minutes');
  if (memory !== undefined && minutes(memory) < shortestMemory) {
    const text = `a job that stands still for ${rounded(minutes(memory) / days(1))} days loses its offsets and the marks of what it delivered; start it again before, or raise offsets.retention.minutes (${memory})`;
    findings.push({ code: 'KAFKA_FORGETS_MARKS', text });
  }
  const record = numberOf(settings, 'message.max.bytes');
  if (record !== undefined && record < smallestRecord) {
    const text = `records may have ${record} bytes only; larger outputs stop the job; set message.max.bytes to at least ${smallestRecord}`;
    findings.push({ code: 'KAFKA_RECORDS_SMALL', text });
  }
  const names = ['transaction.state.log.replication.factor', 'transaction.state.log.min.isr'];
  const single = names.filter((name) => numberOf(settings, name) === 1);
  if (brokers > 1 && single.length > 0) {
    const text = `the loss of one broker may lose transactions that were committed: ${single.join(' and ')} ${single.length > 1 ? 'are' : 'is'} 1; set a replication factor of 3 and min.isr of 2`;
    findings.push({ code: 'KAFKA_TRANSACTIONS_UNREPLICATED', text });
  }
  if (settings.get('auto.create.topics.enable') === 'true') {
    const text = `a mistyped topic name makes a topic of its own; set auto.create.topics.enable to false`;
    findings.push({ code: 'KAFKA_CREATES_TOPICS', text });
  }
  return findings;
}

function ofInput(topic: string, settings: Settings): readonly KafkaFinding[] {
  const findings: KafkaFinding[] = [];
  const policies = (settings.get('cleanup.policy') ?? '').split(',');
  const kept = numberOf(settings, 'retention.ms');
  if (policies.includes('delete') && kept !== undefined && kept >= 0 && kept < shortestRetention) {
    const text = `topic '${topic}' keeps records for ${rounded(milliseconds(kept) / hours(1))} h: a job that is away for longer can't go on; set retention.ms to at least a day`;
    findings.push({ code: 'KAFKA_INPUT_SHORT', text });
  }
  if (policies.includes('compact')) {
    const text = `topic '${topic}' is compacted: of records with one key only the last is sure to be read; set cleanup.policy to delete for a log`;
    findings.push({ code: 'KAFKA_INPUT_COMPACTED', text });
  }
  return findings;
}

function numberOf(settings: Settings, name: string): number | undefined {
  const text = settings.get(name);
  return text === undefined ? undefined : Number(text);
}

const rounded = (x: number): number => Math.round(x * 100) / 100;
