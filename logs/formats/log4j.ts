/**
 * The usual pattern layouts of log4j, logback and Spring Boot: a time with or without date, a level and a thread in
 * either order, a logger with or without the line (`Class#68`, `Class:68`, `.method(File.java:68)`), then the text. A
 * word is taken for a logger only when a separator (`:`, ` - `, `#line`) says so; otherwise the line belongs to the
 * fallback.
 */
import { layout, oneOf, optional } from '../layouts/layout.ts';
import { bracketed, chars, int, level, message, time, until, word } from '../layouts/pieces.ts';
import {
  closeBracketCode,
  commaCode,
  dollarCode,
  dotCode,
  isHex,
  isWordCode,
  minusCode,
  openBracketCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import type { TextFormat } from './format.ts';

export const log4j: TextFormat = {
  name: 'log4j',
  layouts: layouts(),
  samples: [
    {
      line:
        '16:42:14.365 WARN  o.s.OrderServiceImpl#68 TraceID: 8db15fddbaec9cf5de01c84d99fb51ea SpanID: 4e5454b' +
        'cb492bc38 [getSoldTickets] no seat left',
      time: '2026-01-28T16:42:14.365Z',
      level: 'WARN',
      message: '[getSoldTickets] no seat left',
      trace: '8db15fddbaec9cf5de01c84d99fb51ea',
      span: '4e5454bcb492bc38',
      fields: { 'log.level': 'WARN', 'log.logger': 'o.s.OrderServiceImpl', 'log.origin.file.line': 68 },
    },
    {
      line: '08:51:24.967 [http-nio-8080-exec-1] DEBUG com.example.shop.Cart - added 2 items',
      time: '2026-01-29T08:51:24.967Z',
      level: 'DEBUG',
      message: 'added 2 items',
      fields: {
        'log.level': 'DEBUG',
        'log.logger': 'com.example.shop.Cart',
        'process.thread.name': 'http-nio-8080-exec-1',
      },
    },
    {
      line:
        '2026-01-29 08:51:24,967 - INFO  [QuorumPeer[myid=1]/0.0.0.0:2181:Election@774] - Notification time o' +
        'ut: 3200',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'Notification time out: 3200',
      fields: { 'log.level': 'INFO', 'process.thread.name': 'QuorumPeer[myid=1]/0.0.0.0:2181:Election@774' },
    },
    {
      line: '2026-01-29 08:51:24,967 [myid:1] - WARN  [main:QuorumPeerConfig@136] - no quorum',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'no quorum',
      fields: {
        'zookeeper.server_id': '1',
        'log.level': 'WARN',
        'process.thread.name': 'main:QuorumPeerConfig@136',
      },
    },
    {
      line: '[2026-01-29 08:51:24,967] [WARN ] [worker-7] [state.change.logger] - ignoring request',
      time: '2026-01-29T08:51:24.967Z',
      level: 'WARN',
      message: 'ignoring request',
      fields: { 'log.level': 'WARN', 'log.logger': 'state.change.logger', 'process.thread.name': 'worker-7' },
    },
    {
      line: 'ERROR 2026-01-29 08:51:24,967 [main] com.example.Boot.start(Boot.java:12) - no port',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'no port',
      fields: {
        'log.level': 'ERROR',
        'process.thread.name': 'main',
        'log.logger': 'com.example.Boot.start',
        'log.origin.file.name': 'Boot.java',
        'log.origin.file.line': 12,
      },
    },
    {
      line:
        '2026-01-29 08:51:24.967  INFO [cart,4bf92f3577b34da6a3ce929d0e0e4736,00f067aa0ba902b7] 7 --- [nio-80' +
        '80-exec-1] c.e.Cart                 : ready',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'ready',
      service: 'cart',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      span: '00f067aa0ba902b7',
      fields: {
        'log.level': 'INFO',
        'process.pid': 7,
        'process.thread.name': 'nio-8080-exec-1',
        'log.logger': 'c.e.Cart',
      },
    },
    {
      line:
        '2026-01-29T08:51:24.967+01:00 ERROR 7 --- [cart] [main] [4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0b' +
        'a902b7] c.e.Cart : no stock',
      time: '2026-01-29T07:51:24.967Z',
      level: 'ERROR',
      message: 'no stock',
      service: 'cart',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      span: '00f067aa0ba902b7',
      fields: { 'log.level': 'ERROR', 'process.pid': 7, 'process.thread.name': 'main', 'log.logger': 'c.e.Cart' },
    },
  ],
};

function layouts(): TextFormat['layouts'] {
  const stamp = oneOf([time], ['[', time, ']']);
  const severity = oneOf([level], ['[', optional(' '), level, optional(' '), ']']);
  const thread = bracketed('process.thread.name');
  const line = int('log.origin.file.line');
  const name = chars('log.logger', isLoggerCode, isWordCode);
  const separator = oneOf([' - '], [': '], [' : ']);
  const behindLine = oneOf([separator], [' ']);
  const logger = oneOf(
    [
      name,
      oneOf(
        ['#', line, ' '],
        [':', line, behindLine],
        ['(', until('log.origin.file.name', ':'), line, ')', behindLine],
        [separator],
      ),
    ],
    [bracketed('log.logger'), ' - '],
    ['- '],
  );
  const header = oneOf([severity, ' ', thread, ' '], [thread, ' ', severity, ' '], [severity, ' ']);
  const traced = oneOf([chars('trace.id', isHex), ',', optional(chars('span.id', isHex))], [',']);
  const sleuth = [
    ...['[', chars('service.name', isNameCode), ',', traced],
    optional(',', chars('sleuth.exported', isNameCode)),
    '] ',
  ];
  const correlation = oneOf(['[', chars('trace.id', isHex), '-', chars('span.id', isHex), '] '], ['[ ] ']);
  const named = [bracketed('service.name'), ' ', thread, ' ', optional(correlation)];
  return [
    layout(
      ...[time, ' ', level, ' ', optional(...sleuth), int('process.pid'), ' --- '],
      ...[oneOf(named, [thread, ' ']), word('log.logger'), ' : ', message],
    ),
    // ZooKeeper tells which server of the ensemble it is.
    layout(
      ...[
        time,
        ' [myid:',
        optional(chars('zookeeper.server_id', isWordCode)),
        '] - ',
        level,
        ' ',
        thread,
        ' - ',
        message,
      ],
    ),
    layout(stamp, oneOf([' - '], [' ']), header, logger, message),
    layout(severity, ' ', stamp, ' ', optional(thread, ' '), logger, message),
  ];
}

function isLoggerCode(code: number): boolean {
  if (isWordCode(code) || code === dotCode || code === dollarCode || code === underscoreCode) return true;
  // Tomcat names loggers after what they serve: o.a.c.c.C.[.[.[/].[dispatcher].
  return code === minusCode || code === slashCode || code === openBracketCode || code === closeBracketCode;
}

function isNameCode(code: number): boolean {
  return code > spaceCode && code !== commaCode && code !== closeBracketCode;
}
