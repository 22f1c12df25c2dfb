/**
 * Whether a line that reads as syslog is syslog. `2026-01-29T08:51:24Z web-1 cart: no stock` looks no different from
 * `2026-01-29T08:51:24Z Connecting to: db`, so that without a process id, a priority or a time as only syslog writes
 * it, the other lines of the source must have named the host, or have had the same word in its place.
 *
 * State: per source the host.
 */
import { hasSyslogTime, hasTimeOfRelay, looksLikeHost } from '../layouts/syslog-header.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { SourceMemory } from '../source-memory.ts';

/** What is known of the host of a source. Plain JSON. */
export interface KnownHost {
  /** The host by lines that are beyond doubt; '' when there was none. */
  sure: string;
  /** The word in its place in the last line that is not, and in how many in a row. */
  guess: string;
  times: number;
}

/** Remembers the hosts of sources. */
export class HostEvidence {
  readonly memory = new SourceMemory<KnownHost>();

  /** Whether a line that read as syslog, as `log`, names a host and a program. */
  supports(log: ParsedLog, text: string, source: string): boolean {
    const { 'host.hostname': name, 'process.pid': pid, 'process.name': program } = log.parsed_fields;
    if (typeof name !== 'string' || typeof program !== 'string') return true;
    const isSure = pid !== undefined || hasSyslogTime(text);
    let known = this.memory.get(source);
    if (known === undefined) this.memory.set(source, (known = { sure: '', guess: '', times: 0 }));
    if (isSure) {
      if (known.sure !== name) this.memory.hasLearnt = true;
      known.sure = name;
      return true;
    }
    if (known.sure === name || (hasTimeOfRelay(text) && isLowerCase(name) && isLowerCase(program))) return true;
    if (known.guess !== name || known.times <= convincing) this.memory.hasLearnt = true;
    if (known.guess === name) known.times++;
    else [known.guess, known.times] = [name, 1];
    return known.times > convincing && looksLikeHost(name, 0, name.length);
  }
}

const isLowerCase = (word: string): boolean => word === word.toLowerCase();

/** Lines in a row with one word in the place of the host, after which it is one. */
const convincing = 3;
