/**
 * ClickHouse inside the process is its command-line client: to every insert it adds what it finds on standard input,
 * and would so swallow lines that a job is to read, or the rest of the script that started it. Before chDB is opened,
 * descriptor 0 becomes the null device.
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Puts the null device in the place of standard input, unless that is a terminal, from which nothing is taken. */
export function shieldStdin(): void {
  if (process.platform === 'win32' || isatty(0) || fstatSync(0).rdev === statSync(nullDevice).rdev) return;
  closeSync(0);
  // The lowest free descriptor is taken: the one that was just closed.
  openSync(nullDevice, 'r');
}

const nullDevice = '/dev/null';
