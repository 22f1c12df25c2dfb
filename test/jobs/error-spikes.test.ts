import { expect, test } from 'vitest';
import errorSpikes from '../../jobs/error-spikes.ts';
import { CRASH, END, play } from '../../testing/index.ts';
import { morning, shop } from '../support/raw-lines.ts';

const lines = shop(0, 600, (service, at) => service === 'cart' && at >= 300 && at < 360);

test('a service whose errors triple within a minute gives one alert', async () => {
  const played = await play(errorSpikes, { logs: [...lines, END] });
  expect(played.topics['error-spikes']).toMatchObject([{ service: 'cart', windowEnd: morning + 360_000, errors: 60 }]);
});

test('killed in the middle of it, it gives the same alert', async () => {
  const played = await play(errorSpikes, { logs: [...lines.slice(0, 950), CRASH, ...lines.slice(950), END] });
  expect(played.topics['error-spikes']).toHaveLength(1);
  expect(played.lives).toBe(2);
});
