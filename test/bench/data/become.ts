import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes `folder` hold what `model` holds, as edits: only what differs is written or removed. Dot-names at its top stay. Gives
 * the paths below `folder` that were written or removed.
 */
export function become(folder: string, model: string): string[] {
  const changed = new Set<string>();
  becomeBelow(folder, model, '', changed);
  return [...changed];
}

function becomeBelow(root: string, model: string, below: string, changed: Set<string>): void {
  const folder = join(root, below);
  mkdirSync(folder, { recursive: true });
  const wanted = readdirSync(model, { withFileTypes: true });
  const kinds = new Map(wanted.map((entry) => [entry.name, entry.isDirectory()]));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isKept = kinds.get(entry.name) === entry.isDirectory() || (below === '' && entry.name.startsWith('.'));
    if (isKept) continue;
    rmSync(join(folder, entry.name), { recursive: true });
    changed.add(join(below, entry.name));
  }
  for (const entry of wanted) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      becomeBelow(root, join(model, entry.name), join(below, entry.name), changed);
      continue;
    }
    const content = readFileSync(join(model, entry.name));
    if (existsSync(path) && readFileSync(path).equals(content)) continue;
    writeFileSync(path, content);
    changed.add(join(below, entry.name));
  }
}
