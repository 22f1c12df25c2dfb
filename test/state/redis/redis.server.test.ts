import { afterAll, beforeAll, describe } from 'vitest';
import { redisState } from '../../../state/redis/redis.ts';
import { stateConformance } from '../../conformance/state.ts';
import { type RedisServer, redisProgram, startRedis, valkeyProgram } from '../../support/servers/redis.ts';

const programs = [
  { name: 'state in Redis', program: redisProgram, url: process.env['REDIS_URL'] },
  ...(valkeyProgram === undefined ? [] : [{ name: 'state in Valkey', program: valkeyProgram, url: undefined }]),
];

for (const { name, program, url } of programs) {
  describe(name, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      if (url === undefined) server = await startRedis({}, program);
    });
    afterAll(() => server?.stop());

    stateConformance('as every state store', async () => {
      const where = url ?? server!.url;
      let open = await redisState(where);
      return {
        state: open,
        async reopen() {
          await open.close();
          open = await redisState(where);
          return open;
        },
        close: () => open.close(),
      };
    });
  });
}
