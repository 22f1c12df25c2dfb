/**
 * Patterns of logback and of log4j 2: conversion words behind `%`, with a width, and options or patterns behind them.
 * What a colour or a width does to a value, reading does not need to know.
 */
import { optional } from '../../layouts/layout.ts';
import { fieldOf, intValue, levelValue, NotUnderstood, partsOf, type Token, textValue, timeValue } from './tokens.ts';

/** What a pattern says. Throws NotUnderstood for a word that is none of those that both know. */
export function javaTokens(written: string): Token[] {
  const text = written
    .trim()
    .replace(/^<pattern>(.*)<\/pattern>$/s, '$1')
    .trim();
  const reader: Reader = { text: unnested(text), at: 0 };
  const tokens = readTokens(reader, '');
  return tokens;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** `${NAME:-default}` is the default where that is a pattern, else a text that the program chooses. */
function unnested(text: string): string {
  let plain = text;
  for (let round = 0; round < maxNesting && plain.includes('${'); round++) {
    plain = plain.replaceAll(/\$?\$\{([^{}:]*(?::(?!-)[^{}:]*)*)(?::-([^{}]*))?\}/g, (_, name: string, other = '') => {
      if (/pid$/i.test(name)) return '%pid';
      if (/pattern|format|exception/i.test(name) || other.includes('%')) return other;
      return /app|service/i.test(name) ? '%X{service.name}' : '%X{}';
    });
  }
  if (plain.includes('${'))
    throw new NotUnderstood(`'${plain.slice(plain.indexOf('${'), plain.indexOf('${') + 30)}'`, 'one that is closed');
  return plain;
}

/** Reads up to the end, or to the bracket that closes a pattern inside. */
function readTokens(reader: Reader, close: string): Token[] {
  const tokens: Token[] = [];
  let text = '';
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined || char === close) break;
    reader.at++;
    if (char === '\\') text += escapes[reader.text[reader.at++] ?? ''] ?? reader.text[reader.at - 1] ?? '';
    else if (char !== '%') text += char;
    else {
      tokens.push(text, ...readWord(reader));
      text = '';
    }
  }
  if (close !== '' && reader.text[reader.at++] !== close)
    throw new NotUnderstood('a pattern that is not closed', `'${close}' behind it`);
  return [...tokens, text];
}

/** What stands behind `%`. */
function readWord(reader: Reader): Token[] {
  const { text, at } = reader;
  const [all, word = ''] = /^-?\d*(?:\.-?\d+)?([A-Za-z]*)/.exec(text.slice(at, at + 80))!;
  reader.at += all.length;
  const written = `%${text.slice(at, at + 30).split(/\s/)[0]}`;
  if (word === '' && text[reader.at] === '%') {
    reader.at++;
    return ['%'];
  }
  if (text[reader.at] === '(' && (word === '' || wordsAround.has(word))) {
    reader.at++;
    return [...readTokens(reader, ')'), ...skipOptions(reader)];
  }
  if (wordsBefore.has(word) && text[reader.at] === '{') {
    reader.at++;
    const inner = readTokens(reader, '}');
    skipOptions(reader);
    return /^(?:vars|variables)?notEmpty$/i.test(word)
      ? [{ written, piece: (stop) => optional(...partsOf(inner, stop)) }]
      : inner;
  }
  const option = readOption(reader);
  skipOptions(reader);
  return [valueNamed(word, option, written)];
}

function valueNamed(word: string, option: string, written: string): Token {
  if (times.has(word)) return timeValue(written);
  if (levels.has(word)) return levelValue(written);
  if (traces.has(word)) return '';
  if (word === 'n') return '\n';
  if (contexts.has(word)) return textValue(written, fieldOf(option.split(':-')[0]!.trim()));
  const field = Object.hasOwn(fields, word) ? fields[word] : undefined;
  if (field !== undefined) return numbers.has(word) ? intValue(written, field) : textValue(written, field);
  throw new NotUnderstood(
    `'${written}'`,
    `a word of logback or log4j, such as %${Object.keys(fields).join(' %')} %d %level %X{KEY}`,
  );
}

/** `{…}` behind a word; a quote or a bracket in it may be nested. */
function readOption(reader: Reader): string {
  const { text, at } = reader;
  if (text[at] !== '{') return '';
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    if (text[end] === '{') depth++;
    else if (text[end] === '}' && --depth === 0) {
      reader.at = end + 1;
      return text.slice(at + 1, end);
    }
  }
  throw new NotUnderstood(`'${text.slice(at, at + 20)}'`, "'}' behind it");
}

function skipOptions(reader: Reader): [] {
  while (reader.text[reader.at] === '{') readOption(reader);
  return [];
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: ' ', _: '' };
const times = new Set(['d', 'date', 'contextBirth']);
const levels = new Set(['p', 'le', 'level']);
const traces = new Set(
  'ex exception throwable rEx rException rThrowable xEx xException xThrowable wEx wex nopex nopexception'.split(' '),
);
const contexts = new Set(['X', 'mdc', 'MDC', 'property', 'K', 'map', 'MAP']);
const numbers = new Set([
  'r',
  'relative',
  'T',
  'tid',
  'threadId',
  'tp',
  'threadPriority',
  'L',
  'line',
  'pid',
  'processId',
  'sn',
  'sequenceNumber',
  'N',
  'nano',
]);
/** Logback's words around a pattern in parentheses, besides those of Spring Boot. */
const wordsAround = new Set(
  (
    'replace highlight clr black red green yellow blue magenta cyan white gray boldRed boldGreen boldYellow boldBlue ' +
    'boldMagenta boldCyan boldWhite'
  ).split(' '),
);
/** Log4j's words before a pattern in braces. */
const wordsBefore = new Set(
  (
    'highlight style replace enc encode maxLen maxLength equals equalsIgnoreCase notEmpty varsNotEmpty ' +
    'variablesNotEmpty black red green yellow blue magenta cyan white'
  ).split(' '),
);
const maxNesting = 8;

/** Values by their words; '' is read over. */
const fields: Readonly<Record<string, string>> = {
  m: 'message',
  msg: 'message',
  message: 'message',
  c: 'log.logger',
  lo: 'log.logger',
  logger: 'log.logger',
  t: 'process.thread.name',
  tn: 'process.thread.name',
  thread: 'process.thread.name',
  threadName: 'process.thread.name',
  T: 'process.thread.id',
  tid: 'process.thread.id',
  threadId: 'process.thread.id',
  tp: '',
  threadPriority: '',
  C: 'log.origin.class',
  class: 'log.origin.class',
  fqcn: 'log.origin.class',
  M: 'log.origin.function',
  method: 'log.origin.function',
  F: 'log.origin.file.name',
  file: 'log.origin.file.name',
  L: 'log.origin.file.line',
  line: 'log.origin.file.line',
  l: 'log.origin.location',
  location: 'log.origin.location',
  caller: 'log.origin.location',
  pid: 'process.pid',
  processId: 'process.pid',
  pn: 'process.name',
  processName: 'process.name',
  r: '',
  relative: '',
  x: 'log.context',
  NDC: 'log.context',
  cn: 'log.context',
  contextName: 'log.context',
  marker: 'log.marker',
  markerSimpleName: 'log.marker',
  sn: 'event.sequence',
  sequenceNumber: 'event.sequence',
  N: '',
  nano: '',
  u: 'event.id',
  uuid: 'event.id',
  kvp: 'log.pairs',
};
