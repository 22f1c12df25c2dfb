/**
 * Executes one command and turns its outcome into an exit code. Only that command's module is loaded.
 */
import { extname } from 'node:path';
import { MillraceError } from '../errors.ts';
import { say } from './terminal.ts';

/** What a command module exports as `execute`: ends when the command is done, throws when it failed. */
export type Execute = (args: readonly string[], options: never) => Promise<void>;

/** The module's name is the command's; `.ts` in a clone, `.js` in what was built. */
const load = (command: string): Promise<{ readonly execute: Execute }> =>
  import(`./commands/${command}${extname(import.meta.url)}`);

/** Wrong usage or unreadable input: exit code 2. All other failures: 1. */
const unreadable = new Set([
  'USAGE',
  'OPTION_INVALID',
  'FILE_MISSING',
  'FILE_UNREADABLE',
  'CONFIG_INVALID',
  'CONFIG_UNREADABLE',
  'JOB_UNREADABLE',
  'WORKERS_EMBEDDED',
  'EMBEDDED_UNUSABLE',
]);

/** Executes a command with the arguments and options that the command line gave, then ends the process. */
export async function main(
  command: string,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(tell(error)));
  const code = await attempt(command, args, options);
  // Where stdout was lost on the way, the code is there already.
  process.exit(code === 0 ? process.exitCode : code);
}

async function attempt(
  command: string,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  try {
    const { execute } = await load(command);
    await execute(args, options as never);
    return 0;
  } catch (error) {
    return tell(error);
  }
}

/** Says why a command failed: one line for coded errors, the stack for unexpected ones. The result is the exit code. */
function tell(thrown: unknown): number {
  const error = ofFiles(thrown) ?? thrown;
  if (error instanceof MillraceError) {
    say(`millrace: ${error.message.replaceAll('\n', ' ')}`);
    return unreadable.has(error.code) ? 2 : 1;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of `millrace: ${stack}`.split('\n')) say(line);
  return 1;
}

/** What the file system refuses is no fault of the code, wherever it is met. */
function ofFiles(error: unknown): MillraceError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) return undefined;
  const path = String(error.path);
  const isFull = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  if (isFull) return new MillraceError('EMBEDDED_DISK_FULL', { path }, { cause: error });
  return new MillraceError('FILE_UNREADABLE', { path, reason: error.message }, { cause: error });
}
