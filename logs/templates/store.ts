/**
 * The templates of one service: which there are, which lines belong to them, and which have become one. Holds at most
 * `limit` templates; when there are more, those used longest ago are forgotten. What changed is noted entry by entry,
 * so that a caller that stores the templates writes only those.
 */
import { Aliases } from './aliases.ts';
import { type FormRecord, formFrom, formOf, staying } from './form.ts';
import { FormIndex } from './form-index.ts';
import { ProvenWords } from './proven.ts';
import type { Template, TemplateForm } from './template.ts';
import { hole, kinds, type Tokens } from './tokens.ts';

/**
 * A stored entry: a template, the id it had before it was found to be one with another, or a word that was found to
 * be a value. Plain JSON.
 */
export type TemplateRecord =
  | { readonly kind: 'word' }
  | { readonly kind: 'template'; readonly forms: readonly FormRecord[]; readonly born: number; readonly age: number }
  | { readonly kind: 'alias'; readonly of: string; readonly born: number };

/** Former ids that are kept per template that may be kept. */
const aliasesEach = 4;
/** Forms besides the shown one; more are given up, the oldest first. */
const formsEach = 16;
/** Keys of lines that are remembered, in each of two generations, per template that may be kept. */
const keysEach = 5;
/** Words known to be values, per template that may be kept. */
const wordsEach = 5;
/** What the name of a word's entry begins with; ids are of hexadecimal digits. */
const wordPrefix = 'word ';
/** Lines after which a template that was used again is stored again. */
const ageStep = 65_536;

export class Store {
  readonly pinned = new Set<string>();
  /** Words that were found to be values. */
  readonly proven: ProvenWords;
  readonly #limit: number;
  readonly #templates = new Map<string, Template>();
  readonly #aliases: Aliases;
  readonly #forms = new FormIndex(this.pinned);
  /** Keys seen lately, and those before: looking one up costs no bookkeeping. */
  #keys = new Map<number, TemplateForm>();
  #formerKeys = new Map<number, TemplateForm>();
  readonly #changed = new Set<string>();
  #lines = 0;
  #born = 0;
  /** Forms that appeared since the last merge began. */
  fresh = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#aliases = new Aliases(limit * aliasesEach, (id) => this.#changed.add(id));
    this.proven = new ProvenWords(limit * wordsEach, (word) => this.#changed.add(wordPrefix + word));
  }

  get size(): number {
    return this.#templates.size;
  }

  /** The form of a line, made if there is none yet. */
  add(key: number, tokens: Tokens, line: string): TemplateForm {
    let form = this.#keys.get(key);
    if (form === undefined) form = this.#remember(key, this.#formerKeys.get(key) ?? this.#learn(key, tokens, line));
    else if (form.into !== undefined) this.#keys.set(key, (form = staying(form)));
    if (form.written.size > 0) this.#compare(form, tokens, line);
    const template = form.owner;
    template.used = ++this.#lines;
    const age = Math.floor(this.#lines / ageStep);
    if (age !== template.age) {
      template.age = age;
      this.#changed.add(template.id);
    }
    return form;
  }

  /** The form that a line has, if it is known. */
  find(key: number, tokens: Tokens, line: string): TemplateForm | undefined {
    return this.#forms.find(key, tokens, line);
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  get(id: string): Template | undefined {
    return this.#templates.get(this.resolve(id));
  }

  /** The id that a template has now. */
  resolve(id: string): string {
    return this.#aliases.resolve(id);
  }

  /** The shown form of each template. */
  *allShown(): Generator<TemplateForm> {
    for (const { forms } of this.#templates.values()) yield forms[0]!;
  }

  /** Shown forms with `length` tokens. */
  shown(length: number): Iterable<TemplateForm> {
    return this.#forms.shown(length);
  }

  /** The lengths of shown forms that were added or changed since this was last asked, or hold a word proven since. */
  takeTouched(): Set<number> {
    return this.#forms.takeTouched(this.proven.takeFresh());
  }

  /** Keeps a word from becoming a value. Lines with it are looked at again. */
  pin(word: string): void {
    this.pinned.add(word);
    this.#forgetKeys();
  }

  /**
   * Makes `form` have holes at `places`, and one with the form that already looks like that, if there is one. `patterns`
   * has the words that keep some of their text.
   */
  open(form: TemplateForm, places: Iterable<number>, patterns: (place: number) => string = () => hole): void {
    this.#forms.remove(form);
    for (const place of places) {
      const pattern = patterns(place);
      if (pattern === hole && form.kinds[place]! & kinds.word) this.proven.add(form.tokens[place]!);
      form.open(place, pattern);
    }
    this.#list(form);
  }

  /** Gives `form` up if lines like it would now be taken for another form's. */
  settle(form: TemplateForm): void {
    const host = this.#forms.hostOf(form);
    if (host !== undefined) this.open(form, [...host.opened], (place) => host.tokens[place]!);
  }

  /** Makes one template of two. The older id stays; `shape` is the one whose form is shown. */
  unite(shape: Template, other: Template): void {
    if (shape === other) return;
    const [root, former] = shape.born < other.born ? [shape, other] : [other, shape];
    this.#forms.hide(root.forms[0]!);
    this.#forms.hide(former.forms[0]!);
    this.#arrange(root, [...shape.forms, ...other.forms]);
    root.used = Math.max(root.used, former.used);
    this.#templates.delete(former.id);
    this.#changed.add(former.id);
    this.#aliases.add(former.id, { of: root.id, born: former.born });
  }

  /** Shows a template in another shape; lines of the former one still belong to it. */
  reshape(template: Template, form: TemplateForm): void {
    this.#forms.hide(template.forms[0]!);
    template.forms.unshift(form);
    for (const old of template.forms.splice(1 + formsEach)) this.#drop(old);
    this.#list(form);
  }

  /** Takes over stored entries; the store must be empty. */
  load(entries: Iterable<readonly [string, TemplateRecord]>): void {
    for (const [id, record] of entries) {
      if (record.kind === 'word') {
        this.proven.load(id.slice(wordPrefix.length));
        continue;
      }
      this.#born = Math.max(this.#born, record.born + 1);
      if (record.kind === 'alias') this.#aliases.load(id, { of: record.of, born: record.born });
      else {
        const template = { id, forms: [], born: record.born, used: record.age * ageStep, age: record.age };
        this.#lines = Math.max(this.#lines, template.used);
        this.#adopt(
          template,
          record.forms.map((form) => formFrom<Template>(template, form)),
        );
      }
    }
    this.#changed.clear();
  }

  /** The entries that were added, changed or removed (undefined) since this was last asked. */
  *takeChanged(): Generator<readonly [string, TemplateRecord | undefined]> {
    const ids = [...this.#changed];
    this.#changed.clear();
    for (const id of ids) yield [id, this.#record(id)];
  }

  #record(id: string): TemplateRecord | undefined {
    if (id.startsWith(wordPrefix)) return this.proven.has(id.slice(wordPrefix.length)) ? { kind: 'word' } : undefined;
    const alias = this.#aliases.get(id);
    if (alias !== undefined) return { kind: 'alias', ...alias };
    const template = this.#templates.get(id);
    if (template === undefined) return undefined;
    const { forms, born, age } = template;
    return { kind: 'template', forms: forms.map((form) => form.record()), born, age };
  }

  #adopt(template: Template, forms: readonly TemplateForm[]): void {
    this.#templates.set(template.id, template);
    template.forms.push(...forms);
    for (const form of forms) this.#list(form);
  }

  #learn(key: number, tokens: Tokens, line: string): TemplateForm {
    const known = this.find(key, tokens, line);
    if (known !== undefined) {
      this.#prove(known, tokens, line);
      return known;
    }
    const age = Math.floor(this.#lines / ageStep);
    const template: Template = { id: this.#freeId(key), forms: [], born: this.#born++, used: this.#lines, age };
    const form = formOf(template, tokens, line);
    this.#adopt(template, [form]);
    this.#changed.add(template.id);
    this.fresh++;
    if (this.#templates.size > this.#limit) this.#forgetOldest(template);
    return form;
  }

  /** Words of a new line in the holes of a form that takes it are values. */
  #prove(form: TemplateForm, tokens: Tokens, line: string): void {
    for (const place of form.opened) {
      if (form.isFree(place) && tokens.kind[place]! & kinds.word) this.proven.add(tokens.text(line, place));
    }
  }

  #freeId(key: number): string {
    for (; ; key++) {
      const id = key.toString(16).padStart(14, '0');
      if (!this.#templates.has(id) && this.#aliases.get(id) === undefined) return id;
    }
  }

  #compare(form: TemplateForm, tokens: Tokens, line: string): void {
    const before = form.written.size;
    form.compare(tokens, line);
    if (form.written.size < before) this.#changed.add(form.owner.id);
  }

  #remember(key: number, form: TemplateForm): TemplateForm {
    if (this.#keys.size >= this.#limit * keysEach) {
      this.#formerKeys = this.#keys;
      this.#keys = new Map();
    }
    form = staying(form);
    this.#keys.set(key, form);
    return form;
  }

  #forgetKeys(): void {
    this.#keys.clear();
    this.#formerKeys.clear();
  }

  /** Makes room for a sixteenth of the templates there may be; keeps `newest`. */
  #forgetOldest(newest: Template): void {
    const oldest = [...this.#templates.values()].sort((x, y) => x.used - y.used || x.born - y.born);
    const gone = new Set(oldest.slice(0, Math.ceil(this.#limit / 16)).filter((template) => template !== newest));
    for (const template of gone) {
      // A merge under way may still know the forms; it sees by the emptied list that they are no more.
      for (const form of template.forms.splice(0)) this.#drop(form);
      this.#templates.delete(template.id);
      this.#changed.add(template.id);
    }
    this.#aliases.keep(this.#templates);
    this.#forgetKeys();
  }

  /** Enters a form of a template; if an equal one is there already, the two are one. */
  #list(form: TemplateForm): void {
    const twin = this.#forms.add(form);
    if (twin !== undefined) return this.#identify(twin, form);
    if (form === form.owner.forms[0]) this.#forms.show(form);
    this.#changed.add(form.owner.id);
  }

  #identify(twin: TemplateForm, form: TemplateForm): void {
    const { owner } = form;
    this.#forms.remove(twin);
    twin.agree(form);
    this.#forms.add(twin);
    form.into = twin;
    owner.forms[owner.forms.indexOf(form)] = twin;
    if (owner === twin.owner) this.#arrange(owner, owner.forms);
    else this.unite(twin.owner, owner);
  }

  /** Gives a template its forms, each once and not too many. */
  #arrange(template: Template, forms: readonly TemplateForm[]): void {
    const all = [...new Set(forms)];
    for (const form of all.slice(1 + formsEach)) this.#drop(form);
    template.forms.splice(0, Number.POSITIVE_INFINITY, ...all.slice(0, 1 + formsEach));
    for (const form of template.forms) form.owner = template;
    this.#forms.show(template.forms[0]!);
    this.#changed.add(template.id);
  }

  #drop(form: TemplateForm): void {
    this.#forms.remove(form);
    this.#forgetKeys();
  }
}
