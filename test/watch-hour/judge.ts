/** Everything that was seen of a run against everything that is true of it. Pure: a recording is judged in a second. */
import { judgeLines, judgePanes, linesAtEnd } from './judge-counts.ts';
import { judgeEvents } from './judge-events.ts';
import { judgeScreen } from './judge-screen.ts';
import type { Recording } from './recording.ts';
import type { Truth } from './truth.ts';
import type { Verdict } from './verdict.ts';

/** All verdicts, by kind in the order of time. */
export function judge(truth: Truth, recording: Recording): Verdict[] {
  const { samples, events, panes, ends } = recording;
  const readBefore = (process: number) =>
    ends.slice(0, process).reduce((sum, text) => sum + (linesAtEnd(text)?.read ?? 0), 0);
  const told = new Map(
    truth.faults.flatMap((fault) => {
      const event = events.find(
        ({ event: kind, services, updated_at: at }) =>
          kind === 'opened' && Date.parse(at) >= fault.from && services.some((s) => fault.services.includes(s)),
      );
      return event === undefined ? [] : [[fault, Date.parse(event.updated_at)] as const];
    }),
  );
  return [
    ...samples.flatMap((sample) => judgeScreen(truth, sample, { linesRead: readBefore(sample.process), told })),
    ...judgeEvents(truth, events, truth.start + truth.length),
    ...judgePanes(truth, panes),
    ...judgeLines(truth, recording),
  ];
}
