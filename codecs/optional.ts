/**
 * Loads native packages that not every platform has. They are optional dependencies with prebuilt binaries, which is
 * what npm installs without running scripts; where there is none, JavaScript of ours or of a package does the same.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The package's exports, or undefined where it is not installed or its binary does not load. */
export function optionalPackage<T>(name: string): T | undefined {
  try {
    return require(name) as T;
  } catch {
    return undefined;
  }
}
