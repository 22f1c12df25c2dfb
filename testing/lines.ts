/** Elements as lines of text that a test can compare. */

import type { Batch, Signal } from '../runtime/circuit/element.ts';
import type { KeySlot } from '../state/entry.ts';
import type { Key } from '../state/key.ts';

/** Record `i` of a batch; `gated` says that keys are slots. */
export function dataLine(batch: Batch, i: number, gated: boolean): string {
  const held = batch.keys?.[i];
  const key = gated ? (held as KeySlot | undefined)?.key : (held as Key | undefined);
  const shown = key === undefined || key === '' ? '' : `${keyLine(key)} `;
  return `${shown}${jsonOf(batch.values[i])} @${batch.times[i]}`;
}

/** A watermark, a barrier or idleness; undefined for other signals. */
export function signalLine(signal: Signal): string | undefined {
  if (signal.kind === 'watermark') return `~${signal.time}`;
  if (signal.kind === 'barrier') return `|${signal.epoch}`;
  return signal.kind === 'idle' ? '~idle' : undefined;
}

/** A value as JSON; bigints with their suffix. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) ?? String(value);

function keyLine(key: Key): string {
  if (typeof key === 'bigint') return `${key}n`;
  return typeof key === 'object' ? `[${key.map(keyLine).join()}]` : String(key);
}
