import { afterAll, beforeAll, describe } from 'vitest';
import { kafkaTopics } from '../../topics/kafka.ts';
import { topicsConformance } from '../conformance/topics.ts';
import { type KafkaServer, kafkaServer } from './kafka-server.ts';

let server: KafkaServer;
beforeAll(async () => {
  server = await kafkaServer();
});
afterAll(() => server.stop());

describe('on a real broker', () => {
  topicsConformance('topics in Kafka', async () => {
    const brokers = [server.url];
    let open = await kafkaTopics({ brokers });
    return {
      topics: open,
      async reopen() {
        await open.close();
        open = await kafkaTopics({ brokers });
        return open;
      },
      close: () => open.close(),
    };
  }, [
    {
      reason: 'later',
      tests: [
        'a lost member is told so, its partitions are taken over at once, and it comes back',
        'a member that is lost while it drains is told of the loss instead',
      ],
    },
  ]);
});
