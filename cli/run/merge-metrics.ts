/**
 * The metrics of several workers as one page: each line gets the label `worker`, and what a metric means is said once.
 */
export function mergeMetrics(pages: ReadonlyMap<number, string>): string {
  const metrics = new Map<string, { help: string[]; lines: string[] }>();
  for (const [worker, page] of pages) {
    let help: string[] = [];
    let current = { help, lines: [] as string[] };
    for (const line of page.split('\n')) {
      if (line.startsWith('# HELP ')) {
        help = [line];
        const name = line.split(' ', 3)[2]!;
        current = metrics.get(name) ?? { help, lines: [] };
        metrics.set(name, current);
      } else if (line.startsWith('#')) help.push(line);
      else if (line !== '') current.lines.push(labelled(line, worker));
    }
  }
  const texts = [...metrics.values()].flatMap(({ help, lines }) => [...help, ...lines]);
  return texts.length === 0 ? '' : `${texts.join('\n')}\n`;
}

function labelled(line: string, worker: number): string {
  const at = line.indexOf('{');
  if (at < 0) return line.replace(' ', `{worker="${worker}"} `);
  return `${line.slice(0, at)}{worker="${worker}",${line.slice(at + 1)}`;
}
