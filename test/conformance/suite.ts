import { describe, type TestFunction, test } from 'vitest';

/** Tests of a conformance suite that one implementation can't pass, and why. */
export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** A suite whose tests can be skipped by name, with the reason shown; a name that no test bears fails. */
export function suite(name: string, tests: Readonly<Record<string, TestFunction>>, skips: readonly Skip[]): void {
  describe(name, () => {
    const reasons = new Map(skips.flatMap((skip) => skip.tests.map((title) => [title, skip.reason] as const)));
    for (const title of reasons.keys()) {
      if (!(title in tests)) throw new Error(`no conformance test is called '${title}'`);
    }
    for (const [title, run] of Object.entries(tests)) {
      const reason = reasons.get(title);
      if (reason === undefined) test(title, run);
      else test.skip(`${title} (${reason})`, run);
    }
  });
}
