/**
 * `millrace plan`: prints how a job will run: uids, keys, states, stages and exchanges.
 */
import { describe, planMermaid, planText } from '../../graph/describe.ts';
import { loadJob } from '../run/load-job.ts';
import { type ConfigOption, configFile } from '../settings/config-file.ts';
import { Output } from '../terminal.ts';

/** Options of `millrace plan`. */
export interface PlanOptions {
  readonly format: 'text' | 'mermaid' | 'json';
  /** Through topics, as workers share a job; in one process otherwise. */
  readonly exchange: 'inline' | 'topic';
  readonly config?: ConfigOption;
}

/** Prints how a job will run. */
export async function execute([path]: readonly string[], { format, exchange, config }: PlanOptions): Promise<void> {
  const description = describe(await loadJob(path!, configFile(config)), exchange);
  const output = new Output();
  if (format === 'json') output.line(JSON.stringify(description, null, 2));
  else output.line(format === 'mermaid' ? planMermaid(description) : planText(description));
  await output.flush();
}
