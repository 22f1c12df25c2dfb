import { describe, expect, test } from 'vitest';
import {
  type Change,
  changesBefore,
  changeTime,
  forgetChanges,
  type KnownChange,
  noteChange,
} from '../../signals/changes.ts';
import { hours, minutes } from '../../time/duration.ts';
import { at } from '../support/incidents/environment-of.ts';
import { morning } from '../support/incidents/panes-of.ts';

const deployed = (service: string, n: number, rest: Partial<Change> = {}): Change => ({
  timestamp: at(n),
  kind: 'deployment',
  service,
  version: '1',
  author: 'mira',
  ...rest,
});
const known = (...list: readonly Change[]) => {
  const changes = new Map<string, KnownChange>();
  for (const change of list) noteChange(changes, change);
  return changes;
};
const foundIn = (changes: Map<string, KnownChange>) =>
  changesBefore(changes, { service: 'cart', onset: morning, within: minutes(30) }).map(
    (c) => (c.at - morning) / 10_000,
  );

describe('changes before an onset', () => {
  test('are those of the service or of all, within the time, the latest first', () => {
    const changes = known(deployed('cart', -6), deployed('user', -6), deployed('*', -12), deployed('cart', -181));
    expect(foundIn(changes)).toEqual([-6, -12]);
  });

  test('may come a little after it, because an onset is known to a few panes', () => {
    expect(foundIn(known(deployed('cart', 2), deployed('cart', 9)))).toEqual([2]);
  });

  test('are no maintenance', () => {
    expect(foundIn(known(deployed('cart', -6, { kind: 'maintenance' })))).toEqual([]);
  });
});

test('a change announced twice is one', () => {
  expect(known(deployed('cart', 0), deployed('cart', 0)).size).toBe(1);
});

test('a maintenance without end lasts an hour', () => {
  const [change] = known(deployed('cart', 0, { kind: 'maintenance', until: null })).values();
  expect(change!.until).toBe(morning + hours(1));
});

test('changes are forgotten a day after they were over', () => {
  const changes = known(deployed('cart', 0), deployed('user', 0, { kind: 'maintenance', until: at(720) }));
  forgetChanges(changes, morning + hours(25));
  expect([...changes.values()].map((c) => c.service)).toEqual(['user']);
});

test('a timestamp that is none has no time', () => {
  expect(changeTime({ timestamp: 'yesterday' })).toBeNaN();
});
