import { describe, expect, test } from 'vitest';
import type { EdgePast } from '../../../signals/units/edges.ts';
import type { OperationPast } from '../../../signals/units/steps.ts';
import type { UnitOfWork } from '../../../signals/units/unit.ts';
import { addUnit, unitWindow } from '../../../signals/units/unit-window.ts';
import { tick, tickMs, type UnitFinding, type UnitMemory, wholeService } from '../../../signals/units/watch.ts';
import { callOf, edgeOf, newWindow, unitAt } from '../../support/units.ts';

const newMemory = (): UnitMemory => ({
  operations: new Map<string, OperationPast>(),
  edges: new Map<string, EdgePast>(),
  window: newWindow(),
});
const minute = 60_000;
const never = new Map<string, number>();
const cart = (...steps: readonly string[]) => callOf('cart', 'INFO Cart#30', ...steps);
const pay = callOf('pay', 'INFO Pay#1');
const usual = [cart('INFO Cart#34'), pay];

/** A unit each second from `from` on until before `to`. */
function come(memory: UnitMemory, [from, to]: readonly [number, number], of: Partial<UnitOfWork>): void {
  for (let closed = from; closed < to; closed += 1_000) addUnit(memory.window, unitAt(closed, of));
}

/** Ticks from one after `from` up to `to`; what the last one found. */
function run(memory: UnitMemory, [from, to]: readonly [number, number], frozen = never): UnitFinding[] {
  let found: UnitFinding[] = [];
  for (let now = from + tickMs; now <= to; now += tickMs) found = tick(memory, now, frozen);
  return found;
}

/** An operation that is called, and an edge that is taken, once in half a minute: usual for an hour, then broken. */
function rarely(broken: Partial<UnitOfWork>, times: number) {
  const memory = newMemory();
  const from = 60 * minute;
  const rate = { every: 30_000, from: 1_000 };
  const healthy = { operations: [cart('INFO Cart#34')], edges: [edgeOf('cart', 'pay', 10)] };
  for (let at = rate.from; at < from; at += rate.every) addUnit(memory.window, unitAt(at, healthy));
  run(memory, [0, from]);
  for (let i = 0; i < times; i++) addUnit(memory.window, unitAt(from + rate.from + i * rate.every, broken));
  const last = from + rate.from + (times - 1) * rate.every;
  return { memory, from, found: run(memory, [from, Math.ceil(last / tickMs) * tickMs]), last };
}
const lacking = { operations: [cart()], edges: [edgeOf('cart', 'pay', 10)] };

describe('what is seldom called', () => {
  test('is judged by its last three units', () => {
    expect(rarely(lacking, 2).found).toEqual([expect.objectContaining({ score: expect.closeTo(0.6) })]);
    const { found, from } = rarely(lacking, 3);
    expect(found).toMatchObject([{ service: 'cart', onset: from - 1_000, steps: [{ units: 3, observed: 0 }] }]);
    expect(found[0]!.score).toBeGreaterThan(1);
  });

  test('is found slow, too', () => {
    const slow = { operations: [cart('INFO Cart#34')], edges: [edgeOf('cart', 'pay', 900)] };
    expect(rarely(slow, 1).found).toEqual([]);
    const { found, from } = rarely(slow, 2);
    expect(found[0]).toMatchObject({ service: 'pay', onset: from - 1_000, edge: { slowIncoming: 1 } });
  });

  test('is not judged where the last minute shows nothing of it', () => {
    const { memory, from, last } = rarely(lacking, 3);
    expect(run(memory, [from + 65_000, last + minute + tickMs])).toEqual([]);
  });

  test('is not learned as long as it belongs to its window, nor while its service is frozen', () => {
    const { memory, last } = rarely(lacking, 3);
    const past = memory.operations.get('cart\nGET /')!;
    expect(past.steps['INFO Cart#34']).toBe(past.units);
    const frozen = new Map([['cart', 60 * minute - 1_000]]);
    run(memory, [last, last + 2 * minute], frozen);
    expect(past.held).toHaveLength(3);
    // The anomaly is over, and what showed it is forgotten.
    run(memory, [last + 2 * minute, last + 10 * minute]);
    expect([past.held, past.steps['INFO Cart#34']]).toEqual([[], past.units]);
    expect(memory.edges.get('cart\npay')!.held).toEqual([]);
  });
});

/** Five minutes of usual units, all of which were learned but for those of the window. */
function learned(): UnitMemory {
  const memory = newMemory();
  come(memory, [0, 5 * minute], { operations: usual, edges: [edgeOf('cart', 'pay', 10)] });
  run(memory, [0, 5 * minute]);
  return memory;
}

describe('a watched environment', () => {
  test('of which nothing is odd has no findings', () => {
    const memory = learned();
    expect(tick(memory, 5 * minute, never)).toEqual([]);
    expect(memory.operations.get('cart\nGET /')!.units).toBe(4 * 60 + 1);
  });

  test('names the service whose step is missing, with its onset', () => {
    const memory = learned();
    come(memory, [5 * minute, 5 * minute + 20_000], { operations: [cart(), pay] });
    const [first, ...others] = run(memory, [5 * minute, 5 * minute + 20_000]);
    expect(first).toMatchObject({ service: 'cart', onset: 5 * minute - 2_000, edge: null });
    expect(first!.steps[0]).toMatchObject({ step: 'INFO Cart#34', isMore: false });
    expect(first!.score).toBeGreaterThan(1);
    expect(others).toEqual([]);
  });

  test('adds a slow edge to the score of missing steps, and tells of both', () => {
    const [memory, other] = [learned(), learned()];
    const without = [cart('INFO Cart#34'), callOf('pay')];
    come(memory, [5 * minute, 5 * minute + 20_000], { operations: without, edges: [edgeOf('cart', 'pay', 900)] });
    come(other, [5 * minute, 5 * minute + 20_000], { operations: without, edges: [edgeOf('cart', 'pay', 10)] });
    const [both] = run(memory, [5 * minute, 5 * minute + 20_000]);
    const [alone] = run(other, [5 * minute, 5 * minute + 20_000]);
    expect(both).toMatchObject({ service: 'pay', edge: { slowIncoming: 1 } });
    expect(both!.score).toBeCloseTo(
      Math.max(alone!.score, both!.edge!.score) + 0.1 * Math.min(alone!.score, both!.edge!.score),
    );
  });

  test('finds a new error of operations that are too thin to be known, by their service', () => {
    const memory = learned();
    const rare = { ...callOf('pay', 'ERROR Pay#9'), name: 'POST /refund' };
    come(memory, [5 * minute, 5 * minute + 8_000], { operations: [rare] });
    const [first] = run(memory, [5 * minute, 5 * minute + 10_000]);
    expect(first).toMatchObject({ service: 'pay', steps: [{ operation: wholeService, step: 'ERROR Pay#9' }] });
    expect(first!.score).toBeGreaterThan(1);
  });

  test('says nothing of a service as a whole whose errors are not rare', () => {
    const memory = newMemory();
    for (let i = 0; i < 300; i++)
      addUnit(memory.window, unitAt(i * 1_000, { operations: [i % 10 === 0 ? cart('ERROR e') : cart()] }));
    run(memory, [0, 5 * minute]);
    come(memory, [5 * minute, 5 * minute + 30_000], { operations: [cart('ERROR e')] });
    const found = run(memory, [5 * minute, 5 * minute + 30_000]).flatMap(({ steps }) => steps);
    expect(found.map(({ operation }) => operation)).toEqual(['GET /']);
  });
});

describe('learning', () => {
  test('comes when a unit has left the window, which is never tested against itself', () => {
    const memory = learned();
    const from = 5 * minute;
    come(memory, [from, from + minute], { operations: [cart(), pay] });
    run(memory, [from, from + minute - tickMs]);
    // Nothing that lacks the step was learned within its minute.
    const known = memory.operations.get('cart\nGET /')!;
    expect(known.steps['INFO Cart#34']).toBe(known.units);
    run(memory, [from + minute - tickMs, from + 2 * minute]);
    // The last three are its window until they are five minutes old.
    expect(known.units - known.steps['INFO Cart#34']!).toBe(57);
    run(memory, [from + 2 * minute, from + 6 * minute]);
    expect(known.units - known.steps['INFO Cart#34']!).toBe(60);
  });

  test('is for each what its services are: those that are frozen learn nothing since then, the others go on', () => {
    const memory = learned();
    const from = 5 * minute;
    const before = memory.operations.get('cart\nGET /')!.units;
    const gapsBefore = memory.edges.get('cart\npay')!.units;
    come(memory, [from, from + 2 * minute], { operations: [cart(), pay], edges: [edgeOf('cart', 'pay', 10)] });
    const found = run(memory, [from, from + 7 * minute], new Map([['cart', from - 2_000]]));
    expect(found).toEqual([]);
    const after = memory.operations.get('cart\nGET /')!;
    // The window of before had 59 units that began earlier.
    expect([after.units, after.steps['INFO Cart#34']]).toEqual([before + 59, before + 59]);
    expect(memory.operations.get('pay\nGET /')!.units).toBe(before + 59 + 120);
    expect(memory.edges.get('cart\npay')!.units).toBe(gapsBefore + 59);
    expect(memory.operations.get(`cart\n${wholeService}`)!.units).toBe(before + 59);
  });

  test('goes on after a pause as if there were none', () => {
    const memory = learned();
    const later = 600 * minute;
    come(memory, [later, later + 30_000], { operations: usual, edges: [edgeOf('cart', 'pay', 10)] });
    expect(run(memory, [later, later + 30_000])).toEqual([]);
    expect(memory.window.units.size).toBe(30);
    expect(memory.operations.get('cart\nGET /')!).toMatchObject({ units: 300, last: 5 * minute - 1_000 });
  });
});

test('findings are the same in whatever order operations, edges and units come', () => {
  const services = ['a', 'b', 'c', 'd'];
  const unitOfTurn =
    (turn: number, isBroken: boolean) =>
    (closed: number): UnitOfWork => {
      const turned = [...services.slice(turn), ...services.slice(0, turn)];
      const broken = isBroken ? [] : ['INFO y', 'INFO z'];
      return unitAt(closed, {
        operations: turned.map((service) => ({ ...callOf(service, 'INFO x', ...broken), calls: 3 })),
        edges: turned.map((service) => edgeOf('web', service, isBroken ? 700 : 20)),
      });
    };
  const outcomes = services.map((_, turn) => {
    const memory = newMemory();
    const healthy = Array.from({ length: 300 }, (__, i) => unitOfTurn(turn, false)(i * 1_000));
    const failing = Array.from({ length: 20 }, (__, i) => unitOfTurn(turn, true)(300_000 + i * 1_000));
    for (const unit of turn % 2 === 0 ? healthy : healthy.toReversed()) addUnit(memory.window, unit);
    run(memory, [0, 300_000]);
    for (const unit of turn % 2 === 0 ? failing : failing.toReversed()) addUnit(memory.window, unit);
    return JSON.stringify(run(memory, [300_000, 300_000 + 20_000]));
  });
  expect(JSON.parse(outcomes[0]!)).toHaveLength(services.length + 1);
  expect(new Set(outcomes).size).toBe(1);
});

test('what is kept of an environment, but for the maps, is plain JSON', () => {
  const { window, operations, edges } = learned();
  expect(window.units.size).toBe(minute / 1_000 - 1);
  expect(unitWindow).toBe(minute);
  for (const kept of [[...window.units.entries()], [...operations.entries()], [...edges.entries()]])
    expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
});
