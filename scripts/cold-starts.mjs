/**
 * How well incidents are found by a product that has just been started: `node scripts/cold-starts.mjs --data DIR`. Of the
 * recorded days below DIR/nezha twelve parts of four segments each are cut, as `faults.json` has them, and each is
 * replayed with nothing known before; replay_eval.py in the folder `evals` beside DIR scores it. Prints a line for each
 * and a SUMMARY of all. `--show` prints every fault too.
 */
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';

const options = {
  data: { type: 'string' },
  starts: { type: 'string', default: '12' },
  segments: { type: 'string', default: '4' },
  show: { type: 'boolean', default: false },
};
const { values } = parseArgs({ options });
if (values.data === undefined) {
  process.stderr.write('usage: node scripts/cold-starts.mjs --data DIR [--starts 12] [--segments 4] [--show]\n');
  process.exit(2);
}
const data = resolve(values.data);
const length = Number(values.segments);
const command = join(dirname(fileURLToPath(import.meta.url)), '..', 'cli', 'bin.mjs');

/** When a record was made, in milliseconds; a record that can't be read belongs where the one before does. */
const timeOf = {
  logs: (record) => record['@timestamp'] * 1_000,
  metrics: (record) => Date.parse(record.timestamp),
  spans: (record) => Date.parse(record.start),
};

/** Every part that may be cut: a day, and its first segment. */
function possibleStarts() {
  const nezha = join(data, 'nezha');
  const days = existsSync(nezha) ? readdirSync(nezha).filter((day) => existsSync(join(nezha, day, 'faults.json'))) : [];
  return days.sort().flatMap((day) => {
    const dir = join(nezha, day);
    const truth = JSON.parse(readFileSync(join(dir, 'faults.json'), 'utf8'));
    const firsts = Math.max(0, truth.segments.length - length + 1);
    return Array.from({ length: firsts }, (_, first) => ({ day, dir, truth, first }));
  });
}

/** So many of them, evenly spread. */
function chosen(all) {
  const count = Math.min(Number(values.starts), all.length);
  return Array.from(
    { length: count },
    (_, i) => all[count === 1 ? 0 : Math.round((i * (all.length - 1)) / (count - 1))],
  );
}

/** What of the truth lies in the segments from `first` on. */
function truthOf({ truth, first }) {
  const segments = truth.segments.slice(first, first + length);
  const isIn = ({ inject_time: time }) =>
    segments.some(
      ({ start, end }) => Date.parse(time) >= Date.parse(start) - 5_000 && Date.parse(time) <= Date.parse(end),
    );
  return { ...truth, segments, faults: truth.faults.filter(isIn) };
}

/** Copies the records of a kind that lie in the segments. */
async function cut(kind, from, { dir, segments }) {
  const [path] = [`${kind}.ndjson`, `${kind}.ndjson.gz`].map((name) => join(from, name)).filter(existsSync);
  if (path === undefined) return;
  const [begin, end] = [Date.parse(segments[0].start) - 5_000, Date.parse(segments.at(-1).end) + 5_000];
  const stream = createReadStream(path);
  const lines = createInterface({ input: path.endsWith('.gz') ? stream.pipe(createGunzip()) : stream });
  const out = createWriteStream(join(dir, `${kind}.ndjson`));
  let at = 0;
  for await (const line of lines) {
    try {
      at = timeOf[kind](JSON.parse(line)) || at;
    } catch {
      // It goes where the one before went.
    }
    if (at >= begin && at <= end && !out.write(`${line}\n`)) await new Promise((drained) => out.once('drain', drained));
  }
  await finished(out.end());
}

function scored(dir) {
  const env = { ...process.env, MILLRACE: `${process.execPath} ${command}` };
  const evaluator = join(dirname(data), 'evals', 'replay_eval.py');
  const { stdout, stderr } = spawnSync('python3', [evaluator, dir], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const summary = stdout?.split('\n').findLast((line) => line.startsWith('SUMMARY ')) ?? '';
  const figure = (name) => Number(new RegExp(`${name}=([\\d.]+)`).exec(summary)?.[1] ?? Number.NaN);
  if (summary === '') throw new Error((stderr || stdout || 'python3 is missing').trim().split('\n').at(-1));
  const faults = figure('faults');
  const [hits, right] = [figure('recall') * faults, figure('AS@1') * faults].map((sum) => Math.round(sum) || 0);
  return {
    faults,
    hits,
    right,
    false: figure('false'),
    fragments: figure('fragments'),
    errors: figure('errors'),
    stdout,
  };
}

const sum = { faults: 0, hits: 0, right: 0, false: 0, fragments: 0, errors: 0 };
for (const start of chosen(possibleStarts())) {
  const dir = mkdtempSync(join(tmpdir(), 'cold-start-'));
  try {
    const truth = truthOf(start);
    writeFileSync(join(dir, 'faults.json'), JSON.stringify(truth));
    for (const kind of Object.keys(timeOf)) await cut(kind, start.dir, { dir, segments: truth.segments });
    const found = scored(dir);
    for (const name in sum) sum[name] += found[name];
    const shown = Object.keys(sum).map((name) => `${name}=${found[name]}`);
    process.stdout.write(`${start.day} from segment ${start.first}: ${shown.join(' ')}\n`);
    if (values.show) process.stdout.write(`${found.stdout.trimEnd().replace(/^/gm, '  ')}\n`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
const recall = sum.faults === 0 ? 0 : sum.hits / sum.faults;
const figures = Object.entries(sum).map(([name, value]) => `${name}=${value}`);
process.stdout.write(`SUMMARY cold-starts ${figures.join(' ')} recall=${recall.toFixed(4)} PASS\n`);
