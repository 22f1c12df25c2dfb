/**
 * Formulas that people write in settings, as mathjs expressions. What they may hold is a list of what is allowed, not
 * of what is forbidden: numbers, the named variables, arithmetic, comparisons, conditions and a few functions, at most
 * 200 nodes. They are compiled once and yield one finite number, or NaN.
 */
import { all, create, type EvalFunction } from 'mathjs/number';
import { MillraceError, reasonOf } from '../errors.ts';

/** A compiled formula. NaN where it fails on these values, or yields no finite number, as a division by zero does. */
export type Formula = (variables: Readonly<Record<string, number>>) => number;

const functions = 'abs ceil exp floor log log10 log1p log2 max min pow round sign sqrt'.split(' ');
const operators = '+ - * / ^ % < > <= >= == != and or not'.split(' ');
const mostNodes = 200;
const longest = 2_000;

/**
 * Compiles `text`, in which only `variables` may occur. Errors: FORMULA_REFUSED.
 *
 * @example
 * compileFormula('weight * log1p(ratio)', ['weight', 'ratio'])({ weight: 3, ratio: 0 }) // => 0
 * compileFormula('x > 2 ? max(x, 7) : 1', ['x'])({ x: 3 }) // => 7
 */
export function compileFormula(text: string, variables: readonly string[]): Formula {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new MillraceError('FORMULA_REFUSED', { formula: text.slice(0, 80).toWellFormed(), reason }, { cause });
  };
  if (text.length > longest) refuse(`it has more than ${longest} characters`);
  const root = parsed(text, refuse);
  let nodes = 0;
  root.traverse((node, _path, parent) => {
    if (++nodes > mostNodes) refuse(`it has more than ${mostNodes} parts`);
    const reason = objection(node as Node, parent as Node | null, variables);
    if (reason !== undefined) refuse(reason);
  });
  const code = root.compile();
  const formula: Formula = (values) => {
    const result = evaluated(code, values);
    return typeof result === 'number' && Number.isFinite(result) ? result : Number.NaN;
  };
  const trial = evaluated(code, Object.fromEntries(variables.map((name) => [name, 1])));
  if (typeof trial !== 'number') refuse('it does not yield a number');
  return formula;
}

/** What a formula yields; undefined where mathjs throws, as for `round(x, y)` with a `y` that is no whole number. */
function evaluated(code: EvalFunction, values: Readonly<Record<string, number>>): unknown {
  try {
    return code.evaluate({ ...values });
  } catch {
    return undefined;
  }
}

/** The parts of mathjs' nodes that are looked at. */
interface Node {
  readonly type: string;
  readonly op?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly fn?: unknown;
}

function parsed(text: string, refuse: (reason: string, cause?: unknown) => never) {
  try {
    return math.parse(text);
  } catch (error) {
    return refuse(reasonOf(error), error);
  }
}

/** Why a node is not allowed, or undefined. */
function objection(node: Node, parent: Node | null, variables: readonly string[]): string | undefined {
  switch (node.type) {
    case 'ConstantNode':
      return typeof node.value === 'number' ? undefined : `'${String(node.value)}' is no number`;
    case 'OperatorNode':
      return operators.includes(node.op!) ? undefined : `'${node.op}' is not allowed`;
    case 'SymbolNode': {
      const called = parent?.type === 'FunctionNode' && parent.fn === node;
      if (called ? functions.includes(node.name!) : variables.includes(node.name!)) return undefined;
      return called
        ? `there is no function '${node.name}'`
        : `there is no '${node.name}', only ${variables.join(', ')}`;
    }
    case 'FunctionNode':
      return (node.fn as Node).type === 'SymbolNode' ? undefined : 'only functions called by name are allowed';
    case 'ParenthesisNode':
    case 'ConditionalNode':
    case 'RelationalNode':
      return undefined;
    default:
      return `${node.type.replace(/Node$/, '').toLowerCase()}s are not allowed`;
  }
}

const math = create(all!, {});
