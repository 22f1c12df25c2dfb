/** Follows the files of a directory, as many as there are, and prints how many lines it has read of them. */
import { join } from 'node:path';
import { openFiles } from '../../../connectors/files/reader.ts';
import { systemClock } from '../../../time/clock.ts';

const reader = openFiles({ patterns: [join(process.argv[2]!, '*.log')], follow: true, clock: systemClock });
let lines = 0;
for (const split of await reader.splits()) {
  const batch = await reader.poll(split, reader.start(split), { maxRecords: 100, maxBytes: 1 << 16 });
  lines += batch?.length ?? 0;
}
console.log(lines);
