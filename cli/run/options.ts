import type { ConfigOption } from '../settings/config-file.ts';
import type { Address } from './metrics-server.ts';

/** Options of `millrace run`. */
export interface RunOptions {
  readonly workers: number;
  readonly inline?: boolean;
  readonly parallelism?: number;
  readonly metrics?: Address;
  readonly data?: string;
  readonly config?: ConfigOption;
}
