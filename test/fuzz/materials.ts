/**
 * What the fuzzer makes its logs of: the sample lines of every format, envelopes to put around lines, traces of many
 * runtimes, and the tokens, numbers, times and characters that readers trip over.
 */
import { dialects, textFormats } from '../../logs/formats/index.ts';
import { type Random, seeded } from '../support/templates/generate.ts';

export type { Random };
export { seeded };

/** One of several. */
export function pick<T>(values: readonly T[], random: Random): T {
  return values[random(values.length)]!;
}

/** A number up to 10 to the power of `power`, small ones as often as large ones. */
export function magnitude(power: number, random: Random): number {
  return Math.ceil(10 ** ((power * random(1_000_000)) / 1_000_000));
}

/** Every line that a format shows as its own. */
export const samples: readonly string[] = [...textFormats, ...dialects].flatMap((format) =>
  format.samples.map(({ line }) => line),
);

/** Keys of records: those that a dialect is known by, and those that objects have from birth. */
export const keys: readonly string[] = [
  ...dialects.flatMap(({ knownBy, roles, renames }) => [...knownBy, ...Object.keys({ ...roles, ...renames })]),
  ...['__proto__', 'constructor', 'toString', 'valueOf', 'toJSON', 'hasOwnProperty', 'length', 'then', '', '.', 'a.b'],
  ...['level', 'time', '@timestamp', 'msg', 'message', 'log', 'trace_id', 'spanId', 'service', 'error.stack_trace'],
  ...['stream', 'kubernetes', 'attrs', 'labels', 'pod_name', 'logtag', 'date', 'agent', 'input', '@metadata', 'data'],
  ...[
    'MESSAGE',
    '__REALTIME_TIMESTAMP',
    'PRIORITY',
    '_PID',
    'SYSLOG_IDENTIFIER',
    'source_type',
    'container',
    '_partial',
  ],
  ...['resourceLogs', 'scopeLogs', 'logRecords', 'body', 'attributes', 'key', 'value', 'intValue', 'stringValue'],
  ...['timeUnixNano', 'severityNumber', 'instant.epochSecond', 'instant.nanoOfSecond', 'resource', 'x'.repeat(200)],
];

/** Times at the edges of what clocks can show, and beyond. */
export const times: readonly string[] = [
  ...['0000-01-01T00:00:00Z', '0001-01-01 00:00:00', '9999-12-31T23:59:59.999999999Z', '9999-12-31 23:59:60'],
  ...['2026-01-29T24:00:00Z', '2026-01-29T23:59:60Z', '2016-12-31 23:59:60,999', '2026-01-29T08:51:61Z'],
  ...[
    '2026-02-29 08:51:24',
    '2024-02-29 08:51:24',
    '1900-02-29T00:00:00',
    '2026-13-01 00:00:00',
    '2026-00-00 00:00:00',
  ],
  ...[
    '2026-01-29T08:51:24+14:59',
    '2026-01-29T08:51:24-14:59',
    '2026-01-29T08:51:24+18:00',
    '2026-01-29T08:51:24+99:99',
  ],
  ...['2026-01-29T08:51:24.1234567890123456789012Z', '2026-01-29T08:51:24.Z', '2026-01-29T08:51:24,', '2026-01-29T'],
  ...['2026-03-29 02:30:00', '2026-10-25 02:30:00', '29/Feb/2025:08:51:24 +0000', '31/Apr/2026:25:61:61 +9999'],
  ...['Feb 29 23:59:60', 'Feb 30 00:00:00', 'Jan  0 00:00:00', 'Dec 31 23:59:59', '24:00:00.000', '23:59:60.999'],
  ...['E1332 99:99:99.999999', 'I0229 24:00:00.000000', '000000 00:00:00', '691231 23:59:59', '99991231T235960'],
  ...['1/32/2026 12:00:00 AM', '13/13/2026 13:00:00 PM', '0/0/0000 0:00:00', '29.02.2025 08:51:24'],
  ...['0000000000', '9999999999', '9999999999999', '9999999999999999', '9999999999999999999', '1769676684.99999999999'],
  ...['Thu Jan 29 08:51:24 XYZ 2026', 'Thu Feb 31 08:51:24 UTC 9999', '29-Jan-2026::24:00:00', '99999-01-01 00:00:00'],
];

/** Numbers that are none, or too many digits, or not what they seem. */
export const numbers: readonly string[] = [
  ...['0', '-0', '-1', '00', '9007199254740993', '99999999999999999999', '1e999', '-1e-999', '0x1f', '1_000', '1.2.3'],
  ...['NaN', 'Infinity', '2147483648', '4294967296', '18446744073709551616', '.', '..', '-', '--', '١٢٣', '１２', '½'],
  ...['9'.repeat(400), `0.${'0'.repeat(400)}1`, '1'.repeat(15), '1'.repeat(16)],
];

/** Signs, escapes and words that begin, part or end what some format has. */
export const tokens: readonly string[] = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '\\\\',
    '\\\\"',
    '\\u',
    '\\ud800',
    '\\x',
    '%',
    '%2',
    '%{',
    '""',
    '"",""',
    ',"',
    '","',
  ],
  ...['[', ']', '[[', ']]', '[]', '(', ')', '()', '{', '}', '{}', '<', '>', '<*>', '<1>', '[a b="', '"]'],
  ...[
    ' ',
    '  ',
    '\t',
    ' - ',
    ' -- ',
    ' --- ',
    ': ',
    ' : ',
    '::',
    '=',
    '==',
    'a=',
    'a="',
    'a=b ',
    ',',
    ', ',
    ';',
    '|',
    '\\|',
  ],
  ...['.', '...', 'a.b', 'a.b.c', '/', '//', '://', '/a', 'C:\\', '@', '#', '#7', '~', '^', '&', '*', '!', '?', '+'],
  ...[
    'ERROR',
    'ERROR ',
    '[error] ',
    'level=',
    'ts=',
    'msg=',
    'traceid ',
    'trace_id=',
    'spanId:',
    'TraceID: ',
    ' from ',
  ],
  ...[
    'rhost=',
    ' port ',
    ' in ',
    ' on line ',
    ', client: ',
    ' HTTP/',
    'HTTP/1.1" ',
    '[client ',
    'took[',
    'took_millis[',
  ],
  ...[
    ' statement:',
    ' duration: ',
    'pid=1 ',
    'msg=audit(',
    'CEF:0|',
    'LEEF:',
    '# Time: ',
    '#Fields: ',
    '# User@Host: ',
  ],
  ...[
    '\n',
    '\nat ',
    '\n\tat a.b(C.java:1)',
    '\nCaused by: ',
    '\nTraceback (most recent call last):',
    '\n  File "a", line 1',
  ],
  ...[
    '10.0.0.7',
    '10.0.0.7, ',
    '::1',
    'fe80::',
    '10.0.0.7:80',
    '[::1]:80',
    'joe@host',
    'com.shop.Cart',
    'node-12',
    'eth0',
  ],
  ...[
    'goroutine 1 [running]:',
    'panic: ',
    '{"a":',
    '{"log":"',
    '{\\"log\\":\\"',
    '"}',
    '\\n"}',
    ' stdout F ',
    ' stderr P ',
  ],
];

/** Characters that are no text, or not the text they look like. */
export const oddities: readonly string[] = [
  ...[
    '\0',
    '\u0001',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2028',
  ],
  ...['\u2029', '\ufeff', '\ufffd', '\uffff', '\ud800', '\udc00', '\udbff\udfff', '\udc00\ud800', 'e\u0301', '\u0301'],
  ...['İ', 'ı', 'ß', 'ﬀ', 'Ǆ', '日本語', '👩‍👩‍👧', '𝟙𝟚', '\v', '\f', '\r', '\b'],
];

/** What may end a line; most readers know the first only. */
export const lineEnds: readonly string[] = [
  '\n',
  '\r\n',
  '\r',
  '\v',
  '\f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\n\n',
  '\r\r\n',
  '\0\n',
];

const stamp = '2026-01-29T08:51:24.967';

/** Events of several lines, as runtimes and servers write them. */
export const traces: readonly string[] = [
  `${stamp} ERROR [main] c.e.Cart - no stock\njava.lang.IllegalStateException: none\n\tat c.e.Cart.add(Cart.java:12)\nCaused by: java.io.IOException: gone\n\t... 12 more`,
  `${stamp} ERROR shop: no stock\nTraceback (most recent call last):\n  File "cart.py", line 12, in add\n    raise KeyError(1)\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "cart.py", line 14, in add\nValueError: 2`,
  'panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d\nexit status 2',
  'Error: no stock\n    at Cart.add (/app/cart.js:12:9)\n    at process.processTicksAndRejections (node:internal)\n  code: 7\n}',
  `fail: Shop.Cart[12]\n      no stock\n      System.InvalidOperationException: none\n         at Shop.Cart.Add(Int32 n) in /src/Cart.cs:line 12`,
  '2026-01-29 08:51:24.967 UTC [42] ERROR:  relation "orders" does not exist at character 15\n2026-01-29 08:51:24.967 UTC [42] STATEMENT:  SELECT *\n\tFROM orders\n\tWHERE id = 7',
  '# Time: 2026-01-29T08:51:24.967Z\n# User@Host: shop[shop] @ web-1 [10.0.0.7]  Id:    42\n# Query_time: 2.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 9\nSET timestamp=1769676684;\nSELECT 1;',
  `2026-01-29 08:51:24.967 UTC,"shop","shop",42,"10.0.0.7:38630",697,1,"SELECT",2026-01-29 08:51:24 UTC,3/7,0,ERROR,42P01,"a ""b""\nc",,,,,,"SELECT\n1",15,,"app"`,
  `thread 'main' panicked at src/main.rs:2:5:\nno stock\nnote: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
  `[29-Jan-2026 08:51:24 UTC] PHP Fatal error:  Uncaught Exception: no stock in /app/cart.php:12\nStack trace:\n#0 {main}\n  thrown in /app/cart.php on line 12`,
  '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip cs-method constructor sc-status\n2026-01-29 08:51:24 10.0.0.7 GET __proto__ 200',
];

/** Puts a line into what a shipper or a container runtime would send. */
export const envelopes: readonly ((line: string, random: Random) => string)[] = [
  (log, r) =>
    JSON.stringify({ log: r(4) === 0 ? log : `${log}\n`, stream: pick(['stdout', 'stderr'], r), time: `${stamp}Z` }),
  (line, r) => `${stamp}123456Z ${pick(['stdout', 'stderr'], r)} ${r(3) === 0 ? 'P' : 'F'} ${line}`,
  (log, r) =>
    JSON.stringify({ '@timestamp': 1769676684.967, log, kubernetes: { pod_name: `cart-${r(3)}`, host: 'n' } }),
  (log, r) => JSON.stringify({ date: 1769676684.967, stream: 'stdout', logtag: pick(['F', 'P'], r), log }),
  (message) =>
    JSON.stringify({ '@timestamp': `${stamp}Z`, message, agent: { type: 'filebeat' }, host: { name: 'web-1' } }),
  (MESSAGE) => JSON.stringify({ __REALTIME_TIMESTAMP: '1769676684967123', MESSAGE, PRIORITY: '3', _PID: '42' }),
  (line) => JSON.stringify({ __REALTIME_TIMESTAMP: '1769676684967123', MESSAGE: [...Buffer.from(line)] }),
  (message) => JSON.stringify({ message, source_type: 'file', host: 'web-1', timestamp: `${stamp}Z` }),
  (text) =>
    JSON.stringify({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ timeUnixNano: '1769676684967000000', body: { stringValue: text } }] }] },
      ],
    }),
  // What is put in front of a line: names of containers and pods, times of taking in, headers of syslog, colours.
  (line, r) => `${pick(['cart-1  | ', 'db_2        | ', 'shop_cart.1.x7k2@node-1    | ', 'cart | '], r)}${line}`,
  (line, r) => `${pick(['[pod/cart-75ff987878-kh56q/server] ', 'cart-75ff987878-kh56q cart ', '[cart-0] '], r)}${line}`,
  (line) => `${stamp}123456Z ${line}`,
  (line, r) => `${pick(['<11>', '<14>1 ', ''], r)}Jan 29 08:51:24 web-1 cart[42]: ${line}`,
  (line, r) =>
    `${pick(['\u001b[31m', '[1;36m', '\\u001b[2K', '\u001b]0;'], r)}${line}${pick(['\u001b[0m', '[0m', ''], r)}`,
  (line) => JSON.stringify(line),
];
