/**
 * Rules for the keys of structured logs: which role a key plays, by which ECS name it goes otherwise, and what it says
 * about the logger. A key is looked up as it is written, then without case and signs (keys.ts), then without the
 * objects around it that only hold the record. Each is worked out once and remembered.
 */
import type { Dialect, Role } from '../formats/format.ts';
import {
  alsoFields,
  elsewhere,
  endings,
  hintOf,
  hints,
  holders,
  keysOf,
  looseHolders,
  looseLevels,
  names,
  plainKey,
  requestNames,
} from './keys.ts';

/** What to do with a key. */
export interface Rule {
  readonly role: Role | null;
  /** Among keys with one role the smallest wins whose value can play it. */
  readonly rank: number;
  /** The field's name when the key plays no role. */
  readonly name: string;
  /** The field's name in a record about a request, or ''. */
  readonly requestName: string;
  /** Whether the value is a field even if it plays the role. */
  readonly kept: boolean;
  /** Whether a level must be a word that hardly means anything else. */
  readonly loose: boolean;
  /** The key without case, signs and what holds it. */
  readonly plain: string;
  /** Bits of `hints`. */
  readonly hint: number;
}

/** Looks up rules for the keys of one dialect; unknown keys are worked out once and remembered. */
export type Rules = (key: string) => Rule;

/**
 * The rules of a dialect, or the usual ones.
 *
 * @example
 * rulesOf(null)('logger_name').name // => 'log.logger'
 * rulesOf(null)('mdc.traceId').role // => 'trace'
 * rulesOf(null)('@Level').role // => 'level'
 * rulesOf(null)('basket').name // => 'basket'
 */
export function rulesOf(dialect: Dialect | null): Rules {
  const known = new Map<string, Rule>();
  for (const [key, name] of Object.entries(dialect?.renames ?? {})) known.set(key, ruleOf(key, { name }));
  for (const [key, role] of Object.entries(dialect?.roles ?? {})) known.set(key, ruleOf(key, { role, rank: -1 }));
  const fixed = known.size;
  return (key) => {
    let rule = known.get(key);
    if (rule === undefined) {
      rule = derive(key);
      if (known.size < fixed + maxLearnt && key.length <= maxKeyLength) known.set(key, rule);
    }
    return rule;
  };
}

function ruleOf(key: string, parts: Partial<Rule>): Rule {
  const plain = parts.plain ?? plainKey(key);
  // An object would take `__proto__` for something else and lose the value.
  const name = key === '__proto__' ? '(__proto__)' : key;
  const rule = { role: null, rank: 0, name, requestName: '', kept: false, loose: false, plain, hint: 0, ...parts };
  return {
    ...rule,
    hint: (Object.hasOwn(hintOf, plain) ? hintOf[plain]! : 0) | hintOfName(rule.name, rule.requestName),
  };
}

function hintOfName(name: string, requestName: string): number {
  if (name.startsWith('error.')) return hints.error | (name === 'error.stack_trace' ? hints.stack : 0);
  return name.startsWith('http.') || name === 'url.original' || requestName !== '' ? hints.request : 0;
}

function derive(key: string): Rule {
  if (key.length > maxKeyLength || ecsNames.has(key)) return ruleOf(key, { plain: '' });
  const whole = plainKey(key);
  const found = lookUp(key, whole);
  if (found !== null) return found;
  let rest = key;
  let loose = false;
  for (let depth = 1; depth <= maxHolders; depth++) {
    const dot = rest.indexOf('.');
    if (dot < 0) break;
    const part = rest.slice(0, dot);
    const holder = plainKey(part);
    const held = looseHolders.has(holder);
    // What was found by Elasticsearch; without its sign the word says where something is from.
    if (!held && !holders.has(holder) && part !== '_source') break;
    loose ||= held;
    rest = rest.slice(dot + 1);
    const inner = lookUp(key, plainKey(rest));
    if (inner === null) continue;
    if (loose && !isSure(inner)) break;
    return { ...inner, rank: inner.rank + (loose ? 1000 : 0) + depth * 100 };
  }
  return byEnding(key, whole);
}

/** Whether a key means the same in an object that also holds what the event is about. */
function isSure(rule: Rule): boolean {
  return rule.role === null ? rule.name.startsWith('error.') : rule.role !== 'time' && !rule.loose;
}

function lookUp(key: string, plain: string): Rule | null {
  const ranked = ranks.get(plain);
  const requestName = own(requestNames, plain) ?? '';
  if (ranked !== undefined) {
    const loose = looseLevels.has(plain);
    return ruleOf(key, { ...ranked, plain, requestName, loose, kept: loose || alsoFields.has(plain) });
  }
  const name = own(names, plain);
  if (name !== undefined) return ruleOf(key, { name, plain });
  return requestName === '' ? null : ruleOf(key, { plain, requestName });
}

/** Ids hide under many prefixes (`mdc.`, `otel`, `dd.`, `X-B3-`), and so do statuses and times. */
function byEnding(key: string, plain: string): Rule {
  if (plain.endsWith('traceid')) return ruleOf(key, { role: 'trace', rank: key.length, plain });
  if (plain.endsWith('spanid') && !plain.includes('parent'))
    return ruleOf(key, { role: 'span', rank: key.length, plain });
  if (plain.endsWith('timestamp')) return ruleOf(key, { role: 'time', rank: 1000, plain, kept: true });
  if (unitTime.test(plain) && !Object.hasOwn(hintOf, plain)) return ruleOf(key, { role: 'time', rank: 900, plain });
  if (!elsewhere.test(plain)) {
    for (const [ending, name] of endings) if (plain.endsWith(ending)) return ruleOf(key, { name, plain });
  }
  return ruleOf(key, { plain });
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const ranks = new Map<string, { readonly role: Role; readonly rank: number }>();
for (const [role, keys] of Object.entries(keysOf) as [Role, readonly string[]][])
  for (const [rank, key] of keys.entries()) ranks.set(key, { role, rank });

/** Names of the Elastic Common Schema that would be taken for something else without their dots. */
const ecsNames: ReadonlySet<string> = new Set(['host.name', 'process.name', 'url.path', 'log.logger', 'event.type']);

/** `tsNs`, `timeMs`, `log_epoch_micros`: a time and its unit; only a value that can be one is taken for it. */
const unitTime =
  /^(?:event|log|record)?(?:ts|time|timestamp|epoch)(?:in)?(?:[nuµm]s|nanos?|micros?|millis?|(?:nano|micro|milli)?sec(?:ond)?s?|utc)$/;

/** Keys come from outside: a sender of ever new ones must not fill the memory. */
const maxLearnt = 4096;
const maxKeyLength = 128;
/** Deeper, an object is more likely what the event is about. */
const maxHolders = 4;
