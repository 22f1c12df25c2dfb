/** The verdicts as a table by kind, with the first false statements quoted. */
import { clock, type Verdict } from './verdict.ts';

const mostQuoted = 3;

/** The table; a run passes when every statement is true and there are some. */
export function report(verdicts: readonly Verdict[]): { readonly text: string; readonly isTrue: boolean } {
  const kinds = new Set(verdicts.map(({ kind }) => kind));
  const row = (cells: readonly (string | number)[]) =>
    `${String(cells[0]).padEnd(32)} ${cells
      .slice(1)
      .map((cell) => String(cell).padStart(8))
      .join(' ')}`;
  const lines = [row(['statements', 'checked', 'true', 'false'])];
  const quotes: string[] = [];
  for (const kind of kinds) {
    const all = verdicts.filter((verdict) => verdict.kind === kind);
    const wrong = all.filter(({ isTrue }) => !isTrue);
    lines.push(row([kind, all.length, all.length - wrong.length, wrong.length]));
    if (wrong.length === 0) continue;
    quotes.push('', `${kind}: ${wrong.length} false`);
    for (const { at, said, truth } of wrong.slice(0, mostQuoted)) {
      quotes.push(`  ${clock(at)}  said:  ${said}`, `            truth: ${truth}`);
    }
  }
  const wrong = verdicts.filter(({ isTrue }) => !isTrue).length;
  lines.push(row(['all', verdicts.length, verdicts.length - wrong, wrong]));
  return { text: [...lines, ...quotes].join('\n'), isTrue: wrong === 0 && verdicts.length > 0 };
}
