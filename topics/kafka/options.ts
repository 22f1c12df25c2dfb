/** How to reach a Kafka cluster. */
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';

export interface KafkaOptions {
  /** Some brokers of the cluster as `host:port`; the others are found through them. */
  readonly brokers: readonly string[];
  /** What brokers call this client in their logs and quotas. Default: `millrace`. */
  readonly clientId?: string;
  /** TLS with the system's authorities, or with these options (`ca`, `cert`, `key`, `servername`, …). Default: none. */
  readonly tls?: boolean | ConnectionOptions;
  readonly sasl?: Sasl;
  /** How long one action may take, with everything it repeats. Default: 30 s. */
  readonly timeoutMs?: Duration;
  /** Bytes read ahead of the job, over all partitions. Default: 64 MiB. */
  readonly readAheadBytes?: number;
  /** How what is written is compressed. Default: `lz4`. */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** Whose time bounds waiting; the machine's by default. */
  readonly clock?: Clock;
}

/** Credentials. The password is sent as it is: use TLS. */
export interface Sasl {
  readonly mechanism: 'plain';
  readonly username: string;
  readonly password: string;
}

/** The options with every default filled in. */
export type KafkaSettings = Required<Omit<KafkaOptions, 'tls' | 'sasl'>> & Pick<KafkaOptions, 'tls' | 'sasl'>;
