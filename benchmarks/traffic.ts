/**
 * Speed of the demo's traffic: a day of it in batches of ten seconds, on one core. The second figure includes the
 * encoding of the text as bytes, which a consumer that writes it needs.
 *
 *     node --import tsx benchmarks/traffic.ts [linesPerSecond] [hours]
 */

import { traffic } from '../demo/traffic.ts';

const linesPerSecond = Number(process.argv[2] ?? 40);
const hours = Number(process.argv[3] ?? 24);
const start = Date.UTC(2024, 5, 5);

for (const encode of [false, true]) {
  const shop = traffic({ seed: 1, start, faults: [], linesPerSecond });
  const began = performance.now();
  const cpu = process.cpuUsage();
  let lines = 0;
  let bytes = 0;
  for (let until = start + 10_000; until <= start + hours * 3_600_000; until += 10_000) {
    const batch = shop.next(until);
    lines += batch.lines.length;
    if (encode) bytes += Buffer.from(batch.lines.join('\n')).length;
  }
  const took = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const perMillion = ((user + system) / lines).toFixed(2);
  const rate = `${Math.round(lines / took).toLocaleString('en')} lines/s, ${perMillion} CPU-s per million`;
  const size = encode ? `, ${(bytes / lines).toFixed(0)} bytes a line, encoded` : ', as strings';
  console.log(`${lines.toLocaleString('en')} lines in ${took.toFixed(1)} s: ${rate}${size}`);
}
