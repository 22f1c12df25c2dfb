/**
 * Every command as the command line shows it: one entry is all that a new command needs beside `commands/NAME.ts`, which
 * exports what it does as `execute`. Plain JavaScript that imports only the option parser, so that `--help` is quick.
 */
import { InvalidArgumentError } from 'commander';

/**
 * Flags, what the option does, how its value is read (a text by default), and the value without it.
 * @typedef {[flags: string, does: string, read?: (text: string) => unknown, otherwise?: unknown]} OptionLine
 */

/**
 * @typedef {object} CommandLine
 * @property {string} usage The name, which is also that of its module, and its arguments.
 * @property {string} does
 * @property {readonly OptionLine[]} [options]
 * @property {readonly string[]} examples
 * @property {string} [more] What the help says below the examples.
 * @property {boolean} [loadsJob] Whether it imports a job's file, which may be TypeScript.
 */

/** @type {OptionLine} */
const config = ['--config <file>', 'settings (default: millrace.yaml if there is one)'];
/** @type {OptionLine} */
const noConfig = ['--no-config', 'no settings, even if there is a millrace.yaml'];
const inCache = '(default: millrace in your cache directory)';

/** @type {readonly CommandLine[]} */
export const commands = [
  {
    usage: 'watch <file...>',
    does: 'find incidents in any logs as they grow; - is stdin',
    options: [
      ['--json', 'print lifecycle events as NDJSON (the default when stdout is not a terminal)'],
      ['--no-follow', 'stop at the end of the files'],
      ['--console', 'serve the web page'],
      ['--port <port>', 'port of the web page', port],
      ['--changes <file>', 'deployments and other changes as NDJSON, followed as it grows'],
      ['--spans <file>', 'spans of traces as NDJSON, OpenTelemetry or Zipkin, followed as it grows'],
      ['--metrics <file>', 'points of metrics as NDJSON, OpenTelemetry or StatsD, followed as it grows'],
      [
        '--alerts <file>',
        'alerts of other systems as NDJSON, as Alertmanager and others send them, followed as it grows',
      ],
      ['--service <name>', 'service of lines that name none'],
      ['--timezone <zone>', 'zone of lines that name none (default: UTC)'],
      ['--data <dir>', 'keep state here (default: in your cache directory, apart for each set of files)', directory],
      config,
    ],
    examples: [
      'millrace watch /var/log/app.log /var/log/nginx/*.log',
      'kubectl logs -f deploy/api --prefix | millrace watch - --json',
      'millrace watch yesterday.log.gz --no-follow',
    ],
    more: 'Named again, the same files are read on from where they were left; a stream always begins again.',
  },
  {
    usage: 'demo',
    does: 'the incident job on a simulated shop with injected faults',
    options: [
      ['--headless', 'a week of history and six hours with faults at full speed; incidents as NDJSON'],
      ['--faults <n>', 'how many faults (headless)', whole, 5],
      ['--seed <n>', 'the course of the simulation', whole, 1],
      ['--port <port>', 'port of the web page', port],
      ['--no-open', 'do not open the web page in a browser'],
      ['--data <dir>', 'keep state here (default: a new temporary directory)', directory],
    ],
    examples: ['millrace demo', 'millrace demo --headless --faults 5 --seed 1 | tail -n 1'],
  },
  {
    usage: 'replay <dir>',
    does: 'the incident job over recorded data at full speed, in event time',
    options: [
      ['--data <dir>', 'keep state and tables here (default: in a temporary directory, without tables)', directory],
      config,
    ],
    examples: ['millrace replay recorded/', 'millrace replay recorded/ --data out && millrace query --data out ...'],
  },
  {
    usage: 'parse <file...>',
    does: 'read log lines of any format; - is stdin',
    options: [
      ['--service <name>', 'service of lines that name none'],
      ['--timezone <zone>', 'zone of lines that name none (default: UTC)'],
      ['--now <time>', 'for lines without a year or a date (default: when the file was last changed)'],
      ['--config <file>', 'formats and zone (default: millrace.yaml if there is one)'],
      ['--explain', 'print how each file is read in place of its lines: formats, headers, what lacks a time or level'],
      ['--json', 'with --explain: print that as one object'],
    ],
    examples: [
      'millrace parse app.log',
      'millrace parse --explain /var/log/*.log',
      'zcat old.log.gz | millrace parse - --timezone Europe/Berlin --now 2024-03-01T00:00:00Z | jq \'select(.level == "ERROR")\'',
    ],
  },
  {
    usage: 'templates <file>',
    does: 'find the template of each message; one bare message per line, - is stdin',
    examples: [
      'millrace templates messages.txt',
      'millrace parse app.log | jq -r .message | millrace templates - | jq -r .template | sort | uniq -c | sort -rn',
    ],
  },
  {
    usage: 'anomalies <file...>',
    does: 'judge each point of metric series: expected, band, score, and whether a signal is raised; - is stdin',
    examples: [
      'millrace anomalies metrics.ndjson',
      "zcat week.ndjson.gz | millrace anomalies - | jq 'select(.anomalous)'",
    ],
    more: 'A line is {"timestamp": "2026-01-29T08:00:00Z", "service": "cart", "name": "cpu", "value": 0.4}, with "instance" where there are several, and "kind": "counter" where the value rises until a restart.',
  },
  {
    usage: 'query <sql>',
    does: 'ask the tables that jobs write, also while they do: on the server of CLICKHOUSE_URL, else on this machine; reading only',
    options: [
      ['--json', 'print rows as NDJSON instead of a table'],
      [
        '--data <dir>',
        'ask the tables in this directory, also if CLICKHOUSE_URL is set (default: those of the last watch or run without --data)',
        directory,
      ],
    ],
    examples: [
      "millrace query 'SHOW TABLES'",
      "millrace query --json 'SELECT services, started_at, summary FROM incidents FINAL ORDER BY started_at DESC LIMIT 5'",
    ],
  },
  {
    usage: 'new <name>',
    does: 'write a job and its passing test into a new folder',
    examples: ['millrace new slow-queries'],
  },
  {
    usage: 'run <job>',
    does: 'run a job until its input ends or a signal stops it',
    loadsJob: true,
    options: [
      ['--workers <n>', 'processes; more than one needs Kafka and Redis', whole, 1],
      ['--inline', 'one process owns every partition, also on Kafka; nothing goes through topics in between'],
      ['--parallelism <n>', 'partitions of exchanges that are made now (default: those of the largest source)', whole],
      ['--metrics <port>', 'serve /metrics, /healthz and /readyz on this port, or on ADDRESS:PORT', address],
      ['--data <dir>', `keep topics, state and tables here ${inCache}`, directory],
      config,
      noConfig,
    ],
    examples: [
      'millrace run jobs/error-spikes.ts',
      'millrace run slow-queries/job.ts --metrics 9464 --data ./data',
      'KAFKA_URL=broker:9092 REDIS_URL=redis://store:6379 millrace run jobs/incidents.ts --workers 4 --metrics 9464',
    ],
    more: 'SIGTERM or SIGINT: commit, deliver, stop. SIGUSR2: replace the workers one after the other.',
  },
  {
    usage: 'lag <job>',
    does: 'print how far the workers of a job are behind; needs Kafka',
    loadsJob: true,
    options: [['--json', 'print a partition as a line of NDJSON'], config, noConfig],
    examples: ['KAFKA_URL=broker:9092 millrace lag jobs/incidents.ts'],
  },
  {
    usage: 'reset <job>',
    does: 'forget the state and positions of a job, so that it begins again',
    loadsJob: true,
    options: [
      ['--yes', 'confirm it; no worker may be running'],
      ['--data <dir>', `where an embedded job keeps them ${inCache}`, directory],
      config,
      noConfig,
    ],
    examples: ['millrace reset jobs/error-spikes.ts --yes'],
  },
  {
    usage: 'plan <job>',
    does: 'print how a job will run: uids, keys, states, exchanges',
    loadsJob: true,
    options: [
      ['--format <format>', 'text, mermaid or json', oneOf('text', 'mermaid', 'json'), 'text'],
      [
        '--exchange <kind>',
        'inline, as one process runs it, or topic, as workers do',
        oneOf('inline', 'topic'),
        'inline',
      ],
      config,
      noConfig,
    ],
    examples: [
      'millrace plan jobs/error-spikes.ts',
      'millrace plan jobs/error-spikes.ts --format mermaid',
      'millrace plan jobs/incidents.ts --exchange topic',
      'millrace plan jobs/archive.ts --config production.yaml',
    ],
  },
];

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

/** An empty text, which a variable that is not set leaves, would mean the working directory. @param {string} text */
function directory(text) {
  if (text === '') throw new InvalidArgumentError('It must name a directory.');
  return text;
}

/** A port of this machine alone, or an address that others can reach. @param {string} text */
function address(text) {
  const at = text.lastIndexOf(':');
  return { host: at < 0 ? '127.0.0.1' : text.slice(0, at).replace(/^\[|\]$/g, ''), port: port(text.slice(at + 1)) };
}

/** @param {readonly string[]} words @returns {(text: string) => string} */
function oneOf(...words) {
  return (text) => {
    if (!words.includes(text)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return text;
  };
}
