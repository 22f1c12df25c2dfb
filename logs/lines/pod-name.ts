/**
 * The pod that a shipped record names.
 *
 * Fluent Bit calls it `pod_name`, in `kubernetes`. The last one in the text counts: names in the log text come first.
 *
 * @example
 * podNameIn('{"log":"ok","kubernetes":{"pod_name":"cart-1"}}') // => 'cart-1'
 * podNameIn('ok') // => undefined
 */
export function podNameIn(line: string): string | undefined {
  const at = line.lastIndexOf(name);
  if (at < 0) return undefined;
  const start = line.indexOf('"', at + name.length) + 1;
  const end = line.indexOf('"', start);
  return start > 0 && end > start && end - start < 300 ? line.slice(start, end) : undefined;
}

const name = '"pod_name"';
