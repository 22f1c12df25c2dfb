/**
 * Format strings of Python's logging, with `%(name)s` or with `{name}`, as loguru has them, too. Names that neither
 * knows are attributes of the program's own.
 */
import { fraction, joinFractions } from './access.ts';
import {
  decimalValue,
  fieldOf,
  intValue,
  levelValue,
  NotUnderstood,
  type Token,
  textValue,
  timeValue,
} from './tokens.ts';

/** What a format string says. Throws NotUnderstood. */
export function pythonTokens(written: string): Token[] {
  const isBraces = !written.includes('%(');
  const tokens = isBraces ? bracesTokens(written) : percentTokens(written);
  return joinFractions(tokens);
}

/** `%(levelname)-8s` and `%%`. */
function percentTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (let next = text.indexOf('%', at); next >= 0; next = text.indexOf('%', at)) {
    const [all, name] = /^%(?:%|\(([^)]*)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z])/.exec(text.slice(next, next + 120)) ?? [];
    if (all === undefined)
      throw new NotUnderstood(`'${text.slice(next, next + 20)}'`, 'a name and a letter, such as %(message)s');
    tokens.push(text.slice(at, next), name === undefined ? '%' : valueNamed(all, name));
    at = next + all.length;
  }
  return [...tokens, text.slice(at)];
}

/** `{levelname:<8}`, `{extra[order]}`, `{{` and `}}`; what loguru puts into `<…>` are colours. */
function bracesTokens(written: string): Token[] {
  const text = written.replaceAll(/<\/?(?:[a-z]+|[a-z]+ [^<>{}]*)?>/g, '');
  const tokens: Token[] = [];
  let at = 0;
  for (let next = text.search(/[{}]/); next >= 0; ) {
    const [all, name] =
      /^(?:\{\{|\}\}|\{([\w.[\]]+)(?:![a-z])?(?::[^{}]*)?\})/.exec(text.slice(next, next + 160)) ?? [];
    if (all === undefined)
      throw new NotUnderstood(`'${text.slice(next, next + 20)}'`, 'a name in braces, such as {message}');
    tokens.push(text.slice(at, next), name === undefined ? all[0]! : valueNamed(all, name));
    at = next + all.length;
    const behind = text.slice(at).search(/[{}]/);
    next = behind < 0 ? -1 : at + behind;
  }
  return [...tokens, text.slice(at)];
}

function valueNamed(written: string, path: string): Token {
  const name = path
    .replace(/^(?:record|extra)[.[]/, '')
    .replace(/[\]]$/, '')
    .replace(/\.(?:name|path|id)$/, '');
  if (times.has(name)) return timeValue(written);
  if (name === 'levelname' || name === 'level') return levelValue(written);
  if (name === 'msecs') return { ...intValue(written, ''), written: fraction };
  // Where there is one, a traceback follows the message.
  if (name === 'exception' || name === 'exc_text' || name === 'stack_info') return '';
  if (name === 'relativeCreated' || name === 'levelno') return decimalValue(written, '');
  const isId = (name === 'process' || name === 'thread') && !path.endsWith('.name');
  if (isId || name === 'lineno' || name === 'line') return intValue(written, ids[name]!);
  return textValue(
    written,
    Object.hasOwn(fields, path) ? fields[path]! : Object.hasOwn(fields, name) ? fields[name]! : fieldOf(name),
  );
}

const times = new Set(['asctime', 'time', 'created']);

const ids: Readonly<Record<string, string>> = {
  process: 'process.pid',
  thread: 'process.thread.id',
  lineno: 'log.origin.file.line',
  line: 'log.origin.file.line',
};

const fields: Readonly<Record<string, string>> = {
  message: 'message',
  msg: 'message',
  name: 'log.logger',
  processName: 'process.name',
  'process.name': 'process.name',
  threadName: 'process.thread.name',
  'thread.name': 'process.thread.name',
  filename: 'log.origin.file.name',
  file: 'log.origin.file.name',
  pathname: 'log.origin.file.path',
  module: 'log.origin.module',
  funcName: 'log.origin.function',
  function: 'log.origin.function',
  elapsed: 'event.elapsed',
};
