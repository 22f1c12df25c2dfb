/**
 * Ends a long run on a signal: the first SIGINT or SIGTERM asks for a graceful end (drain, commit, deliver), a second
 * one ends the process at once with the exit code that shells expect.
 */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Aborted by the first signal. `onFirst` may say so. */
export function onShutdown(onFirst: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
      onFirst(signal);
      controller.abort();
    });
  }
  return controller.signal;
}
