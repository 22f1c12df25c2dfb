import { describe, expect, test } from 'vitest';
import { addUnit, mostInWindow, takePassed, unitsIn, unitWindow } from '../../../signals/units/unit-window.ts';
import { newWindow, unitAt } from '../../support/units.ts';

const later = 1_000 * unitWindow;

describe('the window', () => {
  test('does not hold yet what is closed later', () => {
    const window = newWindow();
    for (const closed of [1_000, 1_001]) addUnit(window, unitAt(closed, {}));
    expect(unitsIn(window, 1_000).map(({ closed }) => closed)).toEqual([1_000]);
  });

  test('has its units in the order in which they were closed, whatever the order in which they come', () => {
    const units = [5_000, 1_000, 3_000, 3_000, 2_000].map((closed, i) => unitAt(closed, { trace: `${i}` }));
    const [window, other] = [newWindow(), newWindow()];
    for (const unit of units) addUnit(window, unit);
    for (const unit of units.toReversed()) addUnit(other, unit);
    expect(unitsIn(window, later).map(({ trace }) => trace)).toEqual(['1', '4', '2', '3', '0']);
    expect(unitsIn(other, later)).toEqual(unitsIn(window, later));
  });

  test('lets those go that were closed a minute ago, and no others', () => {
    const window = newWindow();
    for (const closed of [1_000, 1_001]) addUnit(window, unitAt(closed, {}));
    expect(takePassed(window, 1_000 + unitWindow - 1)).toEqual([]);
    expect(takePassed(window, 1_000 + unitWindow).map(({ closed }) => closed)).toEqual([1_000]);
    expect(unitsIn(window, later).map(({ closed }) => closed)).toEqual([1_001]);
  });

  test('of too many units keeps a part of all traces over all of its minute, and counts the others', () => {
    const window = newWindow();
    const came = 10 * mostInWindow;
    for (let i = 0; i < came; i++) addUnit(window, unitAt(i, { trace: `trace-${i}` }));
    expect(window.units.size).toBeLessThanOrEqual(mostInWindow);
    expect(window.units.size + window.leftOut).toBe(came);
    expect(window.every).toBe(16);
    const early = unitsIn(window, later).filter(({ closed }) => closed < came / 2).length / window.units.size;
    expect(early).toBeGreaterThan(0.4);
    expect(early).toBeLessThan(0.6);
  });

  test('keeps all traces again when few units come', () => {
    const window = newWindow();
    for (let i = 0; i < 3 * mostInWindow; i++) addUnit(window, unitAt(i, { trace: `trace-${i}` }));
    expect(window.every).toBe(4);
    takePassed(window, 10 * unitWindow);
    takePassed(window, 10 * unitWindow);
    expect(window.every).toBe(1);
  });

  test('holds no more than it has room for, though ids are made to be chosen', () => {
    const window = newWindow();
    let trace = 0;
    window.every = 2 ** 20;
    // One id that is chosen, again and again.
    const isChosen = (id: string): boolean => {
      const trial = { ...newWindow(), every: 2 ** 20 };
      addUnit(trial, unitAt(0, { trace: id }));
      return trial.units.size === 1;
    };
    while (!isChosen(`${trace}`)) trace++;
    for (let i = 0; i < mostInWindow + 5; i++) addUnit(window, unitAt(i, { trace: `${trace}` }));
    expect([window.units.size, window.leftOut]).toEqual([mostInWindow, 5]);
  });
});
