/**
 * Where this installation keeps its files: in a clone the sources lie beside `cli/`, otherwise what was built.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether the sources themselves are running. */
export const isClone = import.meta.url.endsWith('.ts') && existsSync(new URL('../index.ts', import.meta.url));

/** The folder of the built web page. */
export const consoleFiles = fileURLToPath(new URL('../console/dist', import.meta.url));
