import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtCommand } from '../../src/cli/built-command.mjs';
import { bundle } from './bundle.ts';
import { repository } from './repository.ts';

/** By their name in `dist/cli`: the commands, and what they start as threads and processes. */
const programs = {
  command: 'src/cli/main.ts',
  server: 'src/app/own-server/run-server.ts',
  'chunk-worker': 'src/app/seal/chunk-worker.ts',
};

/** Files that decide what is built, and are in none of it. */
const builders = ['package-lock.json', 'resources/build/build-command.ts', 'resources/build/bundle.ts'];

/** A daemon that runs may still load parts of a build that was replaced: they stay for so long, milliseconds. */
const partsStayMs = 30 * 24 * 60 * 60_000;

interface BuildCommand {
  /** The folder whose `src` is built into its `dist`; its `node_modules` and `resources/build` are there, too. */
  readonly root?: string;
  /** Only if it is not of these sources. */
  readonly staleOnly: boolean;
}

/** Builds the commands into `dist/cli`, and notes of what: `holdfast` runs them for as long as all that is as it was. */
export async function buildCommand({ root = repository, staleOnly }: BuildCommand): Promise<void> {
  if (staleOnly && builtCommand(pathToFileURL(join(root, '/'))) !== null) return;
  const outDir = join(root, 'dist', 'cli');
  mkdirSync(outDir, { recursive: true });
  const manifest = join(outDir, 'sources.json');
  rmSync(manifest, { force: true });
  const inside = (path: string): string => relative(root, path).split(sep).join('/');
  /** Noted before they are read: what is saved meanwhile makes the build a stale one. */
  const before = new Map(sourcesIn(root).map((path) => [inside(path), statSync(path)]));
  const modules = await bundle({ root, outDir, programs, target: 'node24', emptyOutDir: false });
  const used = new Set(modules.map(inside));
  const sources = [...before]
    .filter(([path]) => builders.includes(path) || used.has(path))
    .map(([path, { size, mtimeMs }]) => [path, size, mtimeMs]);
  writeFileSync(manifest, JSON.stringify(sources));
  const parts = join(outDir, 'parts');
  for (const name of readdirSync(parts)) {
    const part = join(parts, name);
    if (Date.now() - statSync(part).mtimeMs > partsStayMs) rmSync(part);
  }
}

const sourcesIn = (root: string): readonly string[] => [
  ...builders.map((path) => join(root, path)),
  ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(root, 'src', name)),
];
