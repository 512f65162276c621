import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../../helpers/run.ts';

const run = promisify(execFile);
const name = 'three';
/** Releases of a real source tree, each a month after the one before: about 900 files and 25 MB, most of it text. */
const versions = Array.from({ length: 11 }, (_, at) => `0.${150 + at}.0`);

const cache = join(repository, 'node_modules/.cache/holdfast-bench');
const folderOf = (version: string): string => join(cache, `${name}-${version}`);

/** The folders of the first `count` releases, oldest first. */
export const sourceVersions = (count: number): readonly string[] => versions.slice(0, count).map(folderOf);

export const hasSourceVersions = (count: number): boolean => sourceVersions(count).every((path) => existsSync(path));

/** Gets from the npm registry those that are not there yet. */
export async function fetchSourceVersions(count: number): Promise<void> {
  for (const version of versions.slice(0, count)) if (!existsSync(folderOf(version))) await fetch(version);
}

async function fetch(version: string): Promise<void> {
  const target = folderOf(version);
  await mkdir(cache, { recursive: true });
  await run('npm', ['pack', `${name}@${version}`, '--pack-destination', cache], { cwd: cache });
  const archive = `${target}.tgz`;
  await mkdir(`${target}.new`, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', `${target}.new`, '--strip-components=1']);
  await rm(archive);
  await rename(`${target}.new`, target);
}
