import { errnoOf } from './errno.ts';
import type { Logger, LogLevel } from './logger.ts';

const order: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Logs what is at least as severe as `least`; `write` takes one line of JSON, without its end. */
export const lineLogger = (least: LogLevel, now: () => number, write: (line: string) => void): Logger => ({
  log: (level, message, fields) => {
    if (order[level] < order[least]) return;
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields }, plain));
  },
});

/** Errors as their kind and message: an error's other fields may hold anything. */
const plain = (_key: string, value: unknown): unknown => {
  if (value instanceof Error) return { name: value.name, message: value.message, code: errnoOf(value) ?? undefined };
  return typeof value === 'bigint' ? value.toString() : value;
};
