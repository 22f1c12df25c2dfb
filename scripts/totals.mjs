/**
 * A Vitest reporter that prints the totals on one plain line, for whoever reads the end of a log by program.
 */
export default class Totals {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules @param {readonly unknown[]} unhandled */
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      counts.failed += module.errors().length;
    }
    // After the other reporters, which write their summaries in the same turn.
    process.on('exit', () => {
      process.stdout.write(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    });
  }
}
