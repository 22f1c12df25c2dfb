/** A real broker for tests: that of KAFKA_URL, else one of this process's own, which ends with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../../scripts/kafka.mjs';

/** `restart` kills the broker and starts it again; undefined where it is not ours. */
export interface KafkaServer {
  readonly url: string;
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}

interface Broker {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export async function kafkaServer(): Promise<KafkaServer> {
  const { KAFKA_URL } = process.env;
  if (KAFKA_URL !== undefined) return { url: KAFKA_URL, stop: async () => {} };
  await ensure();
  const dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  let broker: Broker = await startBroker({ dir, java: shortLived });
  return {
    url: broker.url,
    async restart() {
      await broker.kill();
      broker = await startBroker({ dir, java: shortLived });
    },
    async stop() {
      await broker.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
