/**
 * What settings say together: values that contradict one another are refused; what rules of suppression may hold
 * back, rules.ts says. Settings that are left out count with their defaults. Some settings are checked by the code that
 * uses them: only the formula's compiler knows what a formula may hold.
 */
import { elasticsearch } from '../../connectors/elasticsearch/elasticsearch.ts';
import { scorer } from '../../decisions/score.ts';
import { hasCode, type MillraceError, reasonOf } from '../../errors.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { logParser } from '../../logs/parser.ts';
import { checkOnce } from './objectives.ts';
import { checkRules } from './rules.ts';
import type { YamlText } from './yaml-text.ts';

type Refuse = YamlText['refuse'];

/** What is checked. */
export interface Checked {
  readonly settings: IncidentSettings;
  readonly search?: { readonly node: string; readonly index?: string };
}

/** Refuses the first contradiction. Throws what `refuse` throws. */
export function checkSettings({ settings, search }: Checked, refuse: Refuse): void {
  const { score, timezone, formats, suppressions, grouping, objectives } = settings;
  checkOrder(score.severities, { path: ['score', 'severities'], mayBeEqual: false, refuse });
  checkOrder(score.weights, { path: ['score', 'weights'], mayBeEqual: true, refuse });
  if (grouping.onsetWithin > grouping.span) {
    const reason = `must not be longer than span (${grouping.span / 1_000} s), the whole incident`;
    refuse(['grouping', 'onset_within'], reason);
  }
  checkDistinct(formats, { path: ['formats'], field: 'name', refuse });
  checkDistinct(suppressions, { path: ['suppressions'], field: 'id', refuse });
  checkOnce(objectives, refuse);
  checkRules(suppressions, (i, field, reason) => refuse(['suppressions', i, field], reason));
  refusedBy(
    () => scorer(score),
    (reason) => refuse(['score', 'formula'], reason),
  );
  if (timezone !== undefined)
    refusedBy(
      () => logParser({ timezone }),
      (reason, error) => refuse(['timezone'], hasCode(error, 'OPTION_INVALID') ? unnamed(error) : reason),
    );
  for (const [i, format] of formats.entries()) {
    const { pattern, layout } = format;
    if ((pattern === undefined) === (layout === undefined)) refuse(['formats', i], 'give it a pattern or a layout');
    refusedBy(
      () => logParser({ formats: [format] }),
      (reason) => refuse(['formats', i, pattern === undefined ? 'layout' : 'pattern'], reason),
    );
  }
  if (search?.index !== undefined) {
    const { index, node } = search;
    refusedBy(
      () => elasticsearch(index, { node, document: () => ({}) }),
      (reason) => refuse(['archive', 'elasticsearch', 'index'], reason),
    );
  }
}

interface Place {
  readonly path: readonly string[];
  readonly refuse: Refuse;
}

/** Values that must rise in the order in which they are listed. */
function checkOrder(
  values: Readonly<Record<string, number>>,
  { path, mayBeEqual, refuse }: Place & { readonly mayBeEqual: boolean },
): void {
  const list = Object.entries(values);
  for (const [i, [higher, value]] of list.entries()) {
    const [lower, below] = list[i - 1] ?? [];
    if (below === undefined || value > below || (mayBeEqual && value === below)) continue;
    refuse(
      [...path, higher],
      `is ${value}, and must be ${mayBeEqual ? 'at least' : 'above'} ${lower}, which is ${below}`,
    );
  }
}

/** What things are called must tell them apart. */
function checkDistinct<K extends string>(
  list: readonly { readonly [name in K]: string }[],
  { path, field, refuse }: Place & { readonly field: K },
): void {
  const known = new Set<string>();
  for (const [i, { [field]: name }] of list.entries()) {
    if (known.has(name)) refuse([...path, i, field], `'${name}' is there already; give each its own`);
    known.add(name);
  }
}

/** Without the name that the option has in code, which the author of a setting does not know. */
const unnamed = ({ detail }: MillraceError): string => `is ${detail['got']}; it must be ${detail['expected']}`;

function refusedBy(use: () => unknown, refuse: (reason: string, error: unknown) => never): void {
  try {
    use();
  } catch (error) {
    refuse(reasonOf(error), error);
  }
}
