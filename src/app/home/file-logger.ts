import { appendFileSync, renameSync, statSync } from 'node:fs';
import { errnoOf } from '../../common/errno.ts';
import type { Logger, LogLevel } from '../../common/logger.ts';

const order: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const maxBytes = 4 * 1024 * 1024;

/**
 * JSON lines in a file for its owner alone; the file before is kept as `….1`. Logging never fails its caller: a full disk
 * loses lines, nothing else.
 */
export function fileLogger(path: string, level: LogLevel, now: () => number): Logger {
  let size = sizeOf(path);
  return {
    log: (at, message, fields) => {
      if (order[at] < order[level]) return;
      const line = `${JSON.stringify({ time: new Date(now()).toISOString(), level: at, message, ...fields }, plain)}\n`;
      try {
        if (size + line.length > maxBytes) {
          renameSync(path, `${path}.1`);
          size = 0;
        }
        appendFileSync(path, line, { mode: 0o600 });
        size += line.length;
      } catch {
        size = sizeOf(path);
      }
    },
  };
}

/** Errors as their kind and message: an error's other fields may hold anything. */
const plain = (_key: string, value: unknown): unknown => {
  if (value instanceof Error) return { name: value.name, message: value.message, code: errnoOf(value) ?? undefined };
  return typeof value === 'bigint' ? value.toString() : value;
};

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
