import { expect, test } from 'vitest';
import { scorer } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { FormulaFailures } from '../../jobs/incidents/formula-failures.ts';
import { watchService } from '../../jobs/incidents/services.ts';
import { process } from '../../operators/process.ts';
import { paneMs } from '../../signals/panes.ts';
import { drive } from '../../testing/index.ts';
import { inMinutes, morning, pane } from '../support/incidents/panes-of.ts';

test.each(['round(7, observed)', 'log(20 - observed)', '1 / max(0, 20 - observed)'])(
  'a formula that fails on many lines, as %s does, hides no anomaly and is told',
  async (formula) => {
    const failures = new FormulaFailures();
    const rules = { settings: incidentDefaults, scorer: scorer({ ...incidentDefaults.score, formula }, failures.add) };
    const d = drive(process('signals', failures.toldBy(watchService(rules))));
    const before = inMinutes(60);
    for (let n = 0; n < before + 20; n++) {
      const start = morning + n * paneMs;
      const window = { start, end: start + paneMs };
      d.data(start, { window, value: pane(200, n < before ? 2 : 90), revision: 0, retracted: false }, 'cart');
    }
    const seen = await d.seen;
    expect(seen.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(seen.filter((line) => line.startsWith('FORMULA_FAILED: "FORMULA_FAILED: formula'))).toHaveLength(1);
    const last = JSON.parse(/\{.*\}/.exec(seen.findLast((line) => line.startsWith('cart '))!)![0]);
    expect(last).toMatchObject({ health: 'errors' });
    expect(last.score).toBeGreaterThan(3);
  },
);
