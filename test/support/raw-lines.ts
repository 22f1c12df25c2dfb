/** Lines of a made-up shop over a morning, as the incident job reads them. */
import type { RawLine } from '../../logs/lines/raw-line.ts';
import { seconds, type Time } from '../../time/duration.ts';

/** The morning on which these stories happen. */
export const morning: Time = Date.UTC(2025, 2, 4, 8);

/** A line as pino writes it, `at` seconds into the morning. */
export function jsonLine(service: string, at: number, level: 'info' | 'error', msg: string): RawLine {
  const time = morning + seconds(at);
  return { line: JSON.stringify({ level, time, service, msg }), source: `${service}/pod-1`, time };
}

/** A line of each service every second, an error of each every 50 seconds; `fails` says who fails when. */
export function shop(from: number, until: number, fails: (service: string, at: number) => boolean = () => false) {
  const lines: RawLine[] = [];
  for (let at = from; at < until; at++) {
    ['cart', 'user', 'payment'].forEach((service, i) => {
      const bad = fails(service, at) || (at + 7 * i) % 50 === 0;
      lines.push(jsonLine(service, at, bad ? 'error' : 'info', bad ? `order ${at} failed` : `order ${at} done`));
    });
  }
  return lines;
}
