/**
 * Ends a long run on a signal: the first SIGINT or SIGTERM asks for a graceful end (drain, commit, deliver), a second
 * one ends the process at once with the exit code that shells expect.
 */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Aborted by the first signal. `onFirst` may say so. */
export function onShutdown(onFirst: (signal: string) => void): AbortSignal {
  return onSignals(codes, onFirst);
}

/** For a process with a supervisor: a terminal's SIGINT reaches both, and it is the supervisor's to pass on. */
export function onSupervisor(): AbortSignal {
  process.on('SIGINT', () => {});
  return onSignals({ SIGTERM: codes.SIGTERM }, () => {});
}

function onSignals(signals: Readonly<Record<string, number>>, onFirst: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
      onFirst(signal);
      controller.abort();
    });
  }
  return controller.signal;
}
