/** Records of a shop in every form in which shippers pack several on one line. */

/** A record as its program wrote it. */
export interface ShopRecord {
  readonly time: number;
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly trace: string;
}

const json = ({ time, level, message, trace }: ShopRecord): string =>
  JSON.stringify({ '@timestamp': new Date(time).toISOString(), level, message, trace_id: trace, service: 'cart' });

const otlpRecord = ({ time, level, message, trace }: ShopRecord) => ({
  timeUnixNano: `${time}000000`,
  severityText: level,
  body: { stringValue: message },
  traceId: trace,
});

const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'cart' } },
    { key: 'k8s.pod.name', value: { stringValue: 'cart-7' } },
  ],
};

/** An OTLP request with all records in one scope. */
export const otlpBatch = (records: readonly ShopRecord[]): string =>
  JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'shop' }, logRecords: records.map(otlpRecord) }] }],
  });

/** An OTLP request with a resource for each record. */
const otlpApart = (records: readonly ShopRecord[]): string =>
  JSON.stringify({
    resourceLogs: records.map((record) => ({ resource, scopeLogs: [{ logRecords: [otlpRecord(record)] }] })),
  });

const list = (records: readonly ShopRecord[]): string => `[${records.map(json).join(', ')}]`;

const cloudWatch = (records: readonly ShopRecord[]): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logGroup: '/aws/lambda/cart',
    logStream: '2026/01/29/[$LATEST]7',
    subscriptionFilters: ['all'],
    logEvents: records.map((record) => ({ id: record.trace, timestamp: record.time, message: json(record) })),
  });

const loki = (records: readonly ShopRecord[]): string =>
  JSON.stringify({
    streams: [
      {
        stream: { app: 'cart', pod: 'cart-7' },
        values: records.map((record) => [`${record.time}000000`, json(record), { region: 'west' }]),
      },
    ],
  });

const hec = (record: ShopRecord): string =>
  JSON.stringify({ time: record.time / 1_000, host: 'web-1', source: 'cart.log', event: JSON.parse(json(record)) });

/** How a list of records stands on one line, by name. */
export const packings: Readonly<Record<string, (records: readonly ShopRecord[]) => string>> = {
  'an OTLP batch': otlpBatch,
  'an OTLP batch of many resources': otlpApart,
  'a list': list,
  'objects one after the other': (records) => records.map(json).join(''),
  'objects with blanks between': (records) => records.map(json).join(' '),
  'events for Splunk': (records) => records.map(hec).join(''),
  'a delivery of CloudWatch': cloudWatch,
  'deliveries of CloudWatch one after the other': (records) => records.map((r) => cloudWatch([r])).join(''),
  'a push to Loki': loki,
  'an AWS file': (records) => `{"Records":${list(records)}}`,
  'a batch of Azure': (records) => `{"records": ${list(records)}}`,
  'lines of Docker in a list': (records) =>
    JSON.stringify(
      records.map((record) => ({ log: `${json(record)}\n`, stream: 'stdout', time: '2026-01-29T09:00:00Z' })),
    ),
  'a list in a line of Docker': (records) =>
    JSON.stringify({ log: `${list(records)}\n`, stream: 'stdout', time: '2026-01-29T09:00:00Z' }),
  'an OTLP batch in a line of Filebeat': (records) =>
    JSON.stringify({ '@timestamp': '2026-01-29T09:00:00Z', agent: { type: 'filebeat' }, message: otlpBatch(records) }),
  'an OTLP batch in a line of a container': (records) =>
    `2026-01-29T09:00:00.123456789Z stdout F ${otlpBatch(records)}`,
};
