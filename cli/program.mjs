/**
 * Reads the command line. What a command does is loaded when it is executed, so that help and wrong usage are answered
 * quickly.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input (one line on stderr says what and where), 130 and
 * 143 when a second SIGINT or SIGTERM did not wait for a graceful end.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { commands } from './commands.mjs';

/** @typedef {{ readonly name: string, readonly loadsJob: boolean }} Chosen */
/** @typedef {(command: Chosen, args: readonly string[], options: Record<string, unknown>) => Promise<void>} Execute */

/** Reads the command line and executes what it asks for. @param {Execute} execute */
export async function program(execute) {
  const millrace = new Command('millrace')
    .description('A stateful stream processor in TypeScript, and the log-and-incident analyser that runs on it')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', help);
  for (const line of commands) add(millrace, line, execute);
  for (const command of [millrace, ...millrace.commands]) command.exitOverride().configureOutput({ outputError });
  try {
    await millrace.parseAsync();
  } catch (error) {
    // The option parser has reported what is wrong; a request for help is no error.
    if (!(error instanceof Error && 'exitCode' in error)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** @param {Command} millrace @param {import('./commands.mjs').CommandLine} line @param {Execute} execute */
function add(millrace, { usage, does, options = [], examples, more, loadsJob = false }, execute) {
  const command = millrace.command(usage).description(does).addHelpText('after', textBelow(examples, more));
  for (const option of options) command.option(...option);
  command.action((...given) => {
    const args = given.slice(0, -2).flat();
    return execute({ name: command.name(), loadsJob }, args, command.opts());
  });
}

/** One line, whatever the option parser would add. @param {string} message @param {(text: string) => void} write */
function outputError(message, write) {
  const line = message
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^error:/, 'millrace:');
  // What was typed may have been made by a stranger; the same characters as in terminal.ts.
  write(`${line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '·')}\n`);
}

function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** @param {readonly string[]} examples @param {string} [more] */
function textBelow(examples, more) {
  const text = `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
  return more === undefined ? text : `${text}\n\n${more}`;
}

const help = textBelow(
  [
    'millrace demo',
    'kubectl logs -f deploy/api | millrace watch -',
    'millrace watch /var/log/app.log',
    'millrace run jobs/error-spikes.ts',
  ],
  'Output goes to stdout, messages to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input.',
);
