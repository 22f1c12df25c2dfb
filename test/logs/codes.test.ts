/** Levels that the codes of messages and the reports of kernels name; and codes that name none. */
import { describe, expect, it } from 'vitest';
import { logParser } from '../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => parser.parse(line, line, now);
const time = '2026-01-29 08:51:24';

describe('codes', () => {
  it.each([
    ['SRVE0068E: gone', 'ERROR'],
    [`${time} AMQ9209W: gone`, 'WARN'],
    ['Jan 29 08:51:24 web-1 qm[7]: AMQ8024I: gone', 'INFO'],
    ['XYZ-12345E gone', 'ERROR'],
    ['ABC-1234-S: gone', 'ERROR'],
    ['[ADM1530C] gone', 'CRITICAL'],
    ['IGYPS2112-E "X" gone', 'ERROR'],
    ['SHOP-F-0042: gone', 'FATAL'],
    ['ORA-00600: gone', 'ERROR'],
    [`${time}\nTNS-12541: gone`, 'ERROR'],
    ['%SYS-F-DISKFULL, gone', 'FATAL'],
    ['%SYSTEM-W-NOFILE, gone', 'WARN'],
  ])('%s', (line, level) => {
    expect(read(line).level).toBe(level);
  });

  it.each(['SHOP-1234: gone', 'SHOP-12345: gone', 'TS501E gone', 'MODEL501E gone', 'ISO8601 E gone', 'AB-X-12 gone'])(
    '%s has none',
    (line) => {
      expect(read(line).level).toBeNull();
    },
  );
});

describe('kernels', () => {
  it.each([
    ['[  967.123] BUG: unable to handle page fault', 'ERROR'],
    ['[  967.123] watchdog: BUG: soft lockup - CPU#2 stuck', 'ERROR'],
    ['[  967.123] Call Trace:', 'ERROR'],
    ['[  967.123] divide error: 0000 [#1] SMP', 'ERROR'],
    ['[  967.123] EXT4-fs error (device sda1): bad inode', 'ERROR'],
    ['[  967.123] BTRFS warning (device sda1): bad sum', 'WARN'],
    ['[  967.123] mce: [Hardware Error]: logged', 'ERROR'],
    ['Jan 29 08:51:24 web-1 kernel: Oops: 0002 [#1] SMP', 'ERROR'],
    ['Jan 29 08:51:24 web-1 kernel: ACPI Error: not found', 'ERROR'],
    ['[Thu Jan 29 08:51:24 2026] BUG: unable to handle page fault', 'ERROR'],
  ])('%s', (line, level) => {
    expect(read(line).level).toBe(level);
  });

  it.each(['[  967.123] usb 1-1: error counter 0', '[  967.123] DEBUGGER is on', '[  967.123] eth0: link up'])(
    '%s has none',
    (line) => {
      expect(read(line).level).toBeNull();
    },
  );
});

describe('columns', () => {
  it.each([
    [`${time}|FAT|cart|gone`, 'FATAL'],
    [`${time} [CRI] gone`, 'CRITICAL'],
    ['[08:51:24 SEV] gone', 'ERROR'],
    [`${time}\tWAR\tgone`, 'WARN'],
    [`${time} *EMG* gone`, 'FATAL'],
    ['-E- gone', 'ERROR'],
    ['{"level":"fat","msg":"gone"}', 'FATAL'],
    ['[1/29/26 8:51:24:123 UTC] 0000003a shop.Cart E gone', 'ERROR'],
    ['[1/29/26 8:51:24:123 UTC] 0000003a SystemOut     O gone', 'INFO'],
  ])('%s', (line, level) => {
    expect(read(line)).toMatchObject({ level, message: 'gone' });
  });

  it.each([`${time} WAR gone`, `${time} WAR: gone`, '[NOT] gone', `${time} (fat) gone`])('%s has none', (line) => {
    expect(read(line).level).toBeNull();
  });
});

describe('programs that name themselves behind a header', () => {
  it.each([
    ['web[7]: web: [emerg] gone', 'FATAL', 'gone'],
    ['sh[7]: a-tool-of-ours: [error] gone', 'ERROR', 'a-tool-of-ours: [error] gone'],
    ['sh[7]: cart[42]: <crit> gone', 'CRITICAL', 'gone'],
    ['sh[7]: cart.api - (warn) gone', 'WARN', 'gone'],
    ['sh[7]: cart | [ERROR] gone', 'ERROR', 'gone'],
    ['sh[7]: cart: ERROR: gone', 'ERROR', 'gone'],
    ['sh[7]: cart: told of an error: gone', null, 'cart: told of an error: gone'],
  ])('%s', (line, level, message) => {
    expect(read(`Jan 29 08:51:24 web-1 ${line}`)).toMatchObject({ level, message });
  });
});

describe('what systemd and Lambda say of what they ended', () => {
  it.each([
    ['cart.service: Main process exited, code=exited, status=1/FAILURE', 'ERROR'],
    ['cart.service: Control process exited, code=exited status=203', 'ERROR'],
    ['cart.service: Main process exited, code=killed, status=9/KILL', 'ERROR'],
    ['cart.service: Main process exited, code=dumped, status=11/SEGV', 'ERROR'],
    ["cart.service: Failed with result 'exit-code'.", 'ERROR'],
    ['cart.service: A process of this unit has been killed by the OOM killer.', 'ERROR'],
    ['Failed to start cart.service - The cart.', 'ERROR'],
    ['Dependency failed for cart.service - The cart.', 'ERROR'],
    ['cart.service: Main process exited, code=exited, status=0/SUCCESS', null],
    ['cart.service: Main process exited, code=killed, status=15/TERM', null],
    ['cart.service: Deactivated successfully.', null],
    ['Started cart.service - The cart.', null],
  ])('%s', (said, level) => {
    expect(read(`Jan 29 08:51:24 web-1 systemd[1]: ${said}`)).toMatchObject({ level, service: 'systemd' });
    expect(read(`2026-01-29T08:51:24+00:00 web-1 systemd[42]: ${said}`).level).toBe(level);
  });

  it.each([
    ['Task timed out after 3.00 seconds', 'ERROR'],
    ['Task ended after 3.00 seconds', null],
    ['worker exited, code 3', 'ERROR'],
    ['worker exited, 3 are left', null],
    // Of others, the same words may be of something that is tried again.
    ['Failed to start the cache', null],
  ])('%s', (said, level) => {
    expect(read(`2026-01-29T08:51:24.967Z 8f5c2d1e-0b7a-4c3d-9e1f-2a4b6c8d0e1f ${said}`).level).toBe(level);
  });
});
