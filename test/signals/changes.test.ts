import { describe, expect, test } from 'vitest';
import {
  type Change,
  changeId,
  changeIn,
  changesBefore,
  changesTable,
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

describe('a record', () => {
  const time = '2026-01-29T10:00:00Z';
  const record = (fields: object) => changeIn({ timestamp: time, kind: 'deployment', ...fields });

  test('of every kind is read with what it says, and unknown fields are left out', () => {
    const all = { service: 'cart', id: 'd1', version: '2', author: 'ada', commit: '9f3c', message: 'm', diff: '+a' };
    expect(record({ ...all, files: ['a.ts'], ticket: 7, until: null })).toEqual({
      timestamp: time,
      kind: 'deployment',
      ...all,
      files: ['a.ts'],
    });
    for (const kind of ['config', 'flag', 'commit', 'maintenance'])
      expect(record({ kind, service: '*' }).kind).toBe(kind);
  });

  test.each([
    ['deployment', {}],
    ['config', { service: null }],
    ['flag', { service: '' }],
    ['maintenance', { service: ' ' }],
  ])('of kind %s that names no service is refused', (kind, fields) => {
    expect(() => record({ kind, ...fields })).toThrow(`a change of kind ${kind} names its service, or * for all`);
  });

  test('of a commit needs no service', () => {
    expect(record({ kind: 'commit', id: '9f3c' })).toEqual({ timestamp: time, kind: 'commit', id: '9f3c' });
  });

  test.each([
    [{ timestamp: undefined }, 'timestamp is missing, not a time as 2026-01-29T08:00:00Z'],
    [{ timestamp: 'yesterday' }, 'timestamp is "yesterday", not a time'],
    [{ timestamp: 1_769_680_800 }, 'timestamp is 1769680800, not a time'],
    [{ timestamp: '2026-01-29T10:00:00' }, 'timestamp is "2026-01-29T10:00:00", not a time'],
    [{ kind: undefined }, 'kind is missing, not one of deployment, config, flag, commit, maintenance'],
    [{ kind: 'deploy' }, 'kind is "deploy", not one of'],
    [{ kind: 'toString' }, 'kind is "toString", not one of'],
    [{ service: ['cart'] }, 'service is ["cart"], not a text'],
    [{ version: 2 }, 'version is 2, not a text'],
    [{ files: 'a.ts' }, 'files is "a.ts", not a list of texts'],
    [{ files: ['a.ts', 7] }, 'files is ["a.ts",7], not a list of texts'],
    [{ until: 'tomorrow' }, 'until is "tomorrow", not a time'],
    [{ kind: 'maintenance', until: '2026-01-29T09:59:59Z' }, `until is 2026-01-29T09:59:59Z, not after ${time}`],
    [{ kind: 'maintenance', until: '2026-01-29T11:00:00+01:00' }, 'not after'],
    [
      { kind: 'maintenance', until: '2299-01-01T00:00:00Z', service: '*' },
      'until is 2299-01-01T00:00:00Z, and a maintenance of more than 31 days is announced in parts',
    ],
    [{ kind: 'maintenance', until: '2026-03-01T10:00:00.001Z' }, 'more than 31 days'],
  ])('with %j is refused with the reason', (fields, reason) => {
    expect(() => record({ service: 'cart', ...fields })).toThrow(reason);
  });

  test('of a maintenance may name an end 31 days on, and blanks around a service are no part of it', () => {
    const until = '2026-03-01T10:00:00Z';
    expect(record({ kind: 'maintenance', service: ' cart ', until })).toMatchObject({ service: 'cart', until });
  });

  test.each([7, null, [], 'x', undefined])('%j is no change', (value) => {
    expect(() => changeIn(value)).toThrow('a change is an object');
  });
});

test('a flag counts like a configuration, a commit is kept in the table alone', () => {
  const changes = known(deployed('cart', -6, { kind: 'flag' }), { timestamp: at(-6), kind: 'commit', id: '9f3c' });
  expect(changesBefore(changes, { service: 'cart', onset: morning, within: minutes(30) })).toMatchObject([
    { kind: 'flag' },
  ]);
  expect(changes.size).toBe(1);
  const commit: Change = { timestamp: at(0), kind: 'commit', id: '9f3c', files: ['a.ts'], diff: 'x'.repeat(30_000) };
  const row = changesTable.row(commit);
  expect(row).toMatchObject({ change_id: '9f3c', service: '', files: ['a.ts'] });
  expect(row['diff']).toHaveLength(20_000);
  const cut = changesTable.row({ ...commit, diff: `${'x'.repeat(19_999)}😀` });
  expect(cut['diff']).toBe('x'.repeat(19_999));
});

test('a refused value is shown without half of a character', () => {
  const kind = `${'x'.repeat(78)}😀 and more`;
  expect(() => changeIn({ timestamp: at(0), kind })).toThrow(/x{78}(?![\ud800-\udfff])/);
});

describe('a change is known', () => {
  test('by its id if it has one: a maintenance can be made longer', () => {
    const one = deployed('cart', 0, { id: 'm7', kind: 'maintenance', until: at(6) });
    const changes = known(one, { ...one, until: at(60) });
    expect([...changes.values()].map(({ until }) => until)).toEqual([Date.parse(at(60))]);
  });

  const full: Change = {
    ...deployed('cart', 0),
    commit: '9f3c',
    message: 'm',
    diff: '+a',
    files: ['a.ts', 'b.ts'],
    until: at(6),
  };
  test.each<[keyof Change, Partial<Change>]>([
    ['timestamp', { timestamp: at(1) }],
    ['kind', { kind: 'config' }],
    ['service', { service: 'user' }],
    ['version', { version: '2' }],
    ['author', { author: 'ada' }],
    ['until', { until: at(7) }],
    ['commit', { commit: '9f3d' }],
    ['message', { message: 'n' }],
    ['diff', { diff: '+b' }],
    ['files', { files: ['a.ts,b.ts'] }],
  ])('without one by all that it says, its %s too', (_, other) => {
    expect(changeId({ ...full, ...other })).not.toBe(changeId(full));
    expect(changeId({ ...full })).toBe(changeId(full));
  });

  test('with its time, kind and service in sight, and none where there is none', () => {
    expect(changeId(full)).toMatch(/^\d{4}-.*Z\/deployment\/cart\/[0-9a-f]{16}$/);
    expect(changeId({ timestamp: at(0), kind: 'commit', diff: '+a' })).toMatch(/\/commit\/\/[0-9a-f]{16}$/);
  });

  test('so that two versions of one second are two, in incidents and in the table', () => {
    const two = [deployed('cart', -6), deployed('cart', -6, { version: '2' })];
    expect(foundIn(known(...two))).toEqual([-6, -6]);
    expect(new Set(two.map((change) => changesTable.row(change)['change_id'])).size).toBe(2);
  });

  test('as one if a field is null, empty or absent', () => {
    const change: Change = { timestamp: at(0), kind: 'flag', service: 'cart' };
    expect(changeId({ ...change, id: '', version: null, message: '', files: null })).toBe(changeId(change));
  });
});
