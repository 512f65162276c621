import { readFileSync } from 'node:fs';
import type { Mutant } from './mutant.ts';

/**
 * Mutants from a text that reads as a diff does: `## FILE`, then for each mutant `ID: WHY`, the lines that are found with
 * `- ` before them, and those that take their place with `+ `, if any do.
 */
export function parseMutants(text: string): Mutant[] {
  const mutants: Mutant[] = [];
  let file = '';
  let head: { readonly id: string; readonly why: string } | null = null;
  let found: string[] = [];
  let placed: string[] = [];
  const close = (): void => {
    if (head !== null) mutants.push({ ...head, file, find: found.join('\n'), replace: placed.join('\n') });
    head = null;
    found = [];
    placed = [];
  };
  for (const [at, line] of text.split('\n').entries()) {
    const title = /^([a-z0-9-]+): (.+)$/.exec(line);
    if (line.startsWith('- ')) found.push(line.slice(2));
    else if (line.startsWith('+ ')) placed.push(line.slice(2));
    else if (line.startsWith('## ')) {
      close();
      file = line.slice(3);
    } else if (title !== null) {
      close();
      head = { id: title[1] as string, why: title[2] as string };
    } else if (line !== '') throw new Error(`line ${at + 1} of the mutants is not understood: ${line}`);
  }
  close();
  return mutants;
}

export const readMutants = (path: string): Mutant[] => parseMutants(readFileSync(path, 'utf8'));
