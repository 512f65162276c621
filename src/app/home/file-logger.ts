import { appendFileSync, renameSync, statSync } from 'node:fs';
import { lineLogger } from '../../common/line-logger.ts';
import type { Logger, LogLevel } from '../../common/logger.ts';

const maxBytes = 4 * 1024 * 1024;

/**
 * JSON lines in a file for its owner alone; the file before is kept as `….1`. Logging never fails its caller: a full disk
 * loses lines, nothing else.
 */
export function fileLogger(path: string, level: LogLevel, now: () => number): Logger {
  let size = sizeOf(path);
  return lineLogger(level, now, (line) => {
    try {
      if (size + line.length >= maxBytes) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
      size += line.length + 1;
    } catch {
      size = sizeOf(path);
    }
  });
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
