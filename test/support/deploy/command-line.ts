/** What `millrace run` understands, read out of the command's own sources. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './files.ts';

const commandLine = textOf('cli/commands.mjs');
const [, runs] = /usage: 'run <job>'([\s\S]*?)\n {2}\},\n/.exec(commandLine)!;
/** Options that several commands have are written once, above the list. */
const [shared] = /const config = [\s\S]*?const noConfig = .*\n/.exec(commandLine)!;

/** Flags of `millrace run`, and whether a value follows. */
const flags = new Map(
  [...`${shared}${runs}`.matchAll(/'(--[a-z-]+)( <\w+>)?'/g)].map(([, flag, value]) => [flag!, value !== undefined]),
);

/** Variables of the environment that the command reads, beside Node's own. */
export const variables: readonly string[] = [
  ...textOf('cli/settings/environment.ts').matchAll(/\{ ([A-Z_, ]+) \} = process\.env/g),
].flatMap(([, names]) => names!.split(', '));

/** Where the image keeps what was built. */
export const installed = '/opt/millrace/dist/';

/** What is wrong with arguments of the image's command, in words; nothing, if it would run. */
export function complaints(args: readonly string[]): readonly string[] {
  const [command, job, ...rest] = args;
  const found: string[] = [];
  if (command !== 'run') found.push(`the command is ${command}`);
  if (job?.startsWith(installed) && !isSource(job)) found.push(`${job} is not built from anything`);
  for (let i = 0; i < rest.length; i++) {
    const flag = rest[i]!;
    if (!flags.has(flag)) found.push(`${flag} is no flag of run`);
    else if (flags.get(flag)) {
      const value = rest[++i];
      if (value === undefined || value.startsWith('--')) found.push(`${flag} lacks its value`);
    }
  }
  return found;
}

/** Whether a file of the image is built from a source of this project. */
export const isSource = (path: string): boolean =>
  existsSync(join(import.meta.dirname, '..', '..', '..', path.replace(installed, '').replace(/\.js$/, '.ts')));

// The reading above must not find nothing in silence; containers are asked from outside, so an address is needed.
if (!flags.has('--workers') || !runs!.includes('or on ADDRESS:PORT') || !variables.includes('KAFKA_URL')) {
  throw new Error('the flags of `millrace run` could not be read');
}
