/** Levels as tools of the command line and runners of jobs write them. */
import { describe, expect, it } from 'vitest';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);

describe('tools', () => {
  it.each([
    ['npm error code E404', 'ERROR'],
    ['npm warn old cart@1', 'WARN'],
    ['2026-01-29 08:51:24 npm notice gone', 'INFO'],
    ['error Command gone', 'ERROR'],
    ['info Visit the shop', 'INFO'],
    ['shop:cart:error gone', 'ERROR'],
    ['my-shop:warn gone', 'WARN'],
    ['error[E0308]: gone', 'ERROR'],
    ['error TS2304: gone', 'ERROR'],
  ])('%s', (line, level) => {
    expect(read(line)).toMatchObject({ level, message: line.replace(/^2026\S+ \S+ /, '') });
  });

  it.each([
    'error handling is on',
    'npm runs two',
    'shop::error gone',
    'errors[7]: two',
    'my error Foo',
    'error ABC is 5',
  ])('%s has none', (line) => {
    expect(read(line).level).toBeNull();
  });
});

describe('runners of jobs', () => {
  it.each([
    ['::error file=cart.ts,line=7::gone', 'ERROR', 'gone'],
    ['::warning title=a: b,file=cart.ts::gone', 'WARN', 'gone'],
    ['::notice::gone', 'INFO', 'gone'],
    ['##vso[task.logissue type=error;code=7]gone', 'ERROR', 'gone'],
    ['##vso[task.debug]gone', 'DEBUG', 'gone'],
    ['2026-01-29T08:51:24.9671234Z ##vso[task.logissue type=warning]gone', 'WARN', 'gone'],
    ["##teamcity[message text='gone' status='WARNING']", 'WARN', "##teamcity[message text='gone' status='WARNING']"],
  ])('%s', (line, level, message) => {
    expect(read(line)).toMatchObject({ level, message });
  });

  it.each([
    '::group::Build',
    '##vso[task.complete]gone',
    "##teamcity[testStarted name='a']",
    '::set-output name=a::b',
    '## error handling',
  ])('%s has none', (line) => {
    expect(read(line)).toMatchObject({ level: null, message: line });
  });
});
