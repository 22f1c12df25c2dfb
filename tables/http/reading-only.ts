/**
 * Whether a foreign statement only reads tables. ClickHouse's `readonly = 1` refuses writes and nearly every table
 * function, but not all that matters to the owner of the process: the function `file(…)`, `DESCRIBE TABLE file(…)`,
 * `INTO OUTFILE` and `KILL QUERY` pass it (seen in chDB 26.7). So a statement must also get past a closed list here:
 * its first word, every name that is called, every name that is a function (they can be passed by name:
 * `arrayMap(file, …)`, `* APPLY file`), every system table, and every hole for a value: `{x:Identifier}` would take any
 * of these names from beside the statement, and a hole without a value in this request must find none of another's.
 *
 * The check reads tokens of the statement **as the engine formats it back** from what it parsed (`formatQuery`, which
 * refuses more than one statement): comments, heredocs and odd spellings are gone, and what is checked is what runs.
 */

/** The engine's functions by name in lower case: those that a caller may use, and all the others; and its types. */
export interface Functions {
  readonly allowed: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
  /** Types that a hole may have. */
  readonly types: ReadonlySet<string>;
}

/** Asks the engine for its functions and types: `name`, and `category` of the function or of what it is an alias of. */
export const functionsSql = `
  SELECT f.name AS name, if(f.alias_to = '', f.categories, a.categories) AS category, f.is_aggregate AS aggregate
  FROM system.functions AS f LEFT JOIN system.functions AS a ON f.alias_to = a.name
  UNION ALL SELECT name, 'combinator', 1 FROM system.aggregate_function_combinators
  UNION ALL SELECT name, 'type', 0 FROM system.data_type_families`;

/** Sorts the rows of `functionsSql`. A category not known here is refused, so that a new engine opens nothing. */
export function sortFunctions(
  rows: readonly { readonly name: string; readonly category: string; readonly aggregate: boolean }[],
): Functions {
  const allowed = new Set([...callableWords, ...tableFunctions]);
  const others = new Set<string>();
  const types = new Set(rows.filter(({ category }) => category === 'type').map(({ name }) => name.toLowerCase()));
  const suffixes = rows.filter(({ category }) => category === 'combinator').map(({ name }) => name.toLowerCase());
  for (const { name, category, aggregate } of rows) {
    const lower = name.toLowerCase();
    if (category === 'combinator' || category === 'type') continue;
    if (!safeCategories.has(category) && !harmless.has(lower)) others.add(lower);
    else for (const form of aggregate ? [lower, ...combined(lower, suffixes)] : [lower]) allowed.add(form);
  }
  for (const name of others) allowed.delete(name);
  return { allowed, others, types };
}

/**
 * Why a statement is refused, or undefined. `sql` is the engine's own formatting of it; `values` are named by the
 * request that it came with.
 *
 * @example
 * const functions = { allowed: new Set(['count']), others: new Set(['file']), types: new Set(['string']) };
 * refusal('SELECT count() FROM t', functions) // => undefined
 * refusal("SELECT file('/etc/passwd')", functions) // => "the function 'file' is not allowed here"
 * refusal('SELECT * FROM {t:Identifier}', functions, { t: 'a' }) // => "a value of the type 'Identifier' is not allowed here"
 */
export function refusal(
  sql: string,
  { allowed, others, types }: Functions,
  values: Readonly<Record<string, string>> = {},
): string | undefined {
  const tokens = tokenize(sql);
  if (tokens === undefined) return 'it has a token that is not understood here';
  const first = tokens[0]?.text.toLowerCase() ?? '';
  if (!firstWords.has(first)) return `it begins with '${first}'; only ${[...firstWords].join(', ')} may`;
  if (first === 'exists') return 'EXISTS is answered for a table of the current database, without its database';
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const { kind, text } = token;
    if (kind === 'sign') continue;
    const name = text.toLowerCase();
    if (kind === 'hole') {
      if (!types.has(token.type.toLowerCase())) return `a value of the type '${token.type}' is not allowed here`;
      if (!Object.hasOwn(values, text)) return `it has a hole '${text}', for which no value came with it`;
      continue;
    }
    const after = tokens[i + 1]?.text;
    const [isField, hasFields] = [isSign(tokens[i - 1], '.'), isSign(tokens[i + 1], '.')];
    if (kind === 'word' && forbiddenPairs.has(`${name} ${after?.toLowerCase()}`))
      return `${name} ${after} is not allowed here`;
    if (isField && tokens[i - 2]?.text.toLowerCase() === 'system' && !systemTables.has(name)) {
      return `the table 'system.${text}' is not allowed here`;
    }
    if (isSign(tokens[i + 1], '(') ? !allowed.has(name) : !isField && !hasFields && others.has(name)) {
      return `the function '${text}' is not allowed here`;
    }
  }
  return undefined;
}

/**
 * What a statement is run as. `EXISTS TABLE` also asks the engine's directory, where the name of any file is a table's
 * (seen in chDB 26.7), so it becomes a question to the list of tables.
 *
 * @example
 * runAs('SELECT 1') // => 'SELECT 1'
 * runAs('EXISTS TABLE t FORMAT CSV') // => "SELECT toUInt8(count()) AS result FROM system.tables WHERE name = 't' AND database = currentDatabase() FORMAT CSV"
 */
export function runAs(sql: string): string {
  const [, name, format = ''] = /^EXISTS TABLE `?(\w+)`?( FORMAT \w+)?$/.exec(sql) ?? [];
  if (name === undefined) return sql;
  const where = `name = '${name}' AND database = currentDatabase()`;
  return `SELECT toUInt8(count()) AS result FROM system.tables WHERE ${where}${format}`;
}

type Token =
  | { readonly kind: 'word' | 'quoted' | 'sign'; readonly text: string }
  /** A hole for a value: its name, and the first word of its type. */
  | { readonly kind: 'hole'; readonly text: string; readonly type: string };

const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;

/** A type has words, numbers and short texts such as the name of a zone. What ends its hole is in none of them. */
const hole = /^\{\s*(\w+)\s*:\s*(\w+)(?:[\w\s(),]|'[\w/+-]*')*\}$/;

/** Names, holes and single signs; strings and numbers are signs, too: they are harmless. */
function tokenize(sql: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let i = 0; i < sql.length; ) {
    const c = sql[i]!;
    if (c === "'" || c === '`' || c === '"') {
      const end = endOfQuote(sql, i);
      if (end === undefined) return undefined;
      if (c !== "'") tokens.push({ kind: 'quoted', text: unquote(sql.slice(i + 1, end - 1)) });
      else tokens.push({ kind: 'sign', text: "'" });
      i = end;
    } else if (c === '{') {
      const end = sql.indexOf('}', i) + 1;
      const [, text, type] = hole.exec(sql.slice(i, end)) ?? [];
      if (text === undefined || type === undefined) return undefined;
      tokens.push({ kind: 'hole', text, type });
      i = end;
    } else if (/[A-Za-z_$0-9]/.test(c)) {
      let end = i + 1;
      while (end < sql.length && /[\w$]/.test(sql[end]!)) end++;
      tokens.push({ kind: c >= '0' && c <= '9' ? 'sign' : 'word', text: sql.slice(i, end) });
      i = end;
    } else if (/\s/.test(c)) i++;
    else if (c > '~' || c === ';' || c === '#' || ['--', '/*'].includes(sql.slice(i, i + 2))) return undefined;
    else {
      tokens.push({ kind: 'sign', text: c });
      i++;
    }
  }
  return tokens;
}

function endOfQuote(sql: string, start: number): number | undefined {
  for (let i = start + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++;
    else if (sql[i] === sql[start]) return i + 1;
  }
  return undefined;
}

const unquote = (text: string): string => text.replace(/\\(.)/gs, '$1');

/** Aggregates combine with up to two suffixes: `countIf`, `sumMapMerge`. */
function combined(name: string, suffixes: readonly string[]): readonly string[] {
  const once = suffixes.map((suffix) => name + suffix);
  return [...once, ...once.flatMap((form) => suffixes.map((suffix) => form + suffix))];
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const firstWords = words('select with explain show describe exists');

const forbiddenPairs: ReadonlySet<string> = new Set(['into outfile', 'parallel with']);

/** Words of the language that the engine puts before a parenthesis, and functions that only its parser knows. */
const callableWords = words(`
  select distinct from join in as and or not on using where prewhere having qualify by sets over with when then
  else case between like ilike escape limit offset union all except intersect interpolate columns exists table
  explain describe is sample rollup cube totals fill step window filter apply global any asof semi anti array
  lambda untuple grouping end values`);

const tableFunctions = words(
  'numbers numbers_mt zeros zeros_mt values sqlstandardvalues generateseries generate_series null view',
);

const safeCategories: ReadonlySet<string> = new Set(
  `Null, String, Tuple, Distance, Geo, Arrays, Logical, URL, Hash, Bit, Map, UUID, Bitmap, Encoding, QBit, JSON,
  Rounding, Dates and Times, Financial, Conditional, Comparison, String Splitting, Type Conversion, Time Window,
  Random Number, Arithmetic, Time Series, Mathematical, Encryption, IP Address, Geo Polygon, String Search,
  String Replacement, Aggregate Functions, NumericIndexedVector`.split(/,\s*/),
);

/** Of the category Other: what computes from its arguments alone, or names things that every client asks for. */
const harmless = words(`
  version revision uptime timezone currentdatabase currentuser user database hostname displayname totypename
  tocolumntypename bar transform identity materialize ignore isconstant visiblewidth bytesize formatreadablesize
  formatreadabledecimalsize formatreadablequantity formatreadabletimedelta parsetimedelta parsereadablesize
  parsereadablesizeornull parsereadablesizeorzero finalizeaggregation initializeaggregation runningaccumulate
  runningdifference runningdifferencestartingwithfirstvalue neighbor rownumberinblock rownumberinallblocks
  blocknumber blocksize getsubcolumn varianttype variantelement lowcardinalityindices lowcardinalitykeys digits
  countdigits isdecimaloverflow errorcodetoname defaultvalueofargumenttype defaultvalueoftypename normalizequery
  normalizedqueryhash formatquery formatquerysingleline partitionid queryid connectionid throwif getsizeofenumtype
  casewithexpression`);

/** What clients and people look up; other system tables show or touch the process itself. */
const systemTables = words(`
  tables columns databases functions table_functions table_engines data_type_families formats settings one numbers
  parts parts_columns merges mutations processes metrics events asynchronous_metrics errors keywords time_zones
  contributors build_options aggregate_function_combinators data_skipping_indices projections dictionaries
  clusters collations codecs merge_tree_settings query_cache query_log`);
