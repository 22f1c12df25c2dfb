/**
 * Elasticsearch: `[time][LEVEL][logger] [node] [index] text` of the server and deprecation logs, the slow logs, and the
 * access log that preceded the audit log. Of a slow request and of an access the parts become fields, and the message
 * stays the line.
 */
import { keep, layout, optional, type Piece } from '../layouts/layout.ts';
import { blanks, bracketed, level, message, rest, time, whole } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { closeBracketCode, isBlank, openBracketCode, skipBlanks, spaceCode, underscoreCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const elasticsearch: TextFormat = {
  name: 'elasticsearch',
  layouts: [
    layout(
      ...[
        '[',
        time,
        '][',
        level,
        blanks,
        '][',
        logger(isSlow),
        ']',
        blanks,
        nodeAndIndex(),
        whole('message'),
        rest('details'),
      ],
    ),
    layout('[', time, '][', level, blanks, '][', logger(isOther), ']', blanks, nodeAndIndex(), message),
    layout(...['[', time, '] ', nodeAndLayer()], ...[bracketed('event.action'), whole('message'), rest('details')]),
  ],
  finish,
  samples: [
    {
      line: '[2026-01-29T08:51:24,967][WARN ][o.e.d.c.ParseField       ] Deprecated field [inline] used',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'Deprecated field [inline] used',
      fields: {
        'log.level': 'WARN',
        'log.logger': 'o.e.d.c.ParseField',
      },
    },
    {
      line: '[2026-01-29T08:51:24,967][INFO ][o.e.c.m.MetadataCreateIndexService] [node-1] [orders/Xy_9] create_mapping',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'create_mapping',
      fields: {
        'log.level': 'INFO',
        'log.logger': 'o.e.c.m.MetadataCreateIndexService',
        'elasticsearch.node.name': 'node-1',
        'elasticsearch.index.name': 'orders',
        'elasticsearch.index.id': 'Xy_9',
      },
    },
    {
      line: '[2026-01-29T08:51:24,967][WARN ][index.search.slowlog.query] [node-1] [orders][0] took[2.5s], took_millis[2500], types[], source[{"size":1}],',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message:
        '[2026-01-29T08:51:24,967][WARN ][index.search.slowlog.query] [node-1] [orders][0] took[2.5s], took_millis[2500], types[], source[{"size":1}],',
      fields: {
        'log.level': 'WARN',
        'log.logger': 'index.search.slowlog.query',
        'elasticsearch.node.name': 'node-1',
        'elasticsearch.index.name': 'orders',
        'event.duration': 2500000000,
      },
    },
    {
      line: '[2026-01-29T08:51:24,967] [node-1] [rest] [authentication_failed]\torigin_address=[10.0.0.7], principal=[shop], uri=[/_cat]',
      time: '2026-01-29T08:51:24.967Z',
      level: null,
      message:
        '[2026-01-29T08:51:24,967] [node-1] [rest] [authentication_failed]\torigin_address=[10.0.0.7], principal=[shop], uri=[/_cat]',
      fields: {
        'elasticsearch.node.name': 'node-1',
        'elasticsearch.audit.layer': 'rest',
        'event.action': 'authentication_failed',
        'source.ip': '10.0.0.7',
        'user.name': 'shop',
        'url.original': '/_cat',
      },
    },
  ],
};

/** Logstash: `[time][LEVEL][logger][pipeline] text`. */
export const logstash: TextFormat = {
  name: 'logstash',
  layouts: [
    layout(
      ...['[', time, '][', level, blanks, '][', logger(isLogstash), ']'],
      ...[
        optional(bracketed('logstash.log.pipeline_id')),
        optional(bracketed('logstash.log.plugin_id')),
        blanks,
        message,
      ],
    ),
  ],
  samples: [
    {
      line: '[2026-01-29T08:51:24,967][ERROR][logstash.outputs.elasticsearch][main] Will retry',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'Will retry',
      fields: {
        'log.level': 'ERROR',
        'log.logger': 'logstash.outputs.elasticsearch',
        'logstash.log.pipeline_id': 'main',
      },
    },
    {
      line: '[2026-01-29T08:51:24,967][INFO ][logstash.inputs.jdbc     ] (0.05s) SELECT name\nFROM people',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: '(0.05s) SELECT name\nFROM people',
      fields: {
        'log.level': 'INFO',
        'log.logger': 'logstash.inputs.jdbc',
      },
    },
  ],
};

/** A logger's name of the right kind, and the blanks behind it. */
function logger(accept: (word: string) => boolean): Piece {
  return {
    make: (capture) => {
      const group = capture('log.logger');
      return (text, at, match) => {
        let end = at;
        while (text.charCodeAt(end) > spaceCode && text.charCodeAt(end) !== closeBracketCode) end++;
        if (end === at || !accept(text.slice(at, end))) return -1;
        keep(match, group, at, end);
        return skipBlanks(text, end);
      };
    },
  };
}

function isOther(word: string): boolean {
  return !isLogstash(word) && !isSlow(word);
}

function isSlow(word: string): boolean {
  return word.startsWith('index.') ? word.includes('.slowlog') : word.startsWith('i.s.s.') || word.startsWith('i.i.s.');
}

function isLogstash(word: string): boolean {
  return word.startsWith('logstash.') || word.startsWith('org.logstash') || word.startsWith('slowlog.logstash');
}

/** `[node] [index/id] ` or `[node] `, or nothing: names without blanks. */
function nodeAndIndex(): Piece {
  return {
    make: (capture) => {
      const node = capture('elasticsearch.node.name');
      const index = capture('elasticsearch.index.name');
      const id = capture('elasticsearch.index.id');
      return (text, at, match) => {
        const nodeEnd = nameEnd(text, at);
        if (nodeEnd < 0) return at;
        keep(match, node, at + 1, nodeEnd);
        const second = skipBlanks(text, nodeEnd + 1);
        const indexEnd = nameEnd(text, second);
        if (indexEnd < 0) return second;
        const slash = text.indexOf('/', second);
        const hasId = slash > 0 && slash < indexEnd;
        keep(match, index, second + 1, hasId ? slash : indexEnd);
        if (hasId) keep(match, id, slash + 1, indexEnd);
        return skipBlanks(text, indexEnd + 1);
      };
    },
  };
}

/**
 * The closing bracket of a name without blanks; a blank follows it, or another bracket. `[_all]` is a field that the
 * text speaks of.
 */
function nameEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== openBracketCode || text.charCodeAt(at + 1) === underscoreCode) return -1;
  let end = at + 1;
  while (
    text.charCodeAt(end) > spaceCode &&
    text.charCodeAt(end) !== closeBracketCode &&
    text.charCodeAt(end) !== openBracketCode
  )
    end++;
  const next = text.charCodeAt(end + 1);
  return end > at + 1 && text.charCodeAt(end) === closeBracketCode && (isBlank(next) || next === openBracketCode)
    ? end
    : -1;
}

/** `[node] [layer] `, or the layer alone. */
function nodeAndLayer(): Piece {
  return {
    make: (capture) => {
      const node = capture('elasticsearch.node.name');
      const layer = capture('elasticsearch.audit.layer');
      return (text, at, match) => {
        let end = nameEnd(text, at);
        if (end > 0 && !layers.has(text.slice(at + 1, end))) {
          keep(match, node, at + 1, end);
          at = skipBlanks(text, end + 1);
          end = nameEnd(text, at);
        }
        if (end < 0 || !layers.has(text.slice(at + 1, end))) return -1;
        keep(match, layer, at + 1, end);
        return skipBlanks(text, end + 1);
      };
    },
  };
}

/** Reads `name[value]` of slow logs and `name=[value]` of accesses. */
function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const details = fields['details'];
  if (typeof details !== 'string') return;
  delete fields['details'];
  const took = Number(inBrackets(details, 'took_millis['));
  if (took > 0 && Number.isFinite(took * 1e6)) fields['event.duration'] = took * 1e6;
  for (const [key, name] of detailNames) {
    const value = inBrackets(details, key);
    if (value !== '') fields[name] = value;
  }
}

function inBrackets(text: string, opening: string): string {
  const at = text.indexOf(opening);
  return at < 0 ? '' : text.slice(at + opening.length, text.indexOf(']', at));
}

const layers = new Set(['transport', 'rest', 'ip_filter']);
const detailNames = [
  ['origin_address=[', 'source.ip'],
  ['principal=[', 'user.name'],
  ['uri=[', 'url.original'],
  ['action=[', 'elasticsearch.audit.action'],
  ['search_type[', 'elasticsearch.slowlog.search_type'],
] as const;
