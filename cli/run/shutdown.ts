/**
 * Ends a long run on a signal: the first SIGINT or SIGTERM asks for a graceful end (drain, commit, deliver), a second
 * one ends the process at once with the exit code that shells expect. A stdout that is lost asks for that end, too.
 *
 * npx passes a signal on to the shell in which it runs the command. Where that shell has become the command itself, a
 * Ctrl-C comes twice, from the terminal and from npx; where it has not, a SIGTERM ends the shell and npx alone. So the
 * same signal within a second is one signal, and the end of the parent is a signal too.
 */
import { systemClock } from '../../time/clock.ts';
import { milliseconds, seconds, type Time } from '../../time/duration.ts';
import { isRunByNpx } from '../settings/environment.ts';

/** Exit codes by signal; the last is no signal but an event that `bin.mjs` emits. */
const codes = { SIGINT: 130, SIGTERM: 143, 'stdout is lost': 1 } as const;

/** A person who wants to stop at once takes longer than this to say it again. */
const echo = seconds(1);
/** How often it is looked whether the parent is still there. */
const glance = milliseconds(250);

/** Aborted by the first signal. `onFirst` may say so. */
export function onShutdown(onFirst: (signal: string) => void): AbortSignal {
  const controller = onSignals(codes, onFirst);
  if (isRunByNpx()) {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      if (controller.signal.aborted) return;
      onFirst('npx has ended');
      controller.abort();
    }, glance);
    timer.unref();
  }
  return controller.signal;
}

/** For a process with a supervisor: a terminal's SIGINT reaches both, and it is the supervisor's to pass on. */
export function onSupervisor(): AbortSignal {
  process.on('SIGINT', () => {});
  return onSignals({ SIGTERM: codes.SIGTERM }, () => {}).signal;
}

function onSignals(signals: Readonly<Record<string, number>>, onFirst: (signal: string) => void): AbortController {
  const controller = new AbortController();
  const came = new Map<string, Time>();
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      const now = systemClock.now();
      const before = came.get(signal) ?? Number.NEGATIVE_INFINITY;
      came.set(signal, now);
      if (now - before < echo) return;
      if (controller.signal.aborted) process.exit(code);
      onFirst(signal);
      controller.abort();
    });
  }
  return controller;
}
