/**
 * Tokens without brackets in a header: numbers, ids, places in the source, names of loggers, threads and programs. A
 * name belongs to the header when its shape or the separator behind it says so; else it may begin the message.
 */
import { levelOfSyslog } from '../levels.ts';
import {
  barCode,
  colonCode,
  isLower,
  isUpper,
  openBracketCode,
  openParenCode,
  skipBlanks,
  spaceCode,
} from '../text.ts';
import { isComplaint, levelWord } from './levels.ts';
import { isThreadName, type Shape, shapeOf } from './shapes.ts';
import type { HeaderState, Verdict } from './state.ts';
import { bareEnd, closingOf, opensRecord, partnerOf } from './tokens.ts';

/** Reads the token between two positions. */
export function bare(state: HeaderState, at: number, end: number): Verdict {
  const { text } = state;
  // A line is not all header.
  if (end === at || end === text.length) return 'message';
  const isColumn = state.separators.kind === 'bar' && state.timeAt < 0;
  state.goOn(end);
  if (state.level === null) {
    const verdict = levelWord(state, at, end);
    if (verdict !== null) return verdict;
  }
  const token = text.slice(at, end);
  const shape = shapeOf(text, at, end);
  const opening = text.charCodeAt(end);
  if (opening === openBracketCode || opening === openParenCode) {
    const verdict = numbered(state, end, token);
    if (verdict !== null) return verdict;
  }
  if (shape === 'word') {
    const column = isColumn ? columnEnd(text, end) : -1;
    if (column < 0) return plainWord(state, token);
    state.goOn(column);
    return 'doubtful';
  }
  const named = state.notes.has('log.logger');
  state.noteShape(shape, token);
  return named && state.separators.kind === 'colon' && isName(shape) ? 'message' : judgeBare(state, shape, token);
}

/** The verdict on a token that is more than letters. */
function judgeBare(state: HeaderState, shape: Shape, token: string): Verdict {
  const kind = state.separators.kind;
  const headed = state.isHeaded();
  const columned = kind === 'gap' || kind === 'bar' || kind === 'dash';
  const separated = columned || kind === 'colon';
  // Fluentd's `kube.cart: {…}`.
  if (kind === 'colon' && headed && shape === 'dotted' && opensRecord(state.text, state.next)) return 'sure';
  if (shape === 'other') return headed && isPidPair(state, token) ? 'doubtful' : 'message';
  switch (shape) {
    case 'number':
    case 'id':
    case 'hex':
    case 'pair':
      return headed && columned ? 'sure' : 'doubtful';
    case 'place':
      return headed && (separated || state.level !== null || kind === 'none') ? 'sure' : 'doubtful';
    case 'dotted':
      if (state.level === null) return headed && columned ? 'sure' : 'doubtful';
      return separated || isClassName(token) ? 'sure' : 'doubtful';
    case 'name':
      if (kind === 'colon' && (isCode(token) || isPlain(token))) return 'message';
      if (state.level === null) return headed && kind === 'gap' ? 'sure' : 'doubtful';
      return separated ? 'sure' : 'doubtful';
    case 'address':
      return 'doubtful';
  }
  return 'message';
}

/** Letters alone: a logger or a thread when a separator says so, else the beginning of a sentence. */
function plainWord(state: HeaderState, token: string): Verdict {
  const { text } = state;
  const named = state.notes.has('log.logger');
  const kind = state.separators.kind;
  if (kind === 'colon' && named && state.level !== null) return 'message';
  if (token === 'in' && named) {
    // Play says `in <thread>`.
    const end = bareEnd(text, state.next, state.next + 64);
    return isThreadName(text.slice(state.next, end)) ? 'doubtful' : 'message';
  }
  state.notes.name(token, false);
  if (kind === 'gap' || kind === 'bar' || kind === 'dash')
    return (state.isHeaded() && kind === 'gap') || state.level !== null ? 'sure' : 'doubtful';
  if (kind === 'colon' && state.level !== null) return isPlain(token) || isComplaint(token) ? 'message' : 'sure';
  if (kind === 'colon' || isThreadName(token)) return 'doubtful';
  return partnerOf(text.charCodeAt(state.next)) !== 0 && !state.isHeaded() ? 'doubtful' : 'message';
}

/** `cart[42]:`, `Shop.Cart[14]`, `Boot.java(12)`: a name with a number behind it; null for anything else. */
function numbered(state: HeaderState, open: number, token: string): Verdict | null {
  const { text } = state;
  const close = closingOf(text, open, open + longestNumber);
  if (close < 0) return null;
  const number = text.slice(open + 1, close);
  const colon = text.charCodeAt(close + 1) === colonCode;
  const shape = shapeOf(text, open + 1, close);
  if (shape === 'dotted' && colon && state.timeAt >= 0) {
    // `app[web.1]:`, one of several processes.
    state.notes.add('process.name', token);
    state.notes.add('process.entity_id', number);
    state.goOn(close + 1);
    return 'sure';
  }
  if (shape !== 'number') return null;
  if (text.charCodeAt(open) === openParenCode && isPriority(state, token, Number(number))) {
    state.goOn(close + 1);
    return 'sure';
  }
  if (text.charCodeAt(open) === openParenCode) state.notes.place(token, number);
  else if (colon || state.level === null) state.notes.program(token, number);
  else state.notes.logger(token, number);
  state.goOn(close + 1);
  return state.isHeaded() && state.separators.kind !== 'blank' ? 'sure' : 'doubtful';
}

/** `Er(03)`, `In(14)`: two letters of a level behind which its priority in syslog stands, as VMware writes it. */
function isPriority(state: HeaderState, token: string, priority: number): boolean {
  if (state.level !== null || priority > highestPriority || severities[priority % 8] !== token) return false;
  state.noteLevel(levelOfSyslog(priority % 8), token);
  return true;
}

const severities = ['Em', 'Al', 'Cr', 'Er', 'Wa', 'No', 'In', 'Db'];
const highestPriority = 191;

/** Where a column of a second word ends, `jvm 1 |`, or -1. */
function columnEnd(text: string, at: number): number {
  const end = bareEnd(text, at + 1, at + 1 + longestNumber);
  const bar = skipBlanks(text, end);
  return text.charCodeAt(at) === spaceCode && bar > end && text.charCodeAt(bar) === barCode ? end : -1;
}

/** `4242-4243`, `4242-4243/com.shop`: a process and its thread, perhaps with the name of what runs. */
function isPidPair({ notes }: HeaderState, token: string): boolean {
  const ids = pidPair.exec(token);
  if (ids === null) return false;
  notes.number(ids[1]!);
  notes.number(ids[2]!);
  return true;
}

const pidPair = /^(\d{1,7})-(\d{1,7})(?:$|\/[a-zA-Z?])/;
const isName = (shape: Shape): boolean => shape === 'name' || shape === 'dotted';

/** `shop.Cart`, `a.b.c`: hardly the first word of a sentence. */
function isClassName(token: string): boolean {
  const dot = token.lastIndexOf('.');
  return isUpper(token.charCodeAt(dot + 1)) || token.includes('::') || token.indexOf('.') < dot;
}

/** `WFLYSRV0055`, `ORA-00942`: capitals and digits are the code of what the message says. */
function isCode(token: string): boolean {
  for (let i = 0; i < token.length; i++) if (isLower(token.charCodeAt(i))) return false;
  return true;
}

/** `plugin/errors`, `usb-hub`: small letters say as much of what is wrong as of who says it. */
function isPlain(token: string): boolean {
  return token === token.toLowerCase() && !token.includes('_');
}

const longestNumber = 24;
