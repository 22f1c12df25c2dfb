/**
 * Variants of syslog: what stands before and behind the host, network devices, Heroku, priorities with anything behind.
 */
import { describe, expect, it } from 'vitest';
import { logParser } from '../../../logs/parser.ts';
import { isoText } from '../../../logs/times/calendar.ts';

const now = Date.UTC(2026, 1, 1);
const read = (line: string) => {
  const { timestamp, timestampSource, level, service, message, parsed_fields } = logParser({}).parse(line, 'a', now);
  const { 'host.hostname': host = null } = parsed_fields;
  const time = timestampSource === 'ingest' ? null : isoText(timestamp!, 0).slice(5, -1);
  return { time, level, service, host, message };
};
type Case = [line: string, level: string | null, service: string, host: string | null, message: string];

describe('a level in words', () => {
  it.each<Case>([
    ['Jan 29 08:51:24.170 crit web-1 cron[7]: gone', 'CRITICAL', 'cron', 'web-1', 'gone'],
    ['2026-01-29T08:51:24+00:00 warning web-1 cron[7]: late', 'WARN', 'cron', 'web-1', 'late'],
    ['Jan 29 08:51:24 web-1 daemon.err cron: gone', 'ERROR', 'cron', 'web-1', 'gone'],
    ['Jan 29 08:51:24 local0.notice web-1 cron[7]: on', 'INFO', 'cron', 'web-1', 'on'],
    ['Jan 29 08:51:24 web-1 <err> cron[7]: gone', 'ERROR', 'cron', 'web-1', 'gone'],
    ['Jan 29 08:51:24 web-1 [warn] cron[7]: late', 'WARN', 'cron', 'web-1', 'late'],
    ['Jan 29 08:51:24 web-1 cron[7]: [ID 702911 daemon.crit] gone', 'CRITICAL', 'cron', 'web-1', 'gone'],
    ['<13>Jan 29 08:51:24 web-1 err cron[7]: gone', 'ERROR', 'cron', 'web-1', 'gone'],
    ['Jan 29 08:51:24 web-1 cron[7] gone', null, 'cron', 'web-1', 'gone'],
  ])('%s', (line, level, service, host, message) => {
    expect(read(line)).toMatchObject({ level, service, host, message });
  });

  it('makes no host of the word behind it where the time is not as syslog writes it', () => {
    const line = '2026-01-29 08:51:24 ERROR Payment worker[42]: declined';
    expect(read(line)).toMatchObject({ level: 'ERROR', service: 'unknown', host: null });
  });
});

describe('a network device', () => {
  it.each<Case>([
    ['<187>44: rt1: 000207: *Jan 29 2026 08:51:24: %LINK-3-DOWN: gone', 'ERROR', 'unknown', 'rt1', 'gone'],
    ['Jan 29 08:51:25 10.0.0.7 44: Jan 29 08:51:24: %SYS-2-FULL: gone', 'CRITICAL', 'unknown', '10.0.0.7', 'gone'],
    ['000207: Jan 29 08:51:24 UTC: %SYS-5-CONFIG: set', 'INFO', 'unknown', null, 'set'],
    ['2026 Jan 29 08:51:24 rt1 %ETH_PORT-4-SLOW: late', 'WARN', 'unknown', 'rt1', 'late'],
    ['RP/0/CPU0:Jan 29 08:51:24 : ifmgr[7]: %NET-LINK-3-DOWN : gone', 'ERROR', 'ifmgr', 'RP/0/CPU0', 'gone'],
    ['Jan 29 08:51:24 rt1 local7.err 44: %LINK-3-DOWN: gone', 'ERROR', 'unknown', 'rt1', 'gone'],
    ['Jan 29 2026 08:51:24 fw1 : %FW-1-303: gone', 'CRITICAL', 'unknown', 'fw1', 'gone'],
    ['<189>Jan 29 08:51:24 rt1 %DAEMON-4: late', 'WARN', 'unknown', 'rt1', 'late'],
  ])('%s', (line, level, service, host, message) => {
    expect(read(line)).toMatchObject({ time: '01-29T08:51:24.000', level, service, host, message });
  });

  it('that only says how long it is up has no time', () => {
    expect(read('00:00:46: %LINK-3-DOWN: gone')).toMatchObject({ time: null, level: 'ERROR', message: 'gone' });
    expect(read('00:00:46.7 : %LINK-3-DOWN: gone')).toMatchObject({ time: null, level: 'ERROR', host: null });
    expect(read('<187>44: 1w2d: %LINK-3-DOWN: gone')).toMatchObject({ time: null, level: 'ERROR', host: null });
  });

  it('is not what prose speaks of', () => {
    expect(read('one of them said %LINK-3-DOWN: gone')).toMatchObject({ level: null, host: null });
    expect(read('2026-01-29 08:51:24 disk at 93%: late')).toMatchObject({ host: null, message: 'disk at 93%: late' });
  });
});

describe('processes of one kind', () => {
  it.each<Case>([
    ['2026-01-29T08:51:24+00:00 app[web.1]: ERROR gone', 'ERROR', 'app', null, 'ERROR gone'],
    ['<45>1 2026-01-29T08:51:24+00:00 heroku[web.12]: Error R14', 'INFO', 'heroku', null, 'Error R14'],
    ['<190>1 2026-01-29T08:51:24+00:00 host app worker.3 - ready', 'INFO', 'app', 'host', 'ready'],
    ['<40>1 2026-01-29T08:51:24+00:00 host app web.3 - State changed', null, 'app', 'host', 'State changed'],
  ])('%s', (line, level, service, host, message) => {
    expect(read(line)).toMatchObject({ level, service, host, message });
  });

  it('need a time as syslog writes it', () => {
    expect(read('2026-01-29 08:51:24 Cart[add]: gone')).toMatchObject({ service: 'unknown' });
  });
});

describe('a priority', () => {
  it.each<Case>([
    [
      '<12>Jan 29 08:51:24 fw-1 1,2026/01/29 08:51:24,0018,THREAT',
      'WARN',
      'unknown',
      'fw-1',
      '1,2026/01/29 08:51:24,0018,THREAT',
    ],
    ['<11> Jan 29 08:51:24 fw-1 Gone_Again 0042', 'ERROR', 'unknown', 'fw-1', 'Gone_Again 0042'],
    ['<11>Jan 29 08:51:24 something is gone', 'ERROR', 'unknown', null, 'something is gone'],
    ['<11>gone', 'ERROR', 'unknown', null, 'gone'],
    ['<14>{"level":"error","msg":"gone"}', 'ERROR', 'unknown', null, 'gone'],
    ['<189>date=2026-01-29 level=warning msg="late"', 'WARN', 'unknown', null, 'late'],
    ['<192>gone', null, 'unknown', null, '<192>gone'],
    ['<5> gone', null, 'unknown', null, '<5> gone'],
  ])('%s', (line, level, service, host, message) => {
    expect(read(line)).toMatchObject({ level, service, host, message });
  });
});

describe('RFC 5424 without priority and version', () => {
  it.each<Case>([
    ['2026-01-29T08:51:24Z edge-1 watch 7 - [net@6876 level="ERROR" x="1"] gone', 'ERROR', 'watch', 'edge-1', 'gone'],
    ['2026-01-29T08:51:24Z edge-1 watch 7 - - gone', null, 'watch', 'edge-1', 'gone'],
    [
      '2026-01-29T08:51:24Z shop worker 7 Cart [id="7"] gone',
      null,
      'unknown',
      null,
      'shop worker 7 Cart [id="7"] gone',
    ],
  ])('%s', (line, level, service, host, message) => {
    expect(read(line)).toMatchObject({ level, service, host, message });
  });
});

describe('what another program says by syslog', () => {
  it('is of PostgreSQL, whose line counter is no process', () => {
    const line = 'Jan 29 08:51:24 db-1 postgres[1140]: [19-1] 2026-01-29 08:51:24 UTC [1140] ada@shop ERROR:  gone';
    const log = logParser({}).parse(line, 'a', now);
    expect(log).toMatchObject({ level: 'ERROR', message: 'gone', service: 'postgres' });
    expect(log.parsed_fields).toMatchObject({ 'process.pid': 1140, 'user.name': 'ada' });
    expect(log.parsed_fields).not.toHaveProperty('postgresql.log.session_line_number');
  });

  it('is not of PostgreSQL when only its second line looks so', () => {
    const lines = '2026-01-29 08:51:24,967 - shop - WARNING - psql said:\nERROR:  gone';
    expect(read(lines)).toMatchObject({ level: 'WARN', message: 'psql said:\nERROR:  gone' });
  });

  it('is of httpd without the name of a module', () => {
    const line = '[Thu Jan 29 08:51:24.615325 2026] [:error] [pid 7] shop: INFO: [session] gone';
    expect(read(line)).toMatchObject({ level: 'ERROR', message: 'shop: INFO: [session] gone' });
  });
});
