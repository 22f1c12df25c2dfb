/**
 * The level behind a number. The scales of loggers overlap (300 is a warning to Monolog and information to Google, 3 an
 * error to syslog and information to .NET), so the key or the other keys of the record must say whose it is; a number
 * on no known scale has no level.
 */
import {
  type Level,
  levelOfGoogle,
  levelOfLogback,
  levelOfMonolog,
  levelOfOtel,
  levelOfPino,
  levelOfPython,
  levelOfSyslog,
} from '../levels.ts';
import { hints } from './keys.ts';

/**
 * The level of a number under a key as `plainKey` makes it, in a record whose keys gave these hints.
 *
 * @example
 * levelOfNumber(30, 'level', 0) // => 'INFO'
 * levelOfNumber(400, 'level', hints.monolog) // => 'ERROR'
 * levelOfNumber(3, 'level', hints.syslog) // => 'ERROR'
 * levelOfNumber(3, 'level', 0) // => null
 */
export function levelOfNumber(value: number, key: string, found: number): Level | null {
  if (!Number.isInteger(value) || value < 0) return null;
  if (key.endsWith('severitynumber')) return levelOfOtel(value);
  if (key.includes('syslog') || key === 'priority' || key === 'prio') return levelOfSyslog(value);
  // Only syslog calls its numbers severities and counts from 0 to 7.
  if (key === 'severity' && value < 8 && !has(found, hints.python)) return levelOfSyslog(value);
  if (value >= 1000) return value <= 60_000 ? levelOfLogback(value) : null;
  if (value >= 100) return levelOfHundreds(value, key, found);
  if (value >= 10) return has(found, hints.python) ? levelOfPython(value) : value < 70 ? levelOfPino(value) : null;
  return levelOfDigit(value, key, found);
}

function levelOfHundreds(value: number, key: string, found: number): Level | null {
  if (value > 800 || value % 50 !== 0) return null;
  if (has(found, hints.monolog)) return value <= 600 ? levelOfMonolog(value) : null;
  if (key.includes('severity')) return levelOfGoogle(value);
  // Without a sign of Monolog the worst it can be is an error.
  return value <= 400 ? levelOfMonolog(value) : value <= 600 ? 'ERROR' : null;
}

function levelOfDigit(value: number, key: string, found: number): Level | null {
  if (has(found, hints.syslog)) return levelOfSyslog(value);
  if (has(found, hints.python)) return levelOfPython(value);
  if (has(found, hints.remoteAddress | hints.requestId)) return nextcloud[value] ?? null;
  if (has(found, hints.windows | hints.eventId)) return windows[value] ?? null;
  if (has(found, hints.table) && levelNames.has(key)) return levelOfSyslog(value);
  if (key === 'severitylevel') return insights[value] ?? null;
  if (key !== 'loglevel') return null;
  return (has(found, hints.eventId) ? dotnet : has(found, hints.source) ? lager : [])[value] ?? null;
}

const has = (found: number, wanted: number): boolean => (found & wanted) === wanted;

/** What a table of an appliance calls a column of severities. */
const levelNames = new Set(['level', 'loglevel', 'lvl', 'sev']);

/** Azure's Application Insights. */
const insights: readonly Level[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'];
const nextcloud: readonly Level[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lager: readonly Level[] = ['DEBUG', 'INFO', 'ERROR', 'FATAL'];
const dotnet: readonly Level[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'];
/** Windows' event log counts from 1; 0 is what is always logged. */
const windows: readonly Level[] = ['INFO', 'CRITICAL', 'ERROR', 'WARN', 'INFO', 'DEBUG'];
