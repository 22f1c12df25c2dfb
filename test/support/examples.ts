/** The `@example` blocks of a source file: what they compute, and what they claim it is. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One block. */
export interface Example {
  /** The first exported name behind the comment. */
  readonly of: string;
  /** Lines as they stand, without the comment's stars. */
  readonly text: string;
}

/** An expression's value and what stands behind its arrow. */
export interface Claim {
  readonly code: string;
  readonly actual: unknown;
  readonly claimed: string;
}

/** Every example of a file, and the exported functions and classes that have none. */
export function examplesIn(path: string): {
  readonly examples: readonly Example[];
  readonly without: readonly string[];
} {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
  const examples: Example[] = [];
  const exported = new Map<string, boolean>();
  for (const statement of source.statements) {
    const comments = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
    const found = comments.flatMap(({ pos, end }) => exampleOf(source.text.slice(pos, end)));
    const name = callableName(statement);
    for (const text of found) examples.push({ of: name ?? path, text });
    if (name !== undefined) exported.set(name, exported.get(name) === true || found.length > 0);
  }
  return { examples, without: [...exported].filter(([, has]) => !has).map(([name]) => name) };
}

function callableName(statement: ts.Statement): string | undefined {
  const isExported =
    ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.[0]?.kind === ts.SyntaxKind.ExportKeyword;
  if (!isExported) return undefined;
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return statement.name?.text;
  const [variable] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  return variable?.initializer !== undefined && ts.isArrowFunction(variable.initializer)
    ? variable.name.getText()
    : undefined;
}

function exampleOf(comment: string): readonly string[] {
  const at = comment.indexOf('@example');
  if (at === -1 || !comment.startsWith('/**')) return [];
  const lines = comment.slice(at + '@example'.length, -'*/'.length).split('\n');
  return [lines.map((line) => line.replace(/^ *\* ?/, '')).join('\n')];
}

const AsyncFunction = (async () => {}).constructor as new (
  ...text: readonly string[]
) => (...scope: readonly unknown[]) => Promise<unknown[]>;

/** Runs an example with the names of `scope`. What stands before an arrow is statements, the last of them a value. */
export async function claimsOf({ text }: Example, scope: Readonly<Record<string, unknown>>): Promise<readonly Claim[]> {
  const parts: { code: string; claimed: string }[] = [];
  let code = '';
  for (const line of text.split('\n')) {
    const arrow = line.lastIndexOf('// => ');
    code += `${arrow === -1 ? line : line.slice(0, arrow)}\n`;
    if (arrow === -1) continue;
    parts.push({ code: code.trim(), claimed: line.slice(arrow + '// => '.length).trim() });
    code = '';
  }
  if (parts.length === 0 || code.trim() !== '') throw new Error(`an example must end in '// => value':\n${text}`);
  const body = parts.map((part) => collecting(part.code)).join('\n');
  const values = await new AsyncFunction(...Object.keys(scope), `const $values = [];\n${body}\nreturn $values;`)(
    ...Object.values(scope),
  );
  return parts.map((part, i) => ({ ...part, actual: values[i] }));
}

/** The statements with the value of the last one collected. */
function collecting(code: string): string {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const last = source.statements.at(-1);
  if (last === undefined || !ts.isExpressionStatement(last)) throw new Error(`the last line has no value:\n${code}`);
  const whole = `${code.slice(0, last.getStart())}\n$values.push(${last.expression.getText()});`;
  return ts.transpileModule(whole, { compilerOptions: { target: ts.ScriptTarget.ESNext } }).outputText;
}
