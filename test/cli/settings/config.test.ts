import { describe, expect, test } from 'vitest';
import { parseConfig, readConfig } from '../../../cli/settings/config.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';

const settings = (text: string) => parseConfig(text, 'millrace.yaml').settings;
const refusal = (text: string) => expect(() => parseConfig(text, 'millrace.yaml'));

describe('without anything written', () => {
  test.each(['', '# nothing yet\n', '{}'])('%j gives the defaults', (text) => {
    expect(parseConfig(text, 'millrace.yaml')).toEqual({
      settings: incidentDefaults,
      teams: {},
      retention: {},
      jobs: {},
    });
  });

  test('no file gives the defaults, too', () => {
    expect(readConfig(undefined)).toEqual({ settings: incidentDefaults, teams: {}, retention: {}, jobs: {} });
  });

  test('a file that was named must be there', () => {
    expect(() => readConfig('/nowhere/millrace.yaml')).toThrow(
      /^CONFIG_UNREADABLE: can't read configuration '\/nowhere/,
    );
  });
});

describe('what is written', () => {
  test('replaces its default and leaves the others', () => {
    const text = 'detection:\n  minimum_ratio: 3\ngrouping:\n  resolve_after: 10m\nidle_after: 45s\n';
    expect(settings(text)).toEqual({
      ...incidentDefaults,
      idleAfter: 45_000,
      detection: { ...incidentDefaults.detection, minimumRatio: 3 },
      grouping: { ...incidentDefaults.grouping, resolveAfter: 600_000 },
    });
  });

  test('services have a criticality, a team, both or neither', () => {
    const text = 'services:\n  checkout: { criticality: 3, team: payments }\n  cart: { team: shop }\n  ads: {}\n';
    expect(settings(text).score.criticality).toEqual({ checkout: 3 });
    expect(parseConfig(text, 'f').teams).toEqual({ checkout: 'payments', cart: 'shop' });
  });

  test('suppression rules keep what they were given', () => {
    const text =
      'suppressions:\n  - id: nightly\n    service: reports\n    start: 2026-01-01T02:00:00Z\n    end: 2026-01-01T03:00:00Z\n    every: day\n    reason: the nightly export\n';
    expect(settings(text).suppressions).toEqual([
      {
        id: 'nightly',
        service: 'reports',
        start: Date.UTC(2026, 0, 1, 2),
        end: Date.UTC(2026, 0, 1, 3),
        every: 'day',
        reason: 'the nightly export',
      },
    ]);
  });
});

describe('formats', () => {
  const shop = { name: 'shop', pattern: '%{TIMESTAMP} <%{LOGLEVEL}> %{GREEDYDATA:message}' };

  test('are handed to the parser as they are written', () => {
    expect(settings(`formats:\n  - name: shop\n    pattern: '${shop.pattern}'\n`).formats).toEqual([shop]);
  });

  test('a pattern that is none is named with its line, and so is the place in it', () => {
    refusal("formats:\n  - name: a\n    pattern: '%{WORD:x}'\n  - name: b\n    pattern: '(a+)+'\n").toThrow(
      /^CONFIG_INVALID: millrace\.yaml:5: formats\.1\.pattern: .*format b.*'\+\)\+' at character 3/,
    );
  });

  test('a format has a name, and a pattern or a layout', () => {
    const reason = /millrace\.yaml:2: formats\.0: give it a pattern or a layout/;
    refusal('formats:\n  - name: a\n').toThrow(reason);
    refusal("formats:\n  - { name: a, pattern: '%{WORD:x}', layout: { python: '{message}' } }\n").toThrow(reason);
    refusal('formats:\n  - pattern: a\n').toThrow(/formats\.0\.name/);
  });

  test('a layout of a tool is handed over; what is not understood of it is named', () => {
    const layout = { logback: '%d %p %m%n' };
    expect(settings(`formats:\n  - name: shop\n    layout: { logback: '${layout.logback}' }\n`).formats).toEqual([
      { name: 'shop', layout },
    ]);
    refusal("formats:\n  - name: a\n    layout: { logback: '%d %nonsense' }\n").toThrow(
      /^CONFIG_INVALID: millrace\.yaml:3: formats\.0\.layout: .*format a.*%nonsense/,
    );
    refusal("formats:\n  - name: a\n    layout: { perl: '%d' }\n").toThrow(/formats\.0\.layout\.perl/);
  });
});

describe('the search index of the archive', () => {
  const search = (text: string) => `archive:\n  elasticsearch:\n    node: https://search.internal:9200\n    ${text}\n`;

  test('has a node, and may have a name and an authority of its own', () => {
    const text = search('index: lines\n    ca: certificates/ca.pem');
    const all = { node: 'https://search.internal:9200', index: 'lines', ca: 'certificates/ca.pem' };
    expect(parseConfig(text, 'f').search).toEqual(all);
    expect(parseConfig(search(''), 'f').search).toEqual({ node: all.node });
    expect(parseConfig('archive: {}\n', 'f')).not.toHaveProperty('search');
  });

  test.each(['password: x', 'api_key: x', 'auth: { username: a }', 'nodes: []'])('knows no %j', (text) => {
    const field = `archive.elasticsearch.${text.slice(0, text.indexOf(':'))}`;
    refusal(search(text)).toThrow(`CONFIG_INVALID: millrace.yaml:4: ${field}: there is no such setting`);
  });

  test('takes no secret in its address, and does not repeat it', () => {
    const text = 'archive:\n  elasticsearch:\n    node: https://elastic:hunter2@search.internal\n';
    refusal(text).toThrow(
      /^CONFIG_INVALID: millrace\.yaml:3: archive\.elasticsearch\.node: leave user and password out/,
    );
    refusal(text).not.toThrow('hunter2');
  });

  test.each(['search.internal:9200', 'ftp://search.internal', 'https://', '9200'])('%j is no address', (node) => {
    refusal(`archive:\n  elasticsearch:\n    node: ${node}\n`).toThrow(
      /^CONFIG_INVALID: millrace\.yaml:3: archive\.elasticsearch\.node: /,
    );
  });

  test('is called as an index may be', () => {
    refusal(search('index: Lines')).toThrow(
      /^CONFIG_INVALID: millrace\.yaml:4: archive\.elasticsearch\.index: OPTION_INV/,
    );
  });
});

describe('settings of job files', () => {
  test('are handed on as they are written, by name', () => {
    const text = 'jobs:\n  orders: { limit: 7, names: [a, b] }\n  other: {}\n';
    expect(parseConfig(text, 'f').jobs).toEqual({ orders: { limit: 7, names: ['a', 'b'] }, other: {} });
  });

  test('stand below a name each', () => {
    refusal('jobs:\n  orders: 7\n').toThrow(/^CONFIG_INVALID: millrace\.yaml:2: jobs\.orders: /);
  });
});

describe('a mistake is named with file, line and field', () => {
  test('a wrong type', () => {
    refusal('detection:\n  minimum_ratio: 2\n  minimum_excess: many\n').toThrow(
      /^CONFIG_INVALID: millrace\.yaml:3: detection\.minimum_excess: /,
    );
  });

  test('a name that is no setting', () => {
    refusal('services:\n  checkout:\n    critical: 3\n').toThrow(
      'CONFIG_INVALID: millrace.yaml:3: services.checkout.critical: there is no such setting',
    );
  });

  test('a duration without unit', () => {
    refusal('idle_after: 30\n').toThrow(/millrace\.yaml:1: idle_after: /);
    refusal('idle_after: "30"\n').toThrow('write a duration as 30s, 5m, 2h or 1d');
  });

  test('an entry of a list', () => {
    refusal('suppressions:\n  - id: a\n    reason: x\n  - id: b\n    every: month\n    reason: y\n').toThrow(
      /millrace\.yaml:5: suppressions\.1\.every: /,
    );
  });

  test('a formula that does more than compute', () => {
    refusal('score:\n  formula: import("fs")\n').toThrow(/millrace\.yaml:2: score\.formula: FORMULA_REFUSED/);
  });

  test('a formula that gives no finite number', () => {
    refusal('score:\n  formula: "1/0"\n').toThrow(/millrace\.yaml:2: score\.formula: FORMULA_REFUSED: .*no finite/);
  });

  test('a zone that does not exist', () => {
    refusal('environment: shop\ntimezone: Mars/Olympus\n').toThrow(
      /^CONFIG_INVALID: millrace\.yaml:2: timezone: is 'Mars\/Olympus'; it must be 'UTC', an offset/,
    );
  });

  test('text that is no YAML', () => {
    refusal('services: [\n').toThrow(/^CONFIG_INVALID: millrace\.yaml:\d+: YAML: /);
  });
});
