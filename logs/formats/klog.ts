/**
 * Kubernetes' klog and Google's glog: `Lmmdd hh:mm:ss.uuuuuu thread file:line] text`, the level being the first
 * letter.
 */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { int, message, time, until } from '../layouts/pieces.ts';
import { levelOf } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import type { TextFormat } from './format.ts';

export const klog: TextFormat = {
  name: 'klog',
  layouts: [
    layout(
      ...[letter(), time, ' ', int('process.thread.id'), ' ', until('log.origin.file.name', ':')],
      ...[int('log.origin.file.line'), '] ', message],
    ),
  ],
  finish: (log: ParsedLog) => {
    log.level = levelOf(String(log.parsed_fields['log.level']));
  },
  samples: [
    {
      line: 'E0129 08:51:24.967123    1234 pod_workers.go:965] Error syncing pod',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      message: 'Error syncing pod',
      fields: {
        'log.level': 'E',
        'process.thread.id': 1234,
        'log.origin.file.name': 'pod_workers.go',
        'log.origin.file.line': 965,
      },
    },
  ],
};

/** Notes the first letter without reading it: the time scanner knows klog's date by it. */
function letter(): Piece {
  return {
    make: (capture) => {
      const group = capture('log.level');
      return (text, at, match) => {
        if (!'IWEFD'.includes(text.charAt(at))) return -1;
        keep(match, group, at, at + 1);
        return at;
      };
    },
  };
}
