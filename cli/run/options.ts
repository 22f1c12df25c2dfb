/**
 * The options of `millrace run`, as the command line hands them to each way of running a job.
 */
import type { Address } from '../http-server.ts';
import type { ConfigOption } from '../settings/config-file.ts';

/** Options of `millrace run`. */
export interface RunOptions {
  readonly workers: number;
  readonly inline?: boolean;
  readonly parallelism?: number;
  readonly metrics?: Address;
  readonly data?: string;
  readonly config?: ConfigOption;
}
