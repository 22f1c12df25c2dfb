/**
 * Forms that are `key=value` all over and differ in any of the values: few lines show all of their combinations. Values
 * in quotes may be of any length.
 */
import { groups, isCurrent, placeOf } from './columns.ts';
import { Form } from './form.ts';
import { fieldsOf, keyAround, type Region } from './regions.ts';
import type { Store } from './store.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds } from './tokens.ts';
import { areMany, isVariable } from './variable.ts';

/** Fields that make a form one of fields. */
const leastFields = 3;

/** Makes forms one that differ in their fields. */
export function* fields(store: Store): Generator<number, void> {
  const regions = new Map<TemplateForm, readonly Region[]>();
  for (const form of store.allShown()) {
    const found = fieldsOf(form);
    if (found.length >= leastFields) regions.set(form, found);
  }
  yield regions.size + 1;
  for (const group of groups(regions.keys(), (form) => keyAround(form, regions.get(form)!))) {
    const count = regions.get(group[0]!)!.length;
    const open: number[] = [];
    for (let i = 0; i < count; i++) if (isOpen(store, group, (form) => regions.get(form)![i]!)) open.push(i);
    if (open.length > 0) {
      for (const form of group) {
        if (isCurrent(form))
          openFields(
            store,
            form,
            open.map((i) => regions.get(form)![i]!),
          );
      }
    }
    yield group.length;
  }
}

/** Whether a field of a group of forms is variable. */
function isOpen(store: Store, group: readonly TemplateForm[], regionOf: (form: TemplateForm) => Region): boolean {
  const places = new Map(group.map((form) => [form, regionOf(form).start]));
  if (group.every((form) => length(regionOf(form)) === 1)) {
    return isVariable({ ...placeOf(group, (form) => places.get(form)!), isFirst: false }, store.proven);
  }
  const contents = new Set(group.map((form) => textOf(form, regionOf(form))));
  return contents.size > 1 && (group.some((form) => form.opened.has(places.get(form)!)) || areMany(contents));
}

/** Makes values of the regions that hold no pinned word. */
function openFields(store: Store, form: TemplateForm, regions: readonly Region[]): void {
  const free = regions.filter(
    ({ start, end }) => !form.tokens.slice(start, end).some((word) => store.pinned.has(word)),
  );
  const changed = free.filter((region) => length(region) > 1 || form.tokens[region.start] !== hole);
  if (changed.length === 0) return;
  // A mere sign is no word: lines with it keep their form.
  if (changed.every((region) => length(region) === 1 && form.kinds[region.start]! & kinds.word))
    return store.open(
      form,
      changed.map(({ start }) => start),
    );
  store.reshape(form.owner, withHoles(form, changed));
}

/** The form with one hole in place of each region. */
function withHoles(form: TemplateForm, regions: readonly Region[]): TemplateForm {
  const kept: number[] = [];
  const opened = new Set<number>();
  let next = 0;
  for (let i = 0; i < form.length; i++) {
    kept.push(i);
    const region = regions[next];
    if (region?.start !== i) continue;
    opened.add(kept.length - 1);
    i = region.end - 1;
    next++;
  }
  const tokens = kept.map((place, i) => (opened.has(i) ? hole : form.tokens[place]!));
  const shown: TemplateForm = new Form(form.owner, tokens, (i) => (form.kinds[kept[i]!]! & kinds.blank) !== 0);
  kept.forEach((place, i) => {
    if (opened.has(i) || form.opened.has(place)) shown.opened.add(i);
  });
  return shown;
}

function textOf({ tokens }: TemplateForm, { start, end }: Region): string {
  return end === start + 1 ? tokens[start]! : tokens.slice(start, end).join(' ');
}

function length({ start, end }: Region): number {
  return end - start;
}
