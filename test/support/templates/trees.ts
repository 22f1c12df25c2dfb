/** Words that are plain, and what lines with them end up as. */
import { Templates } from '../../../logs/templates/templates.ts';

export const trees = ['ash', 'birch', 'cedar', 'elm', 'fir', 'hazel', 'larch', 'oak', 'pine', 'rowan', 'willow', 'yew'];

/** The distinct templates of lines, in the order of their first line. */
export function texts(lines: readonly string[], templates = new Templates()): string[] {
  const ids = lines.map((line) => templates.add(line));
  templates.flush();
  return [...new Set(ids.map((id) => templates.resolve(id)))].map((id) => templates.text(id)!);
}
