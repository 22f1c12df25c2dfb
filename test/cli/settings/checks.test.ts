import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../cli/settings/config.ts';

const refusal = (text: string) => expect(() => parseConfig(text, 'm.yaml'), text);
const accepted = (text: string) => refusal(text).not.toThrow();
/** A rule of which each line stands on one of its own, from line 2 on. */
const rule = (...fields: readonly string[]) => `suppressions:\n  - ${fields.join('\n    ')}\n`;
const named = ['id: a', 'reason: r'];

describe('a suppression rule', () => {
  const day = ['start: 2026-01-01T00:00:00Z', 'end: 2026-01-02T00:00:00Z'];
  test.each([
    ['no bound', []],
    ['a beginning alone', ['start: 2026-01-01T02:00:00Z']],
    ['an end alone', ['end: 2299-01-01T00:00:00Z']],
    ['a pattern that matches everything', ['pattern: "*"']],
    ['stars alone', ['pattern: "***"', 'start: 2026-01-01T02:00:00Z']],
    ['stars and blanks', ['pattern: "* *"']],
    ['stars and single letters', ['pattern: "*e*: *"']],
    ['stars and signs', ['pattern: "*...*"']],
  ])('with %s would hold back everything and is refused', (_, fields) => {
    refusal(rule(...named, ...fields)).toThrow(
      /^CONFIG_INVALID: m\.yaml:2: suppressions\.0\.id: the rule holds back everything forever/,
    );
  });

  test.each([
    [['service: cart']],
    [['pattern: "*refused*"']],
    [['pattern: "*é1ж*"']],
    [['service: cart', 'pattern: "*"']],
    [['service: cart', 'end: 2299-01-01T00:00:00Z']],
    [['start: 2026-01-01T02:00:00+01:00', 'end: 2026-01-01T01:00:01Z']],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-08T00:00:00Z']],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-01T12:00:00Z', 'every: day']],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-04T12:00:00Z', 'every: week']],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-01T23:59:59Z', 'every: day', 'service: cart']],
  ])('with %j is bounded', (fields) => {
    accepted(rule(...named, ...fields));
  });

  test.each([
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-08T00:00:00.001Z'], 'at most 7 days after start'],
    [['start: 2026-01-01T00:00:00Z', 'end: 2299-01-01T00:00:00Z', 'pattern: "* *"'], 'at most 7 days after start'],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-01T23:59:59Z', 'every: day'], 'at most half a day after start'],
    [['start: 2026-01-01T00:00:00Z', 'end: 2026-01-04T12:00:01Z', 'every: week'], 'at most half a week after start'],
  ])('for everything with %j lasts too long', (fields, reason) => {
    refusal(rule(...named, ...fields)).toThrow(`CONFIG_INVALID: m.yaml:5: suppressions.0.end: must be ${reason}`);
  });

  const rules = (...list: readonly string[]) =>
    `suppressions:\n${list.map((fields, i) => `  - { id: r${i}, reason: r, ${fields} }\n`).join('')}`;
  const between = (start: string, end: string, every?: string) =>
    `start: 2026-01-${start}Z, end: 2026-01-${end}Z${every === undefined ? '' : `, every: ${every}`}`;
  const night = between('01T00:00:00', '01T12:00:00', 'day');

  test('for everything is refused where it is too much together with those before it', () => {
    const noon = between('01T12:00:00', '02T00:00:00', 'day');
    refusal(rules(night, noon)).toThrow(
      'm.yaml:3: suppressions.1.every: with the rules before it, everything is held back for 7.0 days of each week',
    );
    // Twelve hours of five days and two whole days are four days and a half; a day more is five; a minute is too much.
    accepted(rules(night, between('03T00:00:00', '05T00:00:00', 'week')));
    accepted(rules(night, between('03T00:00:00', '06T00:00:00', 'week')));
    const more = between('06T12:00:00', '06T12:01:00', 'week');
    refusal(rules(night, between('03T00:00:00', '06T00:00:00', 'week'), more)).toThrow(
      'm.yaml:4: suppressions.2.every',
    );
    accepted(rules(night, night, night));
    accepted(rules(night, `${noon}, service: cart`, `${noon}, pattern: "*refused*"`));
  });

  test('for everything counts where it runs over the end of a week', () => {
    // Weeks of the epoch begin on Thursdays, as 2026-01-01 is one.
    const over = between('06T00:00:00', '09T00:00:00', 'week');
    accepted(rules(over, between('02T00:00:00', '04T00:00:00', 'week')));
    refusal(rules(over, between('02T00:00:00', '05T00:00:00', 'week'))).toThrow('for 6.0 days of each week');
    refusal(rules(over, between('01T00:00:00', '04T00:00:00', 'week'))).not.toThrow();
  });

  test('for everything that follows another within a day counts as one with it, in whatever order', () => {
    const first = between('01T00:00:00', '05T00:00:00');
    accepted(rules(first, between('06T00:00:00', '10T00:00:00')));
    const reason = 'must be at most 7 days after 2026-01-01T00:00:00.000Z, where rules for everything begin';
    refusal(rules(first, between('05T23:59:59', '10T00:00:00'))).toThrow(`m.yaml:3: suppressions.1.end: ${reason}`);
    refusal(rules(between('04T00:00:00', '10T00:00:00'), first)).toThrow(`m.yaml:2: suppressions.0.end: ${reason}`);
  });

  test('may have blanks around its names, which are no part of them', () => {
    expect(parseConfig(rule('id: "a "', 'reason: r', 'service: " cart "'), 'f').settings.suppressions).toEqual([
      { id: 'a', reason: 'r', service: 'cart' },
    ]);
    refusal(rules('service: cart', 'service: cart').replace('r1', '"r0 "')).toThrow("'r0' is there already");
    refusal(rule('id: "pipeline "', 'reason: r', ...day)).toThrow('is the id of a built-in rule');
  });

  const from = 'start: 2026-01-01T02:00:00Z';
  test.each([
    ['end', 5, [from, 'end: 2026-01-01T02:00:00Z'], 'must be later than start'],
    ['end', 5, [from, 'end: 2026-01-01T02:30:00+01:00'], 'must be later than start'],
    ['end', 5, [from, 'end: 2026-01-02T02:00:00Z', 'every: day'], 'less than a day after start'],
    ['end', 5, [from, 'end: 2026-01-09T02:00:00Z', 'every: week'], 'less than a week after start'],
    ['every', 4, ['every: day', 'service: cart'], 'needs start and end'],
    ['every', 5, [from, 'every: day', 'service: cart'], 'needs start and end'],
    ['start', 4, ['start: 2026-01-01T02:00:00', 'service: cart'], 'write a time with its zone'],
    ['start', 4, ['start: 2026-01-01', 'service: cart'], 'write a time with its zone'],
    ['start', 4, ['start: 2026-02-30T02:00:00Z', 'service: cart'], 'write a time with its zone'],
    ['service', 4, ['service: "*"'], 'leave it out for all services'],
    ['service', 4, ['service: ""'], 'must not be empty'],
    ['service', 4, ['service: '], 'expected string'],
    ['pattern', 4, ['pattern: ""', 'service: cart'], 'expected string to have'],
  ])('whose %s on line %i is wrong is refused: %j', (field, line, fields, reason) => {
    refusal(rule(...named, ...fields)).toThrow(`CONFIG_INVALID: m.yaml:${line}: suppressions.0.${field}: `);
    refusal(rule(...named, ...fields)).toThrow(reason);
  });

  test('has an id of its own', () => {
    const one = '  - { id: a, service: cart, reason: r }\n';
    refusal(`suppressions:\n${one}${one}`).toThrow("m.yaml:3: suppressions.1.id: 'a' is there already");
    for (const id of ['maintenance', 'deploy-grace', 'pipeline']) {
      refusal(rule(`id: ${id}`, 'service: cart', 'reason: r')).toThrow(
        `m.yaml:2: suppressions.0.id: '${id}' is the id of a built-in rule`,
      );
    }
  });
});

describe('values that contradict one another are refused', () => {
  test.each([
    [
      'score:\n  severities: { warning: 9 }',
      'm.yaml:2: score.severities.error: is 8, and must be above warning, which is 9',
    ],
    ['score:\n  severities: { warning: 3, error: 3 }', 'm.yaml:2: score.severities.error: '],
    [
      'score:\n  severities:\n    warning: 3\n    critical: 5',
      'm.yaml:4: score.severities.critical: is 5, and must be above error',
    ],
    ['score:\n  weights:\n    WARN: 4', 'm.yaml:3: score.weights.ERROR: is 3, and must be at least WARN, which is 4'],
    ['grouping:\n  span: 4m', 'm.yaml:2: grouping.onset_within: must not be longer than span (240 s)'],
    [
      'formats:\n  - { name: a, pattern: "%{WORD:x}" }\n  - { name: a, pattern: "%{INT:x}" }',
      "m.yaml:3: formats.1.name: 'a'",
    ],
  ])('%s', (text, message) => {
    refusal(text).toThrow(message);
  });

  test('weights may be equal', () => {
    accepted('score:\n  weights: { WARN: 3, ERROR: 3, CRITICAL: 3, FATAL: 3 }\n');
  });
});

describe('a duration of nothing', () => {
  test.each([
    'idle_after',
    'detection.freeze_at_most',
    'detection.half_life',
    'silence.at_least',
    'grouping.onset_within',
    'grouping.span',
    'grouping.resolve_after',
  ])('is refused for %s', (field) => {
    const [section, name] = field.split('.');
    const text = name === undefined ? `${section}: 0s\n` : `${section}:\n  ${name}: 0d\n`;
    refusal(text).toThrow(`${field}: must be longer than nothing`);
  });

  test('switches others off', () => {
    accepted('out_of_order: 0s\ngrouping: { changes_within: 0s, deploy_grace: 0s }\n');
  });
});

describe('retention', () => {
  test('is in whole days by table, or forever', () => {
    const text = 'retention:\n  logs: 3d\n  incidents: forever\n';
    expect(parseConfig(text, 'f').retention).toEqual({ logs: 3, incidents: 'forever' });
  });

  test.each(['0d', '12h', '10000d', '14', 'ever', '-1d', '1.5d'])('%s is none', (time) => {
    refusal(`retention:\n  logs: ${time}\n`).toThrow('m.yaml:2: retention.logs: ');
  });

  test('is set for no table that there is not', () => {
    refusal('retention:\n  logs: 3d\n  log: 3d\n').toThrow('m.yaml:3: retention.log: there is no such setting');
  });
});

describe('text that YAML takes for something else', () => {
  test.each([
    ['services:\n  007: {}\n', 'm.yaml:2: services.007: this key is 7 to YAML; put it in quotes'],
    ['services:\n  true: {}\n', 'm.yaml:2: services.true: this key is true'],
    ['services:\n  ~: {}\n', 'm.yaml:2: services.~: this key is null'],
    ['services:\n  "": {}\n', 'm.yaml:2: services.: this key is empty'],
    ['services:\n  " cart": {}\n', 'm.yaml:2: services. cart: this key begins or ends with a blank'],
    ['services:\n  __proto__: { team: a }\n', 'm.yaml:2: services.__proto__: this key can not be used'],
    ['services:\n  a: {}\n  "__proto__": { criticality: 9 }\n', 'm.yaml:3: services.__proto__: '],
    ['__proto__: { environment: a }\n', 'm.yaml:1: __proto__: '],
    ['services:\n  ? [a]\n  : {}\n', 'a key is a text'],
    ['services:\n  a: &a { team: x }\n  b: { <<: *a }\n', 'm.yaml:3: services.b.<<: merge keys are not part'],
    ['detection:\n  services: 010\n', 'm.yaml:2: detection.services: 010 is 10 here'],
    ['detection:\n  services: 0x10\n', 'm.yaml:2: detection.services: 0x10 is 16 here'],
    ['detection:\n  minimum_ratio: .inf\n', 'm.yaml:2: detection.minimum_ratio: '],
    ['grouping:\n  span: 30m\n  span: 40m\n', 'm.yaml:3: YAML: Map keys must be unique'],
    ['services:\n  a: {}\n  a: {}\n', 'm.yaml:3: YAML: Map keys must be unique'],
    ['services:\n', 'm.yaml:1: services: '],
    ['services:\n  cart:\n', 'm.yaml:2: services.cart: '],
    ['services:\n  cart: { team: "" }\n', 'services.cart.team: must not be empty'],
    ['services:\n  cart: { team: 7 }\n', 'services.cart.team: '],
    ['%YAML 1.1\n---\nservices:\n  cart: { team: no }\n', 'YAML: write YAML 1.2'],
    ['environment: !!timestamp 2026-01-29\n', 'm.yaml:1: environment: '],
    ['environment: a\n---\nenvironment: b\n', 'YAML: '],
    ['- a\n', 'm.yaml:1: '],
    ['idle_after: 12:30\n', 'write a duration as'],
  ])('%j is refused', (text, message) => {
    refusal(text).toThrow('CONFIG_INVALID: ');
    refusal(text).toThrow(message);
  });

  test('aliases that stand for millions of values end in the same error', () => {
    const bomb = ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)];
    refusal(`jobs:\n  j:\n    ${bomb.join('\n    ')}\n`).toThrow('CONFIG_INVALID: m.yaml:1: YAML: ');
  });

  test.each([
    ['a large value that is named often', `jobs:\n  a: &a [${'x,'.repeat(20_000)}]\n  b: [${'*a,'.repeat(60)}]\n`],
    ['very many aliases', `jobs:\n  a: &a 1\n  b: [${'*a,'.repeat(1_001)}]\n`],
    ['an alias within itself', 'jobs: &a\n  b: *a\n'],
    ['brackets without end', `jobs: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
    ['a key twice below jobs', 'jobs:\n  a: 1\n  a: 2\n'],
    ['a number and a text that make one key', 'jobs:\n  1: a\n  "1": b\n'],
    ['a list as key below jobs', 'jobs:\n  ? [a]\n  : 1\n'],
  ])('%s is refused', (_, text) => {
    refusal(text).toThrow(/^CONFIG_INVALID: m\.yaml:\d+: YAML: (?!Maximum call stack)/);
  });

  test('an alias stands for what it names', () => {
    const list = [1, { b: 2 }];
    expect(parseConfig('jobs:\n  a: { x: &a [1, { b: 2 }], y: [*a, *a] }\n', 'f').jobs).toEqual({
      a: { x: list, y: [list, list] },
    });
  });

  test('the time to read services rises with their number, not with its square', { timeout: 20_000 }, () => {
    const services = Array.from({ length: 20_000 }, (_, i) => `  service-${i}: { criticality: 2 }\n`);
    const { settings } = parseConfig(`services:\n${services.join('')}`, 'f');
    expect(Object.keys(settings.score.criticality)).toHaveLength(20_000);
    refusal(`services:\n${services.join('')}  service-7: {}\n`).toThrow('m.yaml:20002: YAML: Map keys must be unique');
  });

  test('no is a text and a day is no date, as in YAML 1.2', () => {
    const text = 'environment: no\nservices:\n  no: { team: on }\n  2026-01-29: { team: yes }\n';
    expect(parseConfig(text, 'f')).toMatchObject({
      settings: { environment: 'no' },
      teams: { no: 'on', '2026-01-29': 'yes' },
    });
  });

  test('what stands below jobs is its author’s', () => {
    expect(parseConfig('jobs:\n  a: { 7: 0x10 }\n', 'f').jobs).toEqual({ a: { '7': 16 } });
  });
});
