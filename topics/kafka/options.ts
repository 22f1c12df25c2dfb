/** How to reach a Kafka cluster. */
import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';

export interface KafkaOptions {
  /** Some brokers of the cluster as `host:port`; the others are found through them. */
  readonly brokers: readonly string[];
  /** What brokers call this client in their logs and quotas. Default: `millrace`. */
  readonly clientId?: string;
  /** TLS with the authorities that Node.js knows, or with these texts. Default: none. */
  readonly tls?: boolean | Tls;
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

/** Texts in PEM. A broker's certificate is always verified, and that it is for the host that was called. */
export interface Tls {
  /** The authorities to trust, in place of those that Node.js knows. */
  readonly ca?: string;
  /** The certificate that this client shows where it is asked for one, with those between it and its authority. */
  readonly cert?: string;
  readonly key?: string;
  /** Of the key, where it is encrypted. */
  readonly passphrase?: string;
}

/** The mechanisms of SASL that are spoken here. */
export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof saslMechanisms)[number];

/** Credentials. `plain` sends the password as it is; an eavesdropper on SCRAM can try guesses at it. Use TLS. */
export interface Sasl {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

/** The options with every default filled in. */
export type KafkaSettings = Required<Omit<KafkaOptions, 'tls' | 'sasl'>> & Pick<KafkaOptions, 'tls' | 'sasl'>;
