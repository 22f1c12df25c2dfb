/**
 * Formats that users write, in the manner of grok: literal text with `%{TYPE:field}` in it, `(…)?` around what may be
 * missing, and a backslash before a character of this notation that is meant as itself. They compile to the same
 * layouts as the built-in formats, so that no pattern can be slow; regular expressions are refused, and a `DATA`
 * reaches to the literal behind it. A space in the pattern stands for any run of blanks. Layout strings of other tools
 * (strings/) may stand in a pattern's place.
 *
 * Types: TIMESTAMP (also by grok's names for particular shapes), LOGLEVEL, WORD, NOTSPACE, IP, HOSTNAME, IPORHOST,
 * HOSTPORT, INT, NUMBER, USER, PATH, UUID, QS, DATA, GREEDYDATA, SPACE. Fields `message`, `service.name`, `trace.id`
 * and `span.id` are the log's own; without a field the text is read over.
 */
import { MillraceError } from '../../errors.ts';
import { endpoint } from '../layouts/endpoint.ts';
import { layout, optional, type Part, type Piece } from '../layouts/layout.ts';
import { blanks, chars, decimal, int, level, quoted, rest, time, until, word } from '../layouts/pieces.ts';
import {
  colonCode,
  dotCode,
  isHex,
  isLetter,
  isWordCode,
  minusCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import type { TextFormat } from './format.ts';
import { givenFormat, type LayoutString } from './strings/given.ts';
import { NotUnderstood } from './strings/tokens.ts';

/** A format as a user writes it: a pattern, or the layout string of a tool. */
export interface UserFormat {
  /** Appears as `format` of the logs that it reads. */
  readonly name: string;
  readonly pattern?: string | undefined;
  readonly layout?: LayoutString | undefined;
}

/**
 * Compiles a pattern or a layout. Throws OPTION_INVALID, which names the place, for what is none.
 *
 * @example
 * userFormat({ name: 'shop', pattern: '%{TIMESTAMP} <%{LOGLEVEL}> %{GREEDYDATA:message}' }).name // => 'shop'
 */
export function userFormat({ name, pattern, layout: given }: UserFormat): TextFormat {
  if (pattern === undefined) return givenLayout(name, given ?? {});
  const reader: Reader = { name, pattern, at: 0 };
  const parts = readParts(reader, 0);
  if (parts.length === 0) throw invalid(reader, 'something to read');
  return { name, layouts: [layout(...parts)], samples: [] };
}

function givenLayout(name: string, given: LayoutString): TextFormat {
  try {
    return givenFormat(name, given);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const { got, expected } = error;
    throw new MillraceError('OPTION_INVALID', { option: 'layout', owner: `format ${name}`, got, expected });
  }
}

interface Reader {
  readonly name: string;
  readonly pattern: string;
  at: number;
}

/** Reads parts up to the end, or to the parenthesis that closes a group. */
function readParts(reader: Reader, depth: number): Part[] {
  const { pattern } = reader;
  const parts: Part[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') parts.push(text);
    text = '';
  };
  while (reader.at < pattern.length) {
    const char = pattern[reader.at]!;
    if (char === ')' && depth > 0) break;
    if (pattern.startsWith('%{', reader.at)) {
      endText();
      parts.push(readPiece(reader));
    } else if (char === '(') {
      endText();
      parts.push(readGroup(reader, depth + 1));
    } else {
      if (char === '\\') reader.at++;
      else if (')*+?|^$'.includes(char)) throw invalid(reader, `a backslash before '${char}'`);
      const next = pattern[reader.at++] ?? '\\';
      if (next !== ' ' || !text.endsWith(' ')) text += next;
    }
  }
  endText();
  return parts;
}

/** `(…)?`. */
function readGroup(reader: Reader, depth: number): Piece {
  if (depth > maxDepth) throw invalid(reader, `at most ${maxDepth} groups inside each other`);
  reader.at++;
  const parts = readParts(reader, depth);
  if (!reader.pattern.startsWith(')?', reader.at)) throw invalid(reader, "')?' behind a group");
  reader.at += 2;
  return optional(...parts);
}

/** `%{TYPE}`, `%{TYPE:field}`; a kind behind the field (`:int`) is grok's and needs no saying here. */
function readPiece(reader: Reader): Piece {
  const { pattern, at } = reader;
  const end = pattern.indexOf('}', at);
  if (end < 0) throw invalid(reader, "'}' behind '%{'");
  const [type = '', field = ''] = pattern.slice(at + 2, end).split(':', 2);
  const make = Object.hasOwn(types, type) ? types[type] : undefined;
  if (make === undefined && type !== 'DATA') throw invalid(reader, `one of ${Object.keys(types).join(', ')}, DATA`);
  if (type === 'GREEDYDATA' && end + 1 < pattern.length) throw invalid(reader, 'GREEDYDATA at the end only');
  reader.at = end + 1;
  if (make !== undefined) return make(field === '' ? unnamed : field);
  const stop = literalAt(pattern, reader.at);
  if (stop === '') throw invalid(reader, 'literal text behind DATA, which ends it');
  // The literal is read by the part behind, too.
  const reach = until(field === '' ? unnamed : field, stop);
  return {
    make: (capture) => {
      const step = reach.make(capture);
      return (text, from, match) => {
        const read = step(text, from, match);
        return read < 0 ? -1 : read - stop.length;
      };
    },
  };
}

/** The literal text that begins at `at`, as far as it is sure what it stands for. */
function literalAt(pattern: string, at: number): string {
  let text = '';
  for (let char = pattern[at]; char !== undefined && !'(%'.includes(char); char = pattern[++at]) {
    if (char === ' ' && text !== '') break;
    text += char === '\\' ? (pattern[++at] ?? '') : char;
    if (char === ' ') break;
  }
  return text;
}

function invalid({ name, pattern, at }: Reader, expected: string): MillraceError {
  return new MillraceError('OPTION_INVALID', {
    option: 'pattern',
    owner: `format ${name}`,
    got: `'${pattern.slice(at, at + 40)}' at character ${at + 1}`,
    expected,
  });
}

const isName = (code: number): boolean => isWordCode(code) || code === underscoreCode;
const isHost = (code: number): boolean => isName(code) || code === dotCode || code === minusCode;
const isAddress = (code: number): boolean => isHex(code) || code === dotCode || code === colonCode;

const moment = (): Piece => time;

const types: Readonly<Record<string, (field: string) => Piece>> = {
  TIMESTAMP: moment,
  TIMESTAMP_ISO8601: moment,
  HTTPDATE: moment,
  SYSLOGTIMESTAMP: moment,
  DATESTAMP: moment,
  LOGLEVEL: () => level,
  WORD: (field) => chars(field, isName),
  NOTSPACE: word,
  USER: (field) => chars(field, isHost),
  USERNAME: (field) => chars(field, isHost),
  IP: (field) => chars(field, isAddress),
  HOSTNAME: (field) => chars(field, isHost),
  IPORHOST: (field) => chars(field, (code) => isHost(code) || code === colonCode),
  HOSTPORT: (field) => endpoint(field, `${field}.port`),
  INT: int,
  POSINT: int,
  NUMBER: decimal,
  PATH: (field) =>
    chars(
      field,
      (code) => code > spaceCode,
      (code) => code === slashCode || isLetter(code),
    ),
  UUID: (field) => chars(field, (code) => isHex(code) || code === minusCode),
  QS: quoted,
  QUOTEDSTRING: quoted,
  GREEDYDATA: rest,
  SPACE: () => blanks,
};

/** The name of a capture without a field; the log does not get its value. */
const unnamed = '';
const maxDepth = 8;
