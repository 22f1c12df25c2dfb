/**
 * Flow logs of AWS' virtual networks in their default layout (version 2). Lines with other columns are read by the
 * header that AWS writes before them.
 */
import { layout } from '../layouts/layout.ts';
import { among, chars, int, time, word } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { isDigit, isWordCode, minusCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const vpcFlow: TextFormat = {
  name: 'vpc_flow',
  layouts: [
    layout(
      ...[
        '2 ',
        chars('cloud.account.id', isWordCode, isDigit),
        ' ',
        chars('aws.vpcflow.interface_id', isNameCode),
        ' ',
      ],
      ...[word('source.ip'), ' ', word('destination.ip'), ' ', int('source.port'), ' ', int('destination.port'), ' '],
      ...[int('network.iana_number'), ' ', int('network.packets'), ' ', int('network.bytes'), ' ', time, ' '],
      ...[int('aws.vpcflow.end'), ' ', among('event.action', ['ACCEPT', 'REJECT', '-']), ' '],
      among('aws.vpcflow.log_status', ['OK', 'NODATA', 'SKIPDATA']),
    ),
  ],
  finish: finishFlow,
  samples: [
    {
      line: '2 123456789012 eni-0a1b2c3d 10.0.0.7 10.4.0.9 49152 443 6 20 4249 1769676684 1769676744 REJECT OK',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'REJECT 10.0.0.7:49152 10.4.0.9:443',
      fields: {
        'cloud.account.id': '123456789012',
        'aws.vpcflow.interface_id': 'eni-0a1b2c3d',
        'source.ip': '10.0.0.7',
        'destination.ip': '10.4.0.9',
        'source.port': 49152,
        'destination.port': 443,
        'network.iana_number': 6,
        'network.packets': 20,
        'network.bytes': 4249,
        'aws.vpcflow.end': 1769676744,
        'event.action': 'REJECT',
        'aws.vpcflow.log_status': 'OK',
      },
    },
  ],
};

/** What happened to which flow, as the message. */
export function finishFlow(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const ends = ['source', 'destination'].flatMap((side) => {
    const ip = fields[`${side}.ip`];
    const port = fields[`${side}.port`];
    return ip === undefined ? [] : port === undefined ? [ip] : [`${ip}:${port}`];
  });
  log.message = [fields['event.action'] ?? fields['aws.vpcflow.log_status'] ?? 'flow', ...ends].join(' ');
}

function isNameCode(code: number): boolean {
  return isWordCode(code) || code === minusCode;
}
