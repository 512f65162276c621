import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { repository } from '../helpers/run.ts';

/** What the numbers were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly date: string;
}

export const thisMachine = (): Machine => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1e9),
  system: `${process.platform} ${release()}`,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
});

/** The commit that is measured, with a mark if the source is not as committed; empty outside of a repository. */
export function thisCommit(): string {
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : '+');
  } catch {
    return '';
  }
}
