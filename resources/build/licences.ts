import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const packageOf = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const isTerms = /^(licen[cs]e|copying|notice)/i;

/** Adds `licences.txt` to what is built: the terms of all packages that are in it, which ask to go wherever they go. */
export const licences = (): Plugin => ({
  name: 'licences',
  generateBundle(_, made) {
    const folders = new Set<string>();
    for (const part of Object.values(made)) {
      const modules = part.type === 'chunk' ? Object.keys(part.modules) : [];
      for (const path of modules) {
        const [, folder] = packageOf.exec(path) ?? [];
        if (folder !== undefined) folders.add(folder);
      }
    }
    const source = [...folders]
      .sort()
      .map(termsOf)
      .join(`\n${'-'.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
  },
});

function termsOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => isTerms.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
