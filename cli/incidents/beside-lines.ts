/** Files of what is read beside lines: changes, spans. */
import { type FileLine, files } from '../../connectors/files/files.ts';
import type { SourceSpec } from '../../graph/connector.ts';
import { elementsOf } from '../../jobs/read-input.ts';
import type { InputKind } from '../../signals/inputs/kinds.ts';
import type { Time } from '../../time/duration.ts';
import { Input } from './input.ts';

/** A file that is read beside lines, and what was read of it. */
export interface BesideLines {
  /** The name of its kind. */
  readonly name: string;
  readonly path: string;
  readonly input: Input;
}

/** How such files are read. */
export interface BesideOptions {
  readonly follow: boolean;
  /** When the lines came, where that is not when they are read. */
  readonly came?: Time;
}

/** The files of a run that are read beside its lines. */
export class BesideFiles {
  readonly read: BesideLines[] = [];
  readonly #options: BesideOptions;

  constructor(options: BesideOptions) {
    this.#options = options;
  }

  /** The elements of a file, counted. */
  of<T extends { readonly time: Time }>(kind: InputKind<T>, path: string): SourceSpec<T> {
    const { follow, came } = this.#options;
    const input = new Input();
    this.read.push({ name: kind.name, path, input });
    const decode = ({ line, time }: FileLine) => ({ body: line, time: came ?? time });
    return input.of(elementsOf(files([path], { follow, decode }), kind));
  }
}
