/**
 * Executes one command and turns its outcome into an exit code. Only that command's module is loaded.
 */
import { extname } from 'node:path';
import { MillraceError } from '../errors.ts';

/** What a command module exports as `execute`: ends when the command is done, throws when it failed. */
export type Execute = (args: readonly string[], options: never) => Promise<void>;

/** The module's name is the command's; `.ts` in a clone, `.js` in what was built. */
const load = (command: string): Promise<{ readonly execute: Execute }> =>
  import(`./commands/${command}${extname(import.meta.url)}`);

/** Wrong usage or unreadable input: exit code 2. All other failures: 1. */
const unreadable = new Set([
  'USAGE',
  'FILE_MISSING',
  'FILE_UNREADABLE',
  'CONFIG_INVALID',
  'CONFIG_UNREADABLE',
  'JOB_UNREADABLE',
  'WORKERS_EMBEDDED',
]);

/** Executes a command with the arguments and options that the command line gave, then ends the process. */
export async function main(
  command: string,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  process.exit(await attempt(command, args, options));
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
    process.stderr.write(`millrace: ${wordsOf(error)}\n`);
    return error instanceof MillraceError && unreadable.has(error.code) ? 2 : 1;
  }
}

/** One line for coded errors; the stack for unexpected ones. */
function wordsOf(error: unknown): string {
  if (error instanceof MillraceError) return error.message.replaceAll('\n', ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
