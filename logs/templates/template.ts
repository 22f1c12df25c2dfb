/**
 * A template as the store keeps it.
 */
import type { Form } from './form.ts';

/** One kind of lines. The first of its forms is the one that is shown and merged with others. */
export interface Template {
  readonly id: string;
  readonly forms: TemplateForm[];
  /** Place in the order of appearance. */
  readonly born: number;
  /** Count of lines when it was last used, and the same, coarser, as it is stored. */
  used: number;
  age: number;
}

export type TemplateForm = Form<Template>;
