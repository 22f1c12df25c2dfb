/**
 * A record in one that only says where it was found: a hit of Elasticsearch, a row that Splunk exports, a log of
 * Datadog's search.
 */
type Json = Readonly<Record<string, unknown>>;

/**
 * The record inside, or the record itself.
 *
 * @example
 * withoutHull({ _index: 'logs', _id: '7', _source: { message: 'no stock' } }) // => { message: 'no stock' }
 */
export function withoutHull(record: Json): Json {
  // Asked for by name: looking keys up by a variable costs more, and hardly any record has one.
  const { _source: hit, result, content, attributes } = record;
  if (hit === undefined && result === undefined && content === undefined && attributes === undefined) return record;
  for (let i = 0; i < hulls.length; i++) {
    const [key, beside, within] = hulls[i]!;
    const inner = record[key];
    // Hardly any record has one.
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner) || !(beside in record)) continue;
    if (within.some((name) => name in inner)) return inner as Json;
  }
  return record;
}

/** Under which key the record stands, what stands beside it, and what it has itself. */
const hulls: readonly (readonly [key: string, beside: string, within: readonly string[]])[] = [
  ['_source', '_index', ['message', '@timestamp', 'log', 'timestamp']],
  ['result', 'preview', ['_raw', '_time']],
  ['content', 'id', ['message', 'timestamp']],
  ['attributes', 'id', ['message', 'timestamp']],
];
