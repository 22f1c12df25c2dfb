/** What the runtime says in words: structured lines on standard error, secrets and record contents never among them. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: object): Logger;
}

/** Says nothing. */
export const silent: Logger = { info() {}, warn() {}, error() {}, child: () => silent };
