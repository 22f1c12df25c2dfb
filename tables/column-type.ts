/** The parts of a column type as ClickHouse writes it, such as the elements of `Tuple(at DateTime64(3), n UInt8)`. */
import type { ColumnType } from './tables.ts';

/**
 * A column type's name, what stands in its parentheses, and what follows them, such as a default.
 *
 * @example
 * typeParts('DateTime64(3)') // => { name: 'DateTime64', inner: '3', rest: '' }
 * typeParts('UInt8 DEFAULT 5') // => { name: 'UInt8', inner: '', rest: 'DEFAULT 5' }
 */
export function typeParts(type: ColumnType): { readonly name: string; readonly inner: string; readonly rest: string } {
  const text = type.trim();
  const name = /^\w*/.exec(text)![0];
  const behind = text.slice(name.length).trimStart();
  if (!behind.startsWith('(')) return { name, inner: '', rest: behind };
  const end = lengthOf(behind, ')');
  return { name, inner: behind.slice(1, end).trim(), rest: behind.slice(end + 1).trim() };
}

/**
 * What stands between the commas in the parentheses of a type.
 *
 * @example
 * parametersOf("String, Enum8('a,b' = 1)") // => ['String', "Enum8('a,b' = 1)"]
 */
export function parametersOf(inner: string): readonly string[] {
  const parameters: string[] = [];
  for (let at = 0; at < inner.length; ) {
    const end = at + lengthOf(inner.slice(at), ',');
    parameters.push(inner.slice(at, end).trim());
    at = end + 1;
  }
  return parameters;
}

/**
 * The elements of a tuple; those of one without names have none.
 *
 * @example
 * elementsOf('a UInt8, b Array(String)') // => [{ name: 'a', type: 'UInt8' }, { name: 'b', type: 'Array(String)' }]
 * elementsOf('UInt8') // => [{ name: undefined, type: 'UInt8' }]
 */
export function elementsOf(inner: string): readonly { readonly name: string | undefined; readonly type: ColumnType }[] {
  return parametersOf(inner).map((element) => {
    const named = /^(?:`([^`]*)`|(\w+))\s+(.+)$/s.exec(element);
    if (named === null) return { name: undefined, type: element };
    return { name: named[1] ?? named[2], type: named[3]! };
  });
}

/**
 * The values of an enum by name; those without a number count on from the one before, from 1 on.
 *
 * @example
 * [...enumValues("'a' = 1, 'it\\'s' = -2, 'b'")] // => [['a', 1], ["it's", -2], ['b', -1]]
 */
export function enumValues(inner: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  let next = 1;
  for (const parameter of parametersOf(inner)) {
    const found = /^'(.*)'(?:\s*=\s*(-?\d+))?$/s.exec(parameter);
    if (found === null) continue;
    const number = found[2] === undefined ? next : Number(found[2]);
    values.set(found[1]!.replace(/\\(.)/gs, '$1'), number);
    next = number + 1;
  }
  return values;
}

/** Characters until the first `end` that stands neither in quotes nor in inner parentheses; the whole without one. */
function lengthOf(text: string, end: ',' | ')'): number {
  let depth = end === ')' ? -1 : 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === end && depth === 0) return at;
    else if (char === "'" || char === '`') quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  return text.length;
}
