/** What each number and duration of millrace.yaml may be: the least that is taken, and what is refused below it. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../cli/settings/config.ts';

/** Setting, values that are taken, and values that are refused. */
const settings: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ['detection.false_incidents_per_day', [0.1, 5], [0, -1]],
  ['detection.services', [1, 100], [0, -1, 1.5]],
  ['detection.minimum_ratio', [1, 2.5], [0.99, 0, -1]],
  ['detection.minimum_excess', [0, 4], [-0.1]],
  ['detection.freeze_at_most', ['1s'], ['0s', '-1s']],
  ['detection.prior_error_share', [0.001, 1], [-0.01, 1.01]],
  ['detection.prior_lines', [0.5], [0, -1]],
  ['detection.half_life', ['1h'], ['0h']],
  ['silence.at_least', ['1s'], ['0s']],
  ['silence.expected_lines', [0.5], [0, -1]],
  ['silence.longest_pauses', [0.5], [0, -1]],
  ['silence.known_for', ['0s', '2h'], ['-1s']],
  ['grouping.onset_within', ['1s'], ['0s']],
  ['grouping.services', [1], [0, -1, 1.5]],
  ['grouping.flapping_after', [1], [0, 1.5]],
  ['grouping.resolve_after', ['1s'], ['0s']],
  ['grouping.deploy_grace', ['0s', '1m'], ['-1m']],
  ['score.weights.WARN', [0.1], [0, -3]],
  ['score.severities.critical', [1_000], [0, -1]],
  ['services.cart.criticality', [0.1], [0, -1]],
  ['idle_after', ['20s'], ['0s']],
  ['out_of_order', ['0s'], ['-1s']],
];

/** The file in which one setting has a value. */
const written = (setting: string, value: unknown): string =>
  JSON.stringify(setting.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value));

describe.each(settings)('%s', (setting, good, bad) => {
  test.each(good.map((value) => [value]))('may be %s', (value) => {
    expect(() => parseConfig(written(setting, value), 'm.yaml')).not.toThrow();
  });
  test.each(bad.map((value) => [value]))('may not be %s', (value) => {
    expect(() => parseConfig(written(setting, value), 'm.yaml')).toThrow(`CONFIG_INVALID: m.yaml:1: ${setting}: `);
  });
});
