import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from '../common/errors.ts';

let known: string | null = null;

/** Of package.json, which lies above the sources as above what is built of them. */
export function readAppVersion(): string {
  for (let at = import.meta.dirname; known === null; at = dirname(at)) {
    try {
      known = (JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { version?: string }).version ?? null;
    } catch {
      must(dirname(at) === at ? null : at, 'there is a package.json above every module');
    }
  }
  return known;
}
