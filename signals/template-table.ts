/** The table of templates: which kinds of lines each service writes. Rows come from the watch, now and then. */
import { nameType, rowTable, timeText, timeType } from './row-table.ts';
import type { ReportedTemplate } from './template-watch.ts';

/** What kinds of lines there are. */
export const templatesTable = rowTable<{ readonly environment: string; readonly template: ReportedTemplate }>({
  name: 'templates',
  comment: 'One row per service and template: what it writes, with <*> for each value',
  columns: {
    environment: { type: nameType, comment: 'The environment', value: ({ environment }) => environment },
    service: { type: nameType, comment: 'The service', value: ({ template }) => template.service },
    template_id: {
      type: 'String',
      comment: "A hash of the first line's form",
      value: ({ template }) => template.id,
    },
    template: { type: 'String', comment: 'The text, <*> for each value', value: ({ template }) => template.text },
    alias_of: {
      type: 'String',
      comment: 'The id of the template that it turned out to be; empty while it is its own',
      value: ({ template: { id, into } }) => (into === id ? '' : into),
    },
    level: {
      type: nameType,
      comment: 'Level of its first line, or empty',
      value: ({ template }) => template.level ?? '',
    },
    first_seen: {
      type: timeType,
      comment: 'When its first line happened',
      value: ({ template }) => timeText(template.first),
    },
    last_seen: {
      type: timeType,
      comment: 'End of the last ten seconds in which it came, up to a quarter of an hour old',
      value: ({ template }) => timeText(template.last),
    },
    count: { type: 'UInt64', comment: 'Lines of it, as old as last_seen', value: ({ template }) => template.count },
    sample: {
      type: 'String',
      comment: 'Its first line, cut after 400 characters',
      value: ({ template }) => template.sample,
    },
  },
  identity: ['environment', 'service', 'template_id'],
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
