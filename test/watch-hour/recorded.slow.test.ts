/**
 * The hour without waiting: the files of twelve minutes are written at once and read to their end. Screens aside, the
 * judge is the same.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { minutes } from '../../time/duration.ts';
import { millrace, objects } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { LogFiles } from './files.ts';
import { judge } from './judge.ts';
import { planOf, settingsOf, yamlOf } from './plan.ts';
import { report } from './report.ts';
import { newTruth } from './truth.ts';
import { panesOf } from './watcher.ts';

test('of files that are there already every event is true, and every line is counted', async () => {
  const directory = emptyDirectory();
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  const [plan, settings] = [planOf(minutes(12), minutes(15)), settingsOf(minutes(12))];
  writeFileSync(join(directory, 'millrace.yaml'), yamlOf(settings));
  const truth = newTruth(plan, { seed: 2, start: Date.parse('2026-03-02T10:00:00Z'), settings });
  new LogFiles(logs, { plan, truth }).writeUntil(truth.start + truth.length);
  const files = readdirSync(logs).map((name) => join(logs, name));
  const options = ['--data', join(directory, 'data'), '--config', join(directory, 'millrace.yaml')];
  const { out, err, code } = await millrace(['watch', ...files, '--no-follow', '--json', ...options]);
  expect(code).toBe(0);
  const events = objects(out) as unknown as IncidentEvent[];
  const verdicts = judge(truth, { samples: [], events, panes: await panesOf(directory), ends: [err] });
  const { text, isTrue } = report(verdicts);
  expect(isTrue, text).toBe(true);
}, 180_000);
