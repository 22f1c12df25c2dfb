/**
 * Rows of a chunk as the actions of bulk requests, and what became of each by the answer. Every action names its
 * document and gives it a version from outside, so that the same action twice is the same as once, and an older one
 * than what is there changes nothing. See "Bulk API" and "External versioning" in Elasticsearch's reference.
 */
import { createHash } from 'node:crypto';
import { cutText } from '../../codecs/utf8.ts';

/** A row on its way into an index. */
export interface Action {
  /** The row's line in its chunk, from 0 on. */
  readonly line: number;
  /** The action and its document as a bulk request has them, with line feeds. */
  readonly text: string;
}

/** An answer to a bulk request: one item an action, in their order, each under the name of what was done. */
export interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly Readonly<Record<string, BulkItem>>[];
}

/** What became of one action. */
export interface BulkItem {
  readonly status: number;
  readonly error?: Trouble;
}

interface Trouble {
  readonly type: string;
  readonly reason?: string | null;
  readonly caused_by?: Trouble;
}

/** What follows from an item: nothing, another try, a dead letter, or that the index is not as it must be. */
export type Fate =
  | { readonly kind: 'done' }
  | { readonly kind: 'again' | 'refused' | 'broken'; readonly reason: string };

/**
 * The actions of a chunk's rows. A row without a name is called after its chunk and its line in it, which a
 * repetition does not change.
 *
 * @example
 * const row = '{"_index":"shop-undated","_id":"7","document":{"n":1},"revision":5,"is_deleted":1}\n';
 * actionsOf(Buffer.from(row), 'chunk')[0].text.slice(0, 44) // => '{"delete":{"_index":"shop-undated","_id":"7"'
 */
export function actionsOf(ndjson: Uint8Array, token: string): readonly Action[] {
  const lines = Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength).toString('utf8').trimEnd().split('\n');
  const chunk = createHash('sha256').update(token).digest('base64url').slice(0, 22);
  return lines.map((row, line) => ({ line, text: actionOf(row, `${chunk}-${line}`) }));
}

const documentKey = ',"document":';
const revisionKey = ',"revision":';
const deletedKey = ',"is_deleted":';

/**
 * Cuts a row apart instead of reading it. Quotes inside of JSON's texts are escaped, so a key with its own is never
 * part of one: the first `document` is the sink's, and the last `revision` the runtime's.
 */
function actionOf(row: string, name: string): string {
  const document = row.indexOf(documentKey);
  const revision = row.lastIndexOf(revisionKey);
  const deleted = row.indexOf(deletedKey, revision);
  const head = row.slice(0, document);
  const named = head.includes(',"_id":') ? head : `${head},"_id":"${name}"`;
  const meta = `${named},"version":${row.slice(revision + revisionKey.length, deleted)},"version_type":"external_gte"}`;
  if (row[deleted + deletedKey.length] === '1') return `{"delete":${meta}}\n`;
  return `{"index":${meta}}\n${row.slice(document + documentKey.length, revision)}\n`;
}

/** Troubles of an index that look like a document's own. */
const ofTheIndex = new Set(['validation_exception', 'index_closed_exception', 'invalid_alias_name_exception']);

/** What follows from an item of an answer. */
export function fateOf(item: Readonly<Record<string, BulkItem>>): Fate {
  const { status, error } = Object.values(item)[0]!;
  // A conflict means that a later revision is there; what is to be deleted and not found is gone.
  if (error === undefined || status < 300 || status === 409) return { kind: 'done' };
  const reason = troubleText(error);
  if (status === 429 || status >= 500 || error.type === 'cluster_block_exception') return { kind: 'again', reason };
  return { kind: status === 400 && !ofTheIndex.has(error.type) ? 'refused' : 'broken', reason };
}

function troubleText({ type, reason, caused_by: cause }: Trouble): string {
  const own = `${type}: ${reason ?? 'no reason given'}`;
  return cutText(cause === undefined ? own : `${own} (${cause.reason ?? cause.type})`, 1_000);
}
