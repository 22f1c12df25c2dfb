/**
 * What the command line says: commands, arguments, options and help. Plain JavaScript that imports nothing but the
 * option parser, so that `--help` is quick; what a command does is loaded when it is run.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input (one line on stderr says what and where), 130 and
 * 143 when a second SIGINT or SIGTERM did not wait for a graceful end.
 */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';

/** @typedef {(command: string, args: readonly string[], options: Record<string, unknown>) => Promise<void>} Execute */

/** Reads the command line and executes what it asks for. @param {Execute} execute */
export async function program(execute) {
  const millrace = new Command('millrace')
    .description('A stateful stream processor in TypeScript, and the log-and-incident analyser that runs on it')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', text.main);
  const add = adder(millrace, execute);
  addAnalysis(add);
  addJobs(add);
  for (const command of [millrace, ...millrace.commands]) command.exitOverride().configureOutput({ outputError });
  try {
    await millrace.parseAsync();
  } catch (error) {
    // The option parser has said what is wrong; asking for help is not.
    if (!(error instanceof Error && 'exitCode' in error)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** @param {(spec: string, does: string, examples: string) => Command} add */
function addAnalysis(add) {
  add('watch <file...>', 'find incidents in any logs as they grow; - is stdin', text.watch)
    .option('--json', 'print lifecycle events as NDJSON (the default when stdout is not a terminal)')
    .option('--no-follow', 'stop at the end of the files')
    .option('--console', 'serve the web page')
    .option('--port <port>', 'port of the web page', port)
    .option('--service <name>', 'service of lines that name none')
    .option('--timezone <zone>', 'zone of lines that name none (default: UTC)')
    .option('--data <dir>', 'keep state here (default: millrace in your cache directory)')
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)');
  add('demo', 'the incident job on a simulated shop with injected faults', text.demo)
    .option('--headless', 'a day of history and six hours with faults at full speed; incidents as NDJSON')
    .option('--faults <n>', 'how many faults (headless)', whole, 5)
    .option('--seed <n>', 'the course of the simulation', whole, 1)
    .option('--port <port>', 'port of the web page', port)
    .option('--no-open', 'do not open the web page in a browser')
    .option('--data <dir>', 'keep state here (default: a new temporary directory)');
  add('replay <dir>', 'the incident job over recorded data at full speed, in event time', text.replay)
    .option('--data <dir>', 'keep state and tables here (default: in a temporary directory, without tables)')
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)');
  add('parse <file...>', 'read log lines of any format; - is stdin', text.parse)
    .option('--service <name>', 'service of lines that name none')
    .option('--timezone <zone>', 'zone of lines that name none (default: UTC)')
    .option('--now <time>', 'for lines without a year or a date (default: when the file was last changed)')
    .option('--config <file>', 'formats and zone (default: millrace.yaml if there is one)');
  add('templates <file>', 'find the template of each message; one bare message per line, - is stdin', text.templates);
  add('query <sql>', 'ask the tables, also while a job is writing them; reading only', text.query)
    .option('--json', 'print rows as NDJSON instead of a table')
    .option('--data <dir>', 'where the tables are (default: millrace in your cache directory)');
}

/** @param {(spec: string, does: string, examples: string) => Command} add */
function addJobs(add) {
  add('new <name>', 'write a job and its passing test into a new folder', text.new);
  add('run <job>', 'run a job until its input ends or a signal stops it', text.run)
    .option('--workers <n>', 'processes; more than one needs Kafka and Redis', whole, 1)
    .option('--inline', 'one process owns every partition, also on Kafka; nothing goes through topics in between')
    .option(
      '--parallelism <n>',
      'partitions of exchanges that are made now (default: those of the largest source)',
      whole,
    )
    .option('--metrics <port>', 'serve /metrics, /healthz and /readyz on this port, or on ADDRESS:PORT', address)
    .option('--data <dir>', 'keep topics, state and tables here (default: millrace in your cache directory)')
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)')
    .option('--no-config', 'no settings, even if there is a millrace.yaml');
  add('lag <job>', 'print how far the workers of a job are behind; needs Kafka', text.lag)
    .option('--json', 'print a partition as a line of NDJSON')
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)')
    .option('--no-config', 'no settings, even if there is a millrace.yaml');
  add('reset <job>', 'forget the state and positions of a job, so that it begins again', text.reset)
    .option('--yes', 'this is meant, and no worker runs')
    .option('--data <dir>', 'where an embedded job keeps them (default: millrace in your cache directory)')
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)')
    .option('--no-config', 'no settings, even if there is a millrace.yaml');
  add('plan <job>', 'print how a job will run: uids, keys, states, exchanges', text.plan)
    .option('--format <format>', 'text, mermaid or json', oneOf('text', 'mermaid', 'json'), 'text')
    .option(
      '--exchange <kind>',
      'inline, as one process runs it, or topic, as workers do',
      oneOf('inline', 'topic'),
      'inline',
    )
    .option('--config <file>', 'settings (default: millrace.yaml if there is one)')
    .option('--no-config', 'no settings, even if there is a millrace.yaml');
}

/** A port of this machine alone, or an address that others can reach. @param {string} text */
function address(text) {
  const at = text.lastIndexOf(':');
  return { host: at < 0 ? '127.0.0.1' : text.slice(0, at).replace(/^\[|\]$/g, ''), port: port(text.slice(at + 1)) };
}

/** @param {Command} millrace @param {Execute} execute */
function adder(millrace, execute) {
  /** @param {string} spec @param {string} does @param {string} examples */
  return (spec, does, examples) => {
    const command = millrace.command(spec).description(does).addHelpText('after', examples);
    return command.action((...given) => {
      const args = given.slice(0, -2).flat();
      return execute(command.name(), args, command.opts());
    });
  };
}

/** One line, whatever the option parser would add. @param {string} message @param {(text: string) => void} write */
function outputError(message, write) {
  write(
    `${message
      .trim()
      .replace(/\s*\n\s*/g, ' ')
      .replace(/^error:/, 'millrace:')}\n`,
  );
}

function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** @param {string} text */
function whole(text) {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** @param {string} text */
function port(text) {
  const number = whole(text);
  if (number > 65_535) throw new InvalidArgumentError('It must be a port number.');
  return number;
}

/** @param {readonly string[]} words @returns {(text: string) => string} */
function oneOf(...words) {
  return (text) => {
    if (!words.includes(text)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return text;
  };
}

/** @param {string[]} lines */
const examples = (...lines) => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;

const text = {
  main: `${examples(
    'millrace demo',
    'kubectl logs -f deploy/api | millrace watch -',
    'millrace watch /var/log/app.log',
    'millrace run jobs/error-spikes.ts',
  )}

Data goes to stdout, words to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input.`,
  watch: examples(
    'millrace watch /var/log/app.log /var/log/nginx/*.log',
    'kubectl logs -f deploy/api --prefix | millrace watch - --json',
    'millrace watch yesterday.log.gz --no-follow',
  ),
  demo: examples('millrace demo', 'millrace demo --headless --faults 5 --seed 1 | tail -n 1'),
  replay: examples(
    'millrace replay recorded/',
    'millrace replay recorded/ --data out && millrace query --data out ...',
  ),
  templates: examples(
    'millrace templates messages.txt',
    'millrace parse app.log | jq -r .message | millrace templates - | jq -r .template | sort | uniq -c | sort -rn',
  ),
  parse: examples(
    'millrace parse app.log',
    'zcat old.log.gz | millrace parse - --timezone Europe/Berlin --now 2024-03-01T00:00:00Z | jq \'select(.level == "ERROR")\'',
  ),
  query: examples(
    "millrace query 'SHOW TABLES'",
    "millrace query --json 'SELECT service, opened_at FROM incidents FINAL ORDER BY opened_at DESC LIMIT 5'",
  ),
  new: examples('millrace new slow-queries'),
  run: `${examples(
    'millrace run jobs/error-spikes.ts',
    'millrace run slow-queries/job.ts --metrics 9464 --data ./data',
    'KAFKA_URL=broker:9092 REDIS_URL=redis://store:6379 millrace run jobs/incidents.ts --workers 4 --metrics 9464',
  )}

SIGTERM or SIGINT: commit, deliver, stop. SIGUSR2: replace the workers one after the other.`,
  lag: examples('KAFKA_URL=broker:9092 millrace lag jobs/incidents.ts'),
  reset: examples('millrace reset jobs/error-spikes.ts --yes'),
  plan: examples(
    'millrace plan jobs/error-spikes.ts',
    'millrace plan jobs/error-spikes.ts --format mermaid',
    'millrace plan jobs/incidents.ts --exchange topic',
    'millrace plan jobs/archive.ts --config production.yaml',
  ),
};
