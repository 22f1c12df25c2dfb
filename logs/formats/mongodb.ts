/** MongoDB before 4.4: `time S COMPONENT  [context] text`, the severity being one letter. */
import { layout } from '../layouts/layout.ts';
import { bracketed, capitalLevel, chars, message, time } from '../layouts/pieces.ts';
import { isUpper, minusCode, underscoreCode } from '../text.ts';
import type { Dialect, TextFormat } from './format.ts';

export const mongodb: TextFormat = {
  name: 'mongodb',
  layouts: [
    layout(
      ...[
        time,
        ' ',
        capitalLevel,
        ' ',
        chars('mongodb.log.component', (code) => isUpper(code) || code === minusCode || code === underscoreCode),
      ],
      ...[' ', bracketed('mongodb.log.context'), ' ', message],
    ),
  ],
  samples: [
    {
      line: '2026-01-29T08:51:24.967+0000 I NETWORK  [conn7] received client metadata from 10.0.0.7:38630',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'received client metadata from 10.0.0.7:38630',
      fields: {
        'log.level': 'I',
        'mongodb.log.component': 'NETWORK',
        'mongodb.log.context': 'conn7',
      },
    },
    {
      line: '2026-01-29T08:51:24.967+0000 W -        [initandlisten] access control is not enabled',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'access control is not enabled',
      fields: {
        'log.level': 'W',
        'mongodb.log.context': 'initandlisten',
      },
    },
  ],
};

/** MongoDB since 4.4: JSON with one-letter keys; what the message speaks of is under `attr`. */
export const mongodbJson: Dialect = {
  name: 'mongodb_json',
  knownBy: ['t.$date', 's', 'c', 'ctx', 'msg'],
  roles: { 't.$date': 'time', s: 'level' },
  renames: {
    c: 'mongodb.log.component',
    ctx: 'mongodb.log.context',
    id: 'mongodb.log.id',
    'attr.remote': 'source.address',
  },
  samples: [
    {
      line: '{"t":{"$date":"2026-01-29T08:51:24.967+00:00"},"s":"W","c":"NETWORK","id":22943,"ctx":"listener","msg":"slow","attr":{"remote":"10.0.0.7:38630"}}',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'slow',
      fields: {
        'mongodb.log.component': 'NETWORK',
        'mongodb.log.id': 22943,
        'mongodb.log.context': 'listener',
        'source.address': '10.0.0.7:38630',
        'log.level': 'W',
      },
    },
  ],
};
