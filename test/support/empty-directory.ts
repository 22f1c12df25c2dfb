/** Directories for tests. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a directory that only this call's test uses. */
export const emptyDirectory = (): string => mkdtempSync(join(tmpdir(), 'millrace-test-'));
