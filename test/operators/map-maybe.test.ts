import { expect, test } from 'vitest';
import { mapMaybe } from '../../operators/map-maybe.ts';
import { drive } from '../../testing/drive.ts';

test('leaves out what becomes undefined, and only that', async () => {
  const d = drive(mapMaybe((v: unknown) => (v === 'drop' ? undefined : v)));
  for (const [i, value] of ['drop', null, 0, '', false].entries()) d.data(i, value, 'k');
  expect(await d.seen).toEqual(['k null @1', 'k 0 @2', 'k "" @3', 'k false @4']);
});
