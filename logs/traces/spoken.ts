/**
 * What runtimes say at the start of a line when a program fails: sentences that begin a trace, that announce what
 * stands on the next line, that link one trace to the next, or that only ever stand inside of one. Java, Kotlin and
 * Scala, Python, Go, Node.js, .NET, Ruby, Rust, PHP, Dart, Elixir and Erlang, C++ with its sanitizers, Swift, OCaml,
 * Haskell, Lua and Julia are known.
 */
import {
  closeParenCode,
  codeOf,
  colonCode,
  digits,
  equalsCode,
  isDigit,
  isUpper,
  slashCode,
  spaceCode,
} from '../text.ts';

/** What the start of a line says of a trace. */
export type Spoken =
  /** A program fails here. */
  | 'crash'
  /** A program fails here, and the next line says of what. */
  | 'announcement'
  | 'traceback'
  /** Between two traces of which one led to the other. */
  | 'link'
  | 'goroutine'
  /** The report of a sanitizer, which ends with its own words. */
  | 'sanitizer'
  /** Only ever goes on. */
  | 'continuation'
  /** Goes on where a trace is open. */
  | 'inside';

/** What `line` says of a trace between `start` and `end`, or null. */
export function spokenOf(line: string, start: number, end: number): Spoken | null {
  const code = line.charCodeAt(start);
  const sentences = byFirst[code];
  if (sentences !== undefined) {
    for (let i = 0; i < sentences.length; i++) {
      const { words, says } = sentences[i]!;
      if (!line.startsWith(words, start)) continue;
      return says === 'crash' && endsWithColon(line, start, end) ? 'announcement' : says;
    }
  }
  if (code === equalsCode) return isSanitizer(line, start) ? 'sanitizer' : null;
  if ((code === upperW || code === upperE || code === upperF) && isSanitizer(line, start)) return 'sanitizer';
  if (line.startsWith("thread '", start)) return panicOf(line, start, end);
  return isPlace(line, start, end) ? 'announcement' : null;
}

/** Rust: the message stands between quotes, or since 1.73 on the next line. */
function panicOf(line: string, start: number, end: number): Spoken | null {
  if (line.slice(start, start + 300).indexOf('panicked at') < 0) return null;
  return endsWithColon(line, start, end) ? 'announcement' : 'crash';
}

/**
 * `==42==ERROR: AddressSanitizer: heap-use-after-free …`, and without the process, as some write: `WARNING:
 * ThreadSanitizer: data race …`; Go's has no name.
 */
function isSanitizer(line: string, start: number): boolean {
  const isMarked = line.charCodeAt(start + 1) === equalsCode && isDigit(line.charCodeAt(start + 2));
  const isLevel =
    line.startsWith('WARNING: ', start) || line.startsWith('ERROR: ', start) || line.startsWith('FATAL: ', start);
  if (!isMarked && !isLevel) return false;
  return line.startsWith('WARNING: DATA RACE', start) || line.slice(start, start + 60).indexOf('Sanitizer: ') > 0;
}

const [upperE, upperF, upperW] = [codeOf('E'), codeOf('F'), codeOf('W')];

/** `/app/cart.js:12` alone on its line: Node.js shows where it was thrown before what. */
function isPlace(line: string, start: number, end: number): boolean {
  const code = line.charCodeAt(start);
  const isPath = code === slashCode || (isUpper(code) && line.charCodeAt(start + 1) === colonCode);
  if ((!isPath && !line.startsWith('file:', start) && !line.startsWith('node:', start)) || end - start > 500)
    return false;
  let at = end;
  while (isDigit(line.charCodeAt(at - 1))) at--;
  return at < end && line.charCodeAt(at - 1) === colonCode && !line.slice(start, end).includes(' ');
}

function endsWithColon(line: string, start: number, end: number): boolean {
  let at = end - 1;
  while (at > start && line.charCodeAt(at) <= spaceCode) at--;
  return line.charCodeAt(at) === colonCode;
}

/**
 * Ruby's `/app/cart.rb:6:in 'add': divided by 0 (ZeroDivisionError)`: the offset of the name in brackets, or -1.
 *
 * @example
 * rubyThrown("cart.rb:6:in 'add': divided by 0 (ZeroDivisionError)", 0, 52) // => 34
 * rubyThrown("cart.rb:6:in 'add'", 0, 18) // => -1
 */
export function rubyThrown(line: string, start: number, end: number): number {
  if (line.charCodeAt(end - 1) !== closeParenCode) return -1;
  // Within this line only: a text of many lines would be searched over and over.
  const said = line.slice(start, end);
  const place = said.indexOf(':in ');
  if (place < 0 || digits(said, place - 1, 1) < 0) return -1;
  const open = said.lastIndexOf(' (');
  return open > place && isUpper(said.charCodeAt(open + 2)) ? start + open + 2 : -1;
}

interface Sentence {
  readonly words: string;
  readonly says: Spoken;
}

const sentencesOf = (says: Spoken, all: readonly string[]): readonly Sentence[] =>
  all.map((words) => ({ words, says }));

const known: readonly Sentence[] = [
  ...sentencesOf('traceback', ['Traceback (most recent call', 'Exception Group Traceback (most']),
  ...sentencesOf('link', ['During handling of the above exception', 'The above exception was the direct cause']),
  ...sentencesOf('goroutine', ['goroutine ', '[signal SIG', 'runtime stack:']),
  ...sentencesOf('continuation', [
    ...['Caused by:', 'Suppressed:', 'Wrapped by:', 'at ', '... ', '---', 'exit status ', 'created by '],
    ...['stack backtrace:', 'note: run with `RUST_BACKTRACE', 'Stack trace:', '...additional frames elided'],
    ...['stack traceback:', 'CallStack (from', 'Raised at ', 'File "', '<asynchronous suspension>'],
  ]),
  ...sentencesOf('inside', [
    ...[
      'note: ',
      'Stack backtrace:',
      'Stacktrace:',
      'stack traceback:',
      'Backtrace:',
      'Backtrace omitted',
      'Location:',
    ],
    ...[
      'File "',
      'Node.js v',
      '[stacktrace]',
      '[previous exception]',
      'Last message',
      'State: ',
      'Client ',
      'Message:  ',
    ],
    ...['Called from ', 'Re-raised at ', 'thrown in ', 'Current stack trace:'],
    ...[
      'Current thread 0x',
      'Thread 0x',
      'Aborted',
      'Run with RUST_BACKTRACE',
      '** ',
      '[CIRCULAR REFERENCE',
      '[cause]: ',
    ],
    ...['(Coroutine boundary', 'PC=0x', 'nested exception is', 'Nested exception', '[Previous line repeated', '-->'],
  ]),
  ...sentencesOf('crash', [
    ...[
      'panic: ',
      'fatal error: ',
      'Fatal error: ',
      'PHP Fatal error: ',
      'Exception in thread "',
      'Unhandled exception',
    ],
    ...['Unhandled Exception', 'Uncaught ', 'Segmentation fault', 'terminate called ', 'libc++abi: terminating'],
    ...[
      '*** stack smashing',
      '*** Error in',
      '*** Terminating app',
      'double free or corruption',
      'SIGSEGV: ',
      'SIGABRT: ',
    ],
    ...['SIGQUIT: ', 'unexpected fault address', 'Program received signal', 'Fatal Python error: ', '(node:'],
    ...['The application panicked', 'uncaught exception'],
  ]),
];

const byFirst: (readonly Sentence[] | undefined)[] = [];
for (const sentence of known) {
  const first = sentence.words.charCodeAt(0);
  byFirst[first] = [...(byFirst[first] ?? []), sentence];
}

/** The first words of what opens a trace, without signs. */
export const openingWords: readonly string[] = known
  .filter(({ says }) => says !== 'continuation' && says !== 'inside' && says !== 'link')
  .map(({ words }) => /^[\w+]*/.exec(words)![0]);
