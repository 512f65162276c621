export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Structured logging as a port. Fields hold ids, counts, sizes, kinds and durations; never keys, passwords, recovery
 * words, tokens or file contents. Names and paths of a person's files go to `debug` only.
 */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = { log: () => undefined };
