import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes `folder` hold what `model` holds, as edits: only what differs is written or removed. Dot-names at its top stay. */
export function become(folder: string, model: string, isTop = true): void {
  mkdirSync(folder, { recursive: true });
  const wanted = readdirSync(model, { withFileTypes: true });
  const kinds = new Map(wanted.map((entry) => [entry.name, entry.isDirectory()]));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isKept = kinds.get(entry.name) === entry.isDirectory() || (isTop && entry.name.startsWith('.'));
    if (!isKept) rmSync(join(folder, entry.name), { recursive: true });
  }
  for (const entry of wanted) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      become(path, join(model, entry.name), false);
      continue;
    }
    const content = readFileSync(join(model, entry.name));
    if (!existsSync(path) || !readFileSync(path).equals(content)) writeFileSync(path, content);
  }
}
