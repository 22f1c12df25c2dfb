/** The runtime's log: structured lines without secrets and record contents. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Drops every line. */
export const silent: Logger = { info() {}, warn() {}, error() {} };
