/** What must hold for the templates of any lines at all; see claims.ts. */
import type { TemplateRecord } from '../../logs/templates/store.ts';
import { Templates } from '../../logs/templates/templates.ts';
import type { Broken } from './broken.ts';
import type { Random } from './materials.ts';

/** Former ids, words and templates that a store of a certain limit may write down. */
const entriesEach = 10;
/** Forms that a template may have; of one that has so many, some may have been given up. */
const formCount = 17;

/** Learns the lines as a service does that is merged, stored and restarted now and then. */
export function templateClaims(lines: readonly string[], random: Random): Broken | undefined {
  const limit = [16, 200, 2000][random(3)]!;
  const every = 1 + random(100);
  const templates = new Templates({ limit });
  const stored = new Map<string, TemplateRecord>();
  const ids: string[] = [];
  let full = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const id = templates.add(line);
    if (templates.add(line) !== id) return { claim: 'a line has one id', reason: `line ${i + 1}, at once` };
    ids.push(id);
    if (i % every === 0) templates.step(1 + random(200));
    if (i % 50 === 0) store(templates, stored);
    full ||= templates.size >= limit;
    if (templates.size > limit) return { claim: 'templates are bounded', reason: `${templates.size} of ${limit}` };
  }
  templates.flush();
  store(templates, stored);
  if (stored.size > limit * entriesEach)
    return { claim: 'templates are bounded', reason: `${stored.size} entries of ${limit} templates` };
  return shown(templates, lines, ids) ?? (full ? undefined : lasting({ templates, stored, lines, ids, limit }));
}

function store(templates: Templates, stored: Map<string, TemplateRecord>): void {
  for (const [id, record] of templates.changed()) {
    if (record === undefined) stored.delete(id);
    else stored.set(id, JSON.parse(JSON.stringify(record)) as TemplateRecord);
  }
}

/** Values are parts of the line, and asking changes nothing. */
function shown(templates: Templates, lines: readonly string[], ids: readonly string[]): Broken | undefined {
  for (let i = 0; i < lines.length; i++) {
    const text = templates.text(ids[i]!);
    for (const { value } of templates.parameters(lines[i]!))
      if (!lines[i]!.includes(value)) return { claim: 'values are parts of the line', reason: value };
    if (templates.text(ids[i]!) !== text) return { claim: 'asking changes nothing', reason: String(text) };
  }
  return undefined;
}

interface Learnt {
  readonly templates: Templates;
  readonly stored: ReadonlyMap<string, TemplateRecord>;
  readonly lines: readonly string[];
  readonly ids: readonly string[];
  readonly limit: number;
}

/**
 * As long as nothing had to be forgotten, every line still has its template, also after a restart. Where templates grew
 * until two of them take a line, it may change from one to the other.
 */
function lasting({ templates, stored, lines, ids, limit }: Learnt): Broken | undefined {
  const after = new Templates({ limit });
  // A store gives entries by key, not as they came.
  after.load([...stored].sort(([x], [y]) => (x < y ? -1 : 1)));
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const now = templates.resolve(ids[i]!);
    if (templates.text(now) === undefined) return { claim: 'an id that was given is known', reason: `line ${i + 1}` };
    const record = stored.get(now)!;
    if (record.kind === 'template' && record.forms.length === formCount) continue;
    const takes = () => takesAlone(now, record, line);
    const reason = (id: string, of: Templates) =>
      `line ${i + 1} was of ${templates.text(now)}, which does not take it, and is of ${of.text(id)}`;
    const again = templates.resolve(templates.add(line));
    if (again !== now && !takes()) return { claim: 'a line keeps its template', reason: reason(again, templates) };
    if (after.text(now) === undefined) return { claim: 'a restart loses no template', reason: `line ${i + 1}` };
    if (after.text(now) !== templates.text(now))
      return { claim: 'a restart changes no text', reason: `${templates.text(now)} became ${after.text(now)}` };
    const loaded = after.resolve(after.add(line));
    if (loaded !== now && !takes()) return { claim: 'a restart changes no id', reason: reason(loaded, after) };
  }
  return undefined;
}

/** Whether a template would take the line if there were no other. */
function takesAlone(id: string, record: TemplateRecord, line: string): boolean {
  const alone = new Templates();
  alone.load([[id, record]]);
  return alone.add(line) === id;
}
