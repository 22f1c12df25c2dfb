/**
 * `npm run watch-hour`: an hour of `millrace watch` on a stream with known truth, judged statement by statement.
 * `--minutes 12` shortens it, `--seed 2` is another hour, `--directory DIR` keeps everything there, `--judge DIR` judges
 * what was kept once more. Ends with 1 if a statement was false.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
// @ts-expect-error scripts are plain JavaScript, because they run before anything is installed.
import { claimPort } from '../../scripts/ports.mjs';
import { systemClock } from '../../time/clock.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { LogFiles } from './files.ts';
import { judge } from './judge.ts';
import { planOf, settingsOf, yamlOf } from './plan.ts';
import { addSample, readRun, writeRest } from './recording.ts';
import { report } from './report.ts';
import { newTruth } from './truth.ts';
import { eventsOf, panesOf, Watcher } from './watcher.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    directory: { type: 'string' },
    judge: { type: 'string' },
  },
});
const say = (text: string) =>
  process.stderr.write(`${new Date(systemClock.now()).toISOString().slice(11, 19)}  ${text}\n`);
/** How often the screen is looked at, and how often lines are written. */
const lookEvery = seconds(5);
const tick = 200;
/** What the files hold when the watcher is started. */
const history = minutes(30);
/** From the last line to the end of the watcher: every pane is closed by then. */
const afterwards = seconds(45);

async function watched(directory: string): Promise<void> {
  const length = minutes(Number(values.minutes));
  const [plan, settings] = [planOf(length, history), settingsOf(length)];
  mkdirSync(join(directory, 'logs'), { recursive: true });
  writeFileSync(join(directory, 'millrace.yaml'), yamlOf(settings));
  const start = Math.ceil(systemClock.now() / 1_000) * 1_000;
  const truth = newTruth(plan, { seed: Number(values.seed), start, settings });
  const logs = new LogFiles(join(directory, 'logs'), { plan, truth });
  logs.writeUntil(start);
  const watcher = new Watcher({ directory, port: await claimPort() });
  const ends: string[] = [];
  say(`${values.minutes} minutes with seed ${values.seed} in ${directory}`);
  watcher.start();
  let looked = start;
  let restarted = false;
  for (;;) {
    const now = systemClock.now();
    logs.writeUntil(now);
    if (now >= start + length + afterwards) break;
    if (!restarted && now - start >= plan.restartAt) {
      restarted = true;
      say('stops the watcher in the middle of an incident and starts it again');
      const writing = writeOn(logs);
      ends.push(await watcher.stop());
      await systemClock.sleep(seconds(1));
      logs.rotate({ file: plan.renamedMeanwhile, how: 'rename' });
      await systemClock.sleep(seconds(1));
      watcher.start();
      await writing.stop();
    }
    if (watcher.isOver) throw new Error(`the watcher ended by itself: ${await watcher.stop()}`);
    if (now - looked >= lookEvery) {
      looked = now;
      addSample(directory, await watcher.look());
    }
    await systemClock.sleep(tick);
  }
  ends.push(await watcher.stop());
  writeRest(directory, truth, { events: await eventsOf(directory), panes: await panesOf(directory), ends });
}

/** Goes on writing while something else is waited for. */
function writeOn(logs: LogFiles): { stop(): Promise<void> } {
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted) {
      logs.writeUntil(systemClock.now());
      await systemClock.sleep(tick, over.signal);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await writing;
    },
  };
}

const directory = values.judge ?? values.directory ?? mkdtempSync(join(tmpdir(), 'watch-hour-'));
if (values.judge === undefined) await watched(directory);
const { truth, recording } = readRun(directory);
const { text, isTrue } = report(judge(truth, recording));
process.stdout.write(`${text}\n`);
say(`kept in ${directory}; judge it again with --judge ${directory}`);
process.exitCode = isTrue ? 0 : 1;
