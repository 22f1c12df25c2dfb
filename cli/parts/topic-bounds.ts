/**
 * Keeps topics in a directory of one process from growing forever. Their records have the times of events, so a time
 * of retention would drop what an old recording just wrote; they are bounded by their number instead. Dead letters and
 * incidents stand in tables as well, which keep them by time.
 */
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { deadLetterTopic } from '../../runtime/commit/own-tables.ts';
import type { Topics } from '../../topics/topics.ts';

/** So many records may be there, of which the newer half is kept when there are more. */
const most = 20_000;
const limit = { maxRecords: 1_000, maxBytes: 4 << 20 };

/** Trims the dead letters of a job. */
export const boundDeadLetters = (topics: Topics, job: string): Promise<void> =>
  bound(topics, deadLetterTopic(job), async (_, end) => end);

/** Trims the topic of incidents; the last event of each that is not over stays, and with it what came later. */
export const boundIncidents = (topics: Topics): Promise<void> => bound(topics, 'incidents', oldestUnresolved);

/** `needed`: the offset from which on all records must stay. */
async function bound(topics: Topics, name: string, needed: typeof oldestUnresolved): Promise<void> {
  if ((await topics.describe(name)) === undefined) return;
  const { begin, end } = await topics.range(name, 0);
  if (end - begin <= most) return;
  const before = Math.min(end - most / 2, await needed(topics, end));
  if (before > begin) await topics.trim(name, 0, before);
}

async function oldestUnresolved(topics: Topics, end: number): Promise<number> {
  const last = new Map<string, number>();
  let { begin: offset } = await topics.range('incidents', 0);
  while (offset < end) {
    const batch = await topics.fetch({ topic: 'incidents', partition: 0 }, offset, limit);
    if (batch === undefined) break;
    for (let i = 0; i < batch.length; i++) {
      if (batch.starts[i]! < 0) continue;
      const { data } = JSON.parse(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i])) as CloudEvent;
      if (data.event === 'resolved') last.delete(data.incident_id);
      else last.set(data.incident_id, batch.offsets[i]!);
    }
    offset = batch.nextOffset;
  }
  return Math.min(end, ...last.values());
}
