import ignore from 'ignore';
import { HoldfastError } from '../common/errors.ts';
import { err, ok, type Result } from '../common/result.ts';

/** Longest rules file, in bytes. */
export const maxRulesLength = 1_048_576;

/**
 * Wildcards in one component of a pattern. Each one multiplies the time that a hostile name can take; a rules file may
 * come from another member of the vault.
 */
const maxWildcards = 4;

/**
 * `**` before other components of a pattern. Each one may stand for any part of a path, and each further one multiplies the
 * time by the path's depth: eight of them and a path forty deep took seconds.
 */
const maxDeepWildcards = 2;

/** Each rule costs time with each path; a file of the length that is allowed could hold half a million. */
const maxRules = 2000;

/** Characters of a rule. No path is longer, and what a rule takes to be understood grows faster than its length. */
const maxRuleLength = 4096;

/** The library remembers every path that it was ever asked about; it is made anew after so many. */
const maxRemembered = 20_000;

/** What one rules file says of a path; null: nothing. */
export type Verdict = 'ignored' | 'kept' | null;

export interface IgnorePatterns {
  /** @param path below the folder of the rules, with a slash at the end if it is a folder. */
  judge(path: string): Verdict;
}

const broken = (line: number, why: string): HoldfastError =>
  new HoldfastError('limit', `line ${line} of the ignore rules cannot be used: ${why}`, {
    reason: 'ignore-rules',
    hint: 'Correct the file .holdfastignore; until then the rules before the change apply.',
  });

function faultIn(lines: readonly string[]): HoldfastError | null {
  let rules = 0;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#') || line.trim() === '') continue;
    if (line.length > maxRuleLength) return broken(index + 1, `more than ${maxRuleLength} characters`);
    if (++rules > maxRules) return broken(index + 1, `more than ${maxRules} rules`);
    const components = line.split('/');
    for (const component of components) {
      const wildcards = component.match(/\*+/g)?.length ?? 0;
      if (wildcards > maxWildcards) return broken(index + 1, `more than ${maxWildcards} asterisks between two slashes`);
    }
    const deep = components.slice(0, -1).filter((component) => /^!?\*{2,}$/.test(component)).length;
    if (deep > maxDeepWildcards) return broken(index + 1, `“**/” more than ${maxDeepWildcards} times`);
  }
  return null;
}

function compilePatterns(lines: readonly string[]): IgnorePatterns {
  const patterns = lines.map((line) => line.normalize('NFC'));
  // Exact letters, so that rules mean the same on every computer.
  const compile = (): ignore.Ignore => ignore({ ignorecase: false }).add(patterns);
  let rules = compile();
  let asked = 0;
  return {
    judge: (path) => {
      if (++asked > maxRemembered) {
        asked = 0;
        rules = compile();
      }
      const { ignored, unignored } = rules.test(path.normalize('NFC'));
      return ignored ? 'ignored' : unignored ? 'kept' : null;
    },
  };
}

/** The content of a `.holdfastignore` file; error kind `limit`, reason `ignore-rules`, in words for the person. */
export function parseRules(bytes: Uint8Array): Result<IgnorePatterns, HoldfastError> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err(broken(1, 'the file is not text in UTF-8'));
  }
  if (text.includes('\0')) return err(broken(1, 'the file is not text'));
  const lines = text.split(/\r?\n/);
  const fault = faultIn(lines);
  if (fault !== null) return err(fault);
  try {
    const patterns = compilePatterns(lines);
    patterns.judge('probe');
    return ok(patterns);
  } catch {
    return err(broken(1, 'a pattern is not understood'));
  }
}
