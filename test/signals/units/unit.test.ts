import { describe, expect, test } from 'vitest';
import type { TracedLine, TracedSpan } from '../../../signals/units/span.ts';
import { mostOfUnit, type UnitOfWork, unitOf, unknownOperation } from '../../../signals/units/unit.ts';
import { lineOf, spanOf } from '../../support/units.ts';

const closed = 3_000;
const unit = (spans: readonly TracedSpan[], lines: readonly TracedLine[] = []): UnitOfWork =>
  unitOf(spans, lines, closed);
/** `service name: calls (steps)`, as a reader sees them. */
const told = ({ operations }: UnitOfWork): readonly string[] =>
  operations.map(({ service, name, calls, steps }) => {
    const taken = Object.entries(steps).map(([step, times]) => ` ${step} x${times}`);
    return `${service} ${name}: ${calls}${taken.join('')}`;
  });

/** The shop asks the stock twice, which asks its store. */
const buy: readonly TracedSpan[] = [
  spanOf({ id: 'a', parent: null, service: 'shop', name: 'POST /buy', start: 0, end: 500 }),
  spanOf({ id: 'b', parent: 'a', service: 'shop', name: 'check', start: 10, end: 490 }),
  spanOf({ id: 'c', parent: 'b', service: 'stock', name: 'GET /stock', start: 20, end: 120 }),
  spanOf({ id: 'd', parent: 'b', service: 'stock', name: 'GET /stock', start: 200, end: 400 }),
  spanOf({ id: 'e', parent: 'd', service: 'store', name: 'read', start: 210, end: 390 }),
];

describe('calls', () => {
  test('are chains of spans of one service, named after the span that begins them', () => {
    expect(told(unit(buy))).toEqual(['shop POST /buy: 1', 'stock GET /stock: 2', 'store read: 1']);
  });

  test('begin again where a service is called back', () => {
    const back = spanOf({ id: 'f', parent: 'e', service: 'shop', name: 'callback' });
    expect(told(unit([...buy, back]))).toContain('shop callback: 1');
  });

  test('have the steps of lines of any of their spans, each once', () => {
    const lines = [
      lineOf({ span: 'a', place: 'Buy#1' }),
      lineOf({ span: 'b', place: 'Buy#1' }),
      lineOf({ span: 'b', place: 'Buy#2', level: 'ERROR' }),
      lineOf({ span: 'c', place: 'Stock#7', service: 'stock' }),
    ];
    expect(told(unit(buy, lines))).toEqual([
      'shop POST /buy: 1 ERROR Buy#2 x1 INFO Buy#1 x1',
      'stock GET /stock: 2 INFO Stock#7 x1',
      'store read: 1',
    ]);
  });

  test('of lines without a span are of an unknown operation', () => {
    const lines = [lineOf({ span: null, level: null }), lineOf({ span: 'elsewhere', place: 'Shop#2' })];
    expect(told(unit([], lines))).toEqual([`shop ${unknownOperation}: 2 - Shop#1 x1 INFO Shop#2 x1`]);
  });

  test('whose parent is missing begin a chain', () => {
    expect(told(unit(buy.slice(1)))).toEqual(['shop check: 1', 'stock GET /stock: 2', 'store read: 1']);
  });

  test('that come twice are one', () => {
    expect(unit([...buy, ...buy])).toEqual(unit(buy));
  });
});

describe('a call that could not reach a service', () => {
  const refused = [lineOf({ span: 'd', service: 'stock', unreachable: true })];

  test('is left out with all that wait for it, the calls beside it are not', () => {
    expect(told(unit(buy, refused))).toEqual(['stock GET /stock: 1', 'store read: 1']);
  });

  test('says nothing of the edges to it and from it', () => {
    expect(unit(buy, refused).edges).toEqual([]);
    const atCaller = [lineOf({ span: 'a', unreachable: true })];
    expect(unit(buy, atCaller).edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['stock store']);
  });
});

describe('a span whose status is an error', () => {
  const failing = (...ids: readonly string[]) => buy.map((span) => ({ ...span, failed: ids.includes(span.id) }));

  test('is a step of its call, beside what lines say', () => {
    const said = lineOf({ span: 'e', service: 'store', level: 'ERROR', place: 'Store#9' });
    expect(told(unit(failing('e'), [said]))).toContain('store read: 1 ERROR Store#9 x1 ERROR span read x1');
  });

  test('is none of those who fail because it did, and one of who fails by itself', () => {
    expect(told(unit(failing('a', 'b', 'd', 'e')))).toEqual([
      'shop POST /buy: 1',
      'stock GET /stock: 2',
      'store read: 1 ERROR span read x1',
    ]);
    expect(told(unit(failing('a', 'b')))).toContain('shop POST /buy: 1 ERROR span check x1');
  });
});

describe('client and server that share an id, as those of Zipkin do', () => {
  const pair = [
    spanOf({ id: 'a', service: 'shop', name: 'GET /', end: 500 }),
    spanOf({ id: 'b', parent: 'a', kind: 'client', service: 'shop', name: 'call', start: 10, end: 400 }),
    spanOf({ id: 'b', parent: 'a', kind: 'server', service: 'stock', name: 'GET /stock', start: 30, end: 130 }),
    spanOf({ id: 'c', parent: 'b', kind: 'client', service: 'stock', name: 'SELECT', start: 40, end: 50 }),
  ];

  test('are one edge and one call, with children under the server', () => {
    for (const spans of [pair, pair.toReversed()]) {
      expect(told(unit(spans))).toEqual(['shop GET /: 1', 'stock GET /stock: 1']);
      expect(unit(spans).edges).toMatchObject([{ from: 'shop', to: 'stock', calls: 1, gap: Math.log(390 - 100) }]);
    }
  });

  test('have each the lines of its own service', () => {
    const lines = ['shop', 'stock'].map((service) => lineOf({ span: 'b', service, place: `of ${service}` }));
    expect(told(unit(pair, lines))).toEqual(['shop GET /: 1 INFO of shop x1', 'stock GET /stock: 1 INFO of stock x1']);
  });
});

describe('edges', () => {
  test('lead from a service to a span of another, also where no span of a client is between, and not to itself', () => {
    const [parent, child] = [spanOf({ id: 'a' }), spanOf({ id: 'b', parent: 'a', service: 'stock' })];
    expect(unit([parent, child]).edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['shop stock']);
    expect(unit([parent, { ...child, service: 'shop' }]).edges).toEqual([]);
  });

  test('end at no address that sends no spans', () => {
    const call = spanOf({ id: 'b', parent: 'a', kind: 'client', name: 'GET 10.0.0.9' });
    expect(unit([spanOf({ id: 'a' }), call]).edges).toEqual([]);
  });

  test('over a queue do not slow down with the consumer', () => {
    const queue = (works: number) => [
      spanOf({ id: 'a', kind: 'producer', name: 'send', end: 5 }),
      spanOf({
        id: 'b',
        parent: 'a',
        kind: 'consumer',
        service: 'mail',
        name: 'receive',
        start: 655,
        end: 655 + works,
      }),
    ];
    expect(unit(queue(5_000))).toEqual(unit(queue(40)));
  });

  test('have the mean logarithm of what callers wait beyond the work of the called side', () => {
    const [toStock, toStore] = unit(buy).edges;
    expect(toStock).toMatchObject({ from: 'shop', to: 'stock', calls: 2 });
    expect(toStock!.gap).toBeCloseTo((Math.log(480 - 100) + Math.log(480 - 200)) / 2);
    expect(toStore).toMatchObject({ from: 'stock', to: 'store', calls: 1 });
    expect(toStore!.gap).toBeCloseTo(Math.log(20));
  });

  test('whose clocks disagree wait one millisecond', () => {
    const spans = [buy[0]!, spanOf({ id: 'z', parent: 'a', service: 'stock', start: 0, end: 9_000 })];
    expect(unit(spans).edges[0]!.gap).toBe(0);
  });
});

describe('traces of any shape', () => {
  test('begin with their first record, span or line', () => {
    expect(unit(buy, [lineOf({ time: -40 })]).start).toBe(-40);
    expect(unit(buy, [lineOf({ time: 40 })])).toMatchObject({ trace: 't', start: 0, closed });
  });

  test('that are cycles have all their spans in calls', () => {
    const ring = ['a', 'b', 'c'].map((id, i) => spanOf({ id, parent: 'cab'[i]!, service: `s${i}`, name: id }));
    expect(told(unit(ring, [lineOf({ span: 'a', unreachable: false })]))).toHaveLength(3);
    expect(told(unit(ring, [lineOf({ span: 'b', unreachable: true })])).length).toBeLessThan(3);
    expect(told(unit([spanOf({ id: 'a', parent: 'a' })]))).toEqual(['shop GET /: 1']);
  });

  /** How often the parents of spans are asked for. */
  const looksOf = (spans: readonly TracedSpan[]): number => {
    let looks = 0;
    const watched = spans.map(({ parent, ...rest }) => ({
      ...rest,
      get parent() {
        looks++;
        return parent;
      },
    }));
    unitOf(watched, [], closed);
    return looks;
  };
  const many = 10_000;

  test.each([
    ['a chain, the root first', (i: number) => `${i - 1}`],
    ['a chain, the root last', (i: number) => `${i + 1}`],
    ['its own parents', (i: number) => `${i}`],
    ['rings of ten', (i: number) => `${i - (i % 10) + ((i + 1) % 10)}`],
  ])('%s of ten thousand spans costs a few looks a span', (_, parentOf) => {
    const spans = Array.from({ length: many }, (_, i) => spanOf({ id: `${i}`, parent: parentOf(i) }));
    expect(looksOf(spans)).toBeLessThan(8 * many);
  });

  test('a long chain of services taints to its root', () => {
    const spans = Array.from({ length: many }, (_, i) =>
      spanOf({ id: `${i}`, parent: i === 0 ? null : `${i - 1}`, service: `s${i % 2}` }),
    );
    const last = lineOf({ span: `${many - 1}`, unreachable: true });
    expect(unit(spans, [last])).toMatchObject({ operations: [], edges: [] });
  });

  test('are the same unit in whatever order their records come', () => {
    const lines = ['x', 'y', 'z'].map((place, i) => lineOf({ place, span: buy[i]!.id, time: i }));
    const third = spanOf({ id: 'f', parent: 'a', service: 'stock', name: 'GET /stock', start: 1, end: 34 });
    const beside = spanOf({ id: 'g', parent: 'a', service: 'audit', name: 'note' });
    const all = [...buy, third, beside];
    const expected = JSON.stringify(unit(all, lines));
    for (let turn = 0; turn < all.length; turn++) {
      const turned = [...all.slice(turn), ...all.slice(0, turn)];
      expect(JSON.stringify(unit(turned, lines.toReversed()))).toBe(expected);
      expect(JSON.stringify(unit(turned.toReversed(), lines))).toBe(expected);
    }
  });

  test('have room for so many operations, steps and edges, and count the others', () => {
    const names = Array.from({ length: mostOfUnit.operations + 30 }, (_, i) => `n${i}`);
    const root = spanOf({ id: 'r' });
    const spread = names.map((name) => spanOf({ id: name, parent: 'r', service: name }));
    const wide = unit([root, ...spread]);
    expect([wide.operations.length, wide.edges.length]).toEqual([mostOfUnit.operations, mostOfUnit.edges]);
    expect(wide.leftOut).toBe(31 + 30);
    const places = Array.from({ length: mostOfUnit.steps + 7 }, (_, i) => lineOf({ span: 'r', place: `P#${i}` }));
    const deep = unit([root], places);
    expect(Object.keys(deep.operations[0]!.steps)).toHaveLength(mostOfUnit.steps);
    expect(deep.leftOut).toBe(7);
  });
});
