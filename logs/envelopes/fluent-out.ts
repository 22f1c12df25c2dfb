/**
 * Records as Fluentd and Fluent Bit write them to their own output or to files: a time, a tag and the record,
 * `2026-01-29 08:51:24 +0000 kube.cart: {…}` or with tabs between, `[0] kube.cart: [1769676684.967, {…}]` or with
 * metadata beside the time.
 */
import {
  closeBraceCode,
  closeBracketCode,
  colonCode,
  dotCode,
  isDigit,
  isWordCode,
  minusCode,
  openBraceCode,
  openBracketCode,
  skipBlanks,
  slashCode,
  spaceCode,
  tabCode,
  trimmedEnd,
  underscoreCode,
} from '../text.ts';
import { noteField, type TextEnvelope, type Wrapping } from './envelope.ts';

export const fluentOut: TextEnvelope = {
  name: 'fluent_out',
  open: (line, wrapping) => {
    const end = trimmedEnd(line, 0);
    const last = line.charCodeAt(end - 1);
    if (last === closeBraceCode && isDigit(line.charCodeAt(0))) return fluentd(line, end, wrapping);
    const isNumbered = last === closeBracketCode && line.charCodeAt(0) === openBracketCode;
    return isNumbered && isDigit(line.charCodeAt(1)) ? fluentBit(line, end, wrapping) : null;
  },
};

function fluentd(line: string, end: number, wrapping: Wrapping): string | null {
  const { scanner } = wrapping;
  if (!scanner.scan(line, 0) || !scanner.zoned || scanner.epoch) return null;
  const { ms, nanos } = scanner;
  const tag = skipBlanks(line, scanner.end);
  const open = behindTag(line, tag);
  if (open < 0 || line.charCodeAt(open) !== openBraceCode || !holdsLine(line, open)) return null;
  note(line, { tag, ms, nanos }, wrapping);
  return line.slice(open, end);
}

function fluentBit(line: string, end: number, wrapping: Wrapping): string | null {
  const close = line.indexOf('] ');
  const open = close < 0 || close > longestNumber ? -1 : behindTag(line, close + 2);
  if (open < 0 || line.charCodeAt(open) !== openBracketCode) return null;
  const time = line.charCodeAt(open + 1) === openBracketCode ? open + 2 : open + 1;
  const record = line.indexOf(', {"', time);
  if (record < 0 || !holdsLine(line, record) || !wrapping.scanner.scan(line, time)) return null;
  const { ms, nanos } = wrapping.scanner;
  note(line, { tag: close + 2, ms, nanos }, wrapping);
  return line.slice(record + 2, end - 1);
}

/** Where a record begins behind a tag and a colon or a tab, or -1. */
function behindTag(line: string, at: number): number {
  let end = at;
  while (isTagCode(line.charCodeAt(end))) end++;
  if (end === at) return -1;
  if (line.charCodeAt(end) === tabCode) return end + 1;
  return line.charCodeAt(end) === colonCode && line.charCodeAt(end + 1) === spaceCode ? end + 2 : -1;
}

/** Whether a record has a line under one of the keys that shippers use; others are what a program says of something. */
const holdsLine = (line: string, from: number): boolean =>
  line.includes('"log":', from) || line.includes('"message":', from) || line.includes('"MESSAGE":', from);

function note(line: string, found: { tag: number; ms: number; nanos: number }, wrapping: Wrapping): void {
  let end = found.tag;
  while (isTagCode(line.charCodeAt(end))) end++;
  wrapping.ms = found.ms;
  wrapping.nanos = found.nanos;
  noteField('fluent.tag', line.slice(found.tag, end), wrapping);
}

const isTagCode = (code: number): boolean =>
  isWordCode(code) || code === dotCode || code === minusCode || code === underscoreCode || code === slashCode;

const longestNumber = 12;
