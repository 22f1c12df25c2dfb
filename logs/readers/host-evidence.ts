/**
 * Whether a line that reads as syslog is syslog. `2026-01-29T08:51:24Z web-1 cart: no stock` looks no different from
 * `2026-01-29T08:51:24Z Connecting to: db`, so that without a process id, a priority or a time as only syslog writes
 * it, the other lines of the source must have named the host, or have had the same word in its place.
 *
 * State: per source the host, in two generations as the layouts are (sticky-formats.ts).
 */
import { hasSyslogTime } from '../layouts/syslog-header.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { codeOf, dotCode, isDigit, minusCode } from '../text.ts';

interface Known {
  /** The host by lines that are beyond doubt; '' when there was none. */
  sure: string;
  /** The word in its place in the last line that is not, and in how many in a row. */
  guess: string;
  times: number;
}

/** Remembers the hosts of sources. */
export class HostEvidence {
  #young = new Map<string, Known>();
  #old = new Map<string, Known>();

  /** Whether a line that read as syslog, as `log`, names a host and a program. */
  supports(log: ParsedLog, text: string, source: string): boolean {
    const { 'host.hostname': name, 'process.pid': pid, 'process.name': program } = log.parsed_fields;
    if (typeof name !== 'string' || typeof program !== 'string') return true;
    const isSure = pid !== undefined || hasSyslogTime(text);
    const known = this.#knownOf(source);
    if (isSure) {
      known.sure = name;
      return true;
    }
    if (known.sure === name || (isTimeOfRelay(text) && isLowerCase(name) && isLowerCase(program))) return true;
    if (known.guess === name) known.times++;
    else [known.guess, known.times] = [name, 1];
    return known.times > convincing && looksLikeHost(name);
  }

  #knownOf(source: string): Known {
    let known = this.#young.get(source);
    if (known !== undefined) return known;
    known = this.#old.get(source) ?? { sure: '', guess: '', times: 0 };
    if (this.#young.size >= maxSources) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(source, known);
    return known;
  }
}

/** Whether a line begins with a time as rsyslog writes it to files: with a `T` but without a `Z`. */
function isTimeOfRelay(text: string): boolean {
  if (text.charCodeAt(10) !== letterT) return false;
  const end = text.indexOf(' ');
  return end > 19 && end < 36 && text.charCodeAt(end - 1) !== letterZ;
}

const isLowerCase = (word: string): boolean => word === word.toLowerCase();

/** Whether a word has a digit, a dot or a hyphen inside, as few words of prose do and most names of hosts. */
function looksLikeHost(name: string): boolean {
  for (let at = 1; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (isDigit(code) || code === dotCode || code === minusCode) return true;
  }
  return false;
}

const [letterT, letterZ] = [codeOf('T'), codeOf('Z')];
/** Lines in a row with one word in the place of the host, after which it is one. */
const convincing = 3;
const maxSources = 10_000;
