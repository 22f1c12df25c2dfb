/** Where a source writes its level is learnt from its lines, and only where no line alone shows it. */
import { describe, expect, test } from 'vitest';
import { LevelColumns } from '../../../logs/headers/level-columns.ts';
import { logParser } from '../../../logs/parser.ts';

const start = Date.UTC(2026, 0, 29, 8, 51);
const names = ['info', 'info', 'warn', 'error', 'debug'] as const;
const loggers = ['billing', 'ledger', 'gateway'] as const;
const said = ['order taken', 'no stock left', 'Starting', 'peer: closed', 'rate of errors is normal'] as const;

interface Told {
  readonly time: string;
  readonly level: string;
  readonly logger: string;
  readonly message: string;
}

/** Levels that are read of fifty lines of a program. */
function levelsOf(write: (told: Told, n: number) => string): (string | null)[] {
  const parser = logParser({ now: start });
  return Array.from({ length: 50 }, (_, n) => {
    const [level, logger] = [names[(n * 3) % names.length]!, loggers[n % loggers.length]!];
    const told = {
      time: new Date(start + n * 700).toISOString(),
      level,
      logger,
      message: said[(n >> 2) % said.length]!,
    };
    return parser.parse(write(told, n), 'shop.log', start).level;
  });
}

const expected = Array.from({ length: 50 }, (_, n) => names[(n * 3) % names.length]!.toUpperCase());

describe('a source that writes its level where no line alone shows it', () => {
  test.each<[string, (told: Told, n: number) => string]>([
    [
      'behind a bare name, before the time',
      ({ time, level, logger, message }) => `${logger} ${level} ${time} ${message}`,
    ],
    ['before a bare name and the time', ({ time, level, logger, message }) => `${level} ${logger} ${time} ${message}`],
    [
      'as a letter',
      ({ time, level, logger, message }, n) => `${time} ${1_000 + n} ${level[0]!.toUpperCase()} ${logger} ${message}`,
    ],
    ['in brackets behind the time', ({ time, level, logger, message }) => `#${logger} ${time} (${level}) ${message}`],
    ['with a sign behind it', ({ time, level, logger, message }) => `${level}@${logger} ${time} ${message}`],
  ])('is read from the ninth line on: %s', (_, write) => {
    const levels = levelsOf(write);
    expect(levels.slice(8)).toEqual(expected.slice(8));
  });
});

describe('no column is learnt', () => {
  test.each<[string, (n: number) => string]>([
    ['from words that are always the same', () => 'lost error budget again'],
    [
      'from words that come now and then',
      (n) => (n % 4 === 0 ? `seen ${n % 8 ? 'info' : 'warn'} page` : 'seen no page'),
    ],
    ['from letters within numbers', (n) => `took 3${'EW'[n % 2]}7 units`],
    ['beyond the eighth', (n) => `a b c d e f g h ${n % 2 ? 'info' : 'warn'} i`],
  ])('%s', (_, write) => {
    const columns = new LevelColumns();
    for (let n = 0; n < 2_000; n++) expect(columns.wordOf(write(n), 'shop.log')).toBe('');
  });
});

describe('what was learnt', () => {
  const plain = (n: number) => `shop ${n % 2 ? 'info' : 'warn'} step`;
  const learnt = () => {
    const columns = new LevelColumns();
    for (let n = 0; n < 20; n++) columns.wordOf(plain(n), 'shop.log');
    return columns;
  };

  test('belongs to its source', () => {
    const columns = learnt();
    expect(columns.wordOf(plain(1), 'shop.log')).toBe('info');
    expect(columns.wordOf(plain(1), 'other.log')).toBe('');
  });

  test('is kept over a few lines without a level, and forgotten when it stops fitting', () => {
    const columns = learnt();
    for (let n = 0; n < 5; n++) expect(columns.wordOf('a note in between', 'shop.log')).toBe('');
    expect(columns.wordOf(plain(1), 'shop.log')).toBe('info');
    for (let n = 0; n < 8; n++) columns.wordOf('now it writes otherwise', 'shop.log');
    expect(columns.wordOf(plain(1), 'shop.log')).toBe('');
  });

  test('is learnt after the source has begun to write otherwise', () => {
    const columns = new LevelColumns();
    for (let n = 0; n < 200; n++) columns.wordOf('starting up', 'shop.log');
    let read = 0;
    for (let n = 0; n < 600; n++) if (columns.wordOf(plain(n), 'shop.log') !== '') read++;
    expect(read).toBeGreaterThan(200);
  });

  test('costs time in proportion to the line, whatever stands in it', () => {
    const columns = learnt();
    for (const line of ['('.repeat(1e6), ' '.repeat(1e6), 'a'.repeat(1e6)]) expect(columns.wordOf(line, 'x')).toBe('');
  });
});
