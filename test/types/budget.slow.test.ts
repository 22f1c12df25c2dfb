import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** What it costs to check a file and what it imports: type instantiations, the same on every machine. */
function cost(file: string): number {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const program = ts.createProgram([join(root, file)], options);
  const source = program.getSourceFile(join(root, file));
  expect(
    program.getSemanticDiagnostics(source).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n')),
  ).toEqual([]);
  return program.getInstantiationCount();
}

test('api.test.ts compiles with all its expected errors', () => {
  expect(cost('test/types/api.test.ts')).toBeGreaterThan(0);
});

test('the README job stays cheap to type-check', () => {
  // 4,094 when this was written; a fifth more is allowed.
  expect(cost('test/support/sample-job.ts')).toBeLessThan(4_913);
});
