/** Packed records that their sender wrote carelessly, wrapped once more, or was cut off in: each record counts. */
import { describe, expect, test } from 'vitest';
import { eventsOf, taken } from '../../support/packed-events.ts';

const [info, error] = ['{"level":"INFO","message":"a"}', '{"level":"ERROR","message":"b"}'];
const whole = [
  ['INFO', 'a', undefined],
  ['ERROR', 'b', undefined],
];
const left = (message: string) => [null, message, 'no whole record'];
const said = (lines: readonly string[]) =>
  eventsOf(lines).map((log) => [log.level, log.message, log.parsed_fields['event.reason']]);

describe('a packing that is not whole', () => {
  test.each([
    ['a list without its end', `[${info},${error}`, whole],
    ['a list that was cut', `[${info},${error},{"level":"ER`, [...whole, left('{"level":"ER')]],
    ['a comma too many', `[${info},${error},]`, whole],
    ['null in a list', `[${info},null,${error}]`, [whole[0], left('null'), whole[1]]],
    ['other values in a list', `[${info}, "x,]", 7 ,${error}]`, [whole[0], left('"x,]", 7'), whole[1]]],
    ['commas without a list', `${info},${error}`, whole],
    ['lists in a list', `[[${info}],[${error}]]`, whole],
    ['separators of records', `\u001e${info}\u001e${error}`, whole],
    ['separators and blanks', `${info} \u001e ${error}`, whole],
    ['a record behind a separator', `\u001e${error}`, [whole[1]]],
    ['records and the begin of one', `${info}${error}{"level"`, [...whole, left('{"level"')]],
    ['a record and the begin of one', `${error}{"level"`, [whole[1], left('{"level"')]],
    ['records and text', `${info} ${error} were sent`, [...whole, left('were sent')]],
    ['an empty object first', `{}${error}`, [[null, '{}', undefined], whole[1]]],
    ['null in an AWS file', `{"Records":[${info},null]}`, [whole[0], left('null')]],
  ])('%s: each record is read, and what is none says so', (_, line, events) => {
    expect(said([line])).toEqual(events);
  });

  test.each([
    ['no list in one scope', '{"scopeLogs":[{"logRecords":null},{"logRecords":[RECORDS]}]}'],
    ['no scopes in a resource', '{"scopeLogs":null},{"scopeLogs":[{"logRecords":[RECORDS]}]}'],
    ['another key', '{"scopeLogs":[{"logRecords":[RECORDS]}]}],"partialSuccess":{},"more":[1'],
  ])('OTLP with %s', (_, inner) => {
    const records =
      '{"severityText":"INFO","body":{"stringValue":"a"}},{"severityText":"ERROR","body":{"stringValue":"b"}}';
    expect(said([`{"resourceLogs":[${inner.replace('RECORDS', records)}]}`])).toEqual(whole);
  });

  test('a list in a message of CloudWatch or Loki', () => {
    const message = `[${info},${error}]\n`;
    const logEvents = [
      { timestamp: taken, message },
      { timestamp: taken, message: 'ERROR c' },
    ];
    expect(said([JSON.stringify({ logGroup: 'g', logStream: 's', logEvents })])).toEqual([
      ...whole,
      ['ERROR', 'ERROR c', undefined],
    ]);
    const values = [[`${taken}000000`, message, { region: 'west' }]];
    const push = JSON.stringify({ streams: [{ stream: { app: 'cart' }, values }] });
    expect(said([push])).toEqual(whole);
    for (const log of eventsOf([push]))
      expect(log).toMatchObject({ timestamp: taken, parsed_fields: { 'labels.app': 'cart', 'labels.region': 'west' } });
  });

  test('events for Splunk without source and type', () => {
    const hec = (event: string) => `{"time":${taken / 1_000},"event":${event}}`;
    expect(said([hec(info) + hec(error)])).toEqual(whole);
    expect(eventsOf([hec(error)])[0]).toMatchObject({ level: 'ERROR', timestamp: taken });
  });

  test('a list within four wrappings', () => {
    const filebeat = (message: string) =>
      JSON.stringify({ '@timestamp': '2026-01-29T09:00:00Z', agent: { type: 'filebeat' }, message });
    expect(said([filebeat(filebeat(filebeat(`[${info},${error}]`)))])).toEqual(whole);
  });
});
