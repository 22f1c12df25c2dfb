/**
 * Layouts that a user gives as they stand in the configuration of what writes the lines.
 */
import { layout } from '../../layouts/layout.ts';
import { whole } from '../../layouts/pieces.ts';
import type { ParsedLog } from '../../parsed-log.ts';
import type { TextFormat } from '../format.ts';
import { finishAccess } from '../nginx-access.ts';
import { apacheTokens, nginxTokens, took } from './access.ts';
import { javaTokens } from './java.ts';
import { pythonTokens } from './python.ts';
import { NotUnderstood, partsOf, type Token } from './tokens.ts';

/** A layout string by the tool whose it is. */
export type LayoutString = { readonly [tool in Tool]?: string | undefined };

/** Whose layout strings are understood. */
export type Tool = keyof typeof tools;

const tools = {
  nginx: nginxTokens,
  apache: apacheTokens,
  logback: javaTokens,
  log4j2: javaTokens,
  python: pythonTokens,
};
/** Their names, as settings have them. */
export const toolNames = Object.keys(tools) as readonly Tool[];

/** The format that a layout string describes. Throws NotUnderstood. */
export function givenFormat(name: string, given: LayoutString): TextFormat {
  const [tool, other] = toolNames.filter((known) => given[known] !== undefined);
  if (tool === undefined || other !== undefined)
    throw new NotUnderstood('not one layout', `one of ${toolNames.join(', ')}`);
  const written = given[tool]!;
  if (written.length > maxLength) throw new NotUnderstood(`${written.length} characters`, `at most ${maxLength}`);
  if (/^\s*['"]?\{\s*\\?"/.test(written))
    throw new NotUnderstood('an object of JSON', 'a layout of text: JSON is read by its keys');
  const tokens: readonly Token[] = tools[tool](written);
  if (tool !== 'nginx' && tool !== 'apache') return { name, layouts: [layout(...partsOf(tokens, null))], samples: [] };
  return { name, layouts: [layout(whole('message'), ...partsOf(tokens, null))], finish, samples: [] };
}

/** Message, level and duration of a request, where the layout shows one. */
function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  for (const [unit, nanos] of units) {
    const value = fields[unit];
    if (typeof value === 'number') fields['event.duration'] = value * nanos;
    delete fields[unit];
  }
  const isRequest = ['http.request.method', 'http.request.line', 'http.response.status_code'].some(
    (key) => key in fields,
  );
  if (isRequest) finishAccess(log);
}

const units = [
  [took.us, 1e3],
  [took.ms, 1e6],
  [took.s, 1e9],
] as const;
const maxLength = 4096;
