import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appId } from '../../../main/app-id.ts';
import { catalogues } from '../../../renderer/i18n/catalogues.ts';
import { outside } from '../../../resources/build/bundle.ts';
import { repository } from '../../helpers/run.ts';
import { wantedFuses } from '../../package/fuses.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const config = read('electron-builder.yml');
const sectionOf = (name: string): string => new RegExp(`^${name}:\\n((?:(?: .*)?\\n)+)`, 'm').exec(config)?.[1] ?? '';

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** By their first name, the packages that these need at run time, themselves included. */
function neededBy(names: readonly string[]): Set<string> {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
  const seen = new Set<string>();
  const take = (name: string, from: string): void => {
    const inside = `${from}/node_modules/${name}`;
    const at = packages[inside] === undefined ? `node_modules/${name}` : inside;
    if (seen.has(at)) return;
    seen.add(at);
    const { dependencies, optionalDependencies } = packages[at] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) take(needed, at);
  };
  for (const name of names) take(name, '');
  return new Set([...seen].map((at) => at.split('node_modules/').at(-1)?.split('/')[0] ?? at));
}

describe('the packaging of the app', () => {
  it('blows every fuse as it must be', () => {
    const set = [...sectionOf('electronFuses').matchAll(/^ {2}(\w+): (true|false)$/gm)];
    expect(Object.fromEntries(set.map(([, name, state]) => [name, state === 'true']))).toEqual(wantedFuses);
  });

  it('covers every system, signed where the system asks for it, with no feed', () => {
    expect(sectionOf('linux')).toContain('target: [AppImage, deb, rpm]');
    expect(sectionOf('mac')).toContain('target: [dmg, zip]');
    expect(sectionOf('win')).toContain('target: [nsis]');
    for (const system of ['mac', 'win']) expect(sectionOf(system)).toContain('forceCodeSigning: true');
    expect(sectionOf('mac')).toMatch(/hardenedRuntime: true[\s\S]*notarize: true/);
    expect(sectionOf('nsis')).toContain('deleteAppDataOnUninstall: false');
    expect(config).toMatch(/^publish: null$/m);
    expect(config).toMatch(/^asar: true$/m);
  });

  it('is known to systems by the name that the app gives itself', () => {
    expect(config).toContain(`\nappId: ${appId}\n`);
  });

  it('leaves the name `holdfast` to the command line', () => {
    expect(Object.keys(JSON.parse(read('package.json')).bin)).toEqual(['holdfast']);
    expect(sectionOf('linux')).toMatch(/^ {2}executableName: holdfast-desktop$/m);
    for (const kind of ['deb', 'rpm']) expect(sectionOf(kind)).toMatch(/^ {2}packageName: holdfast-desktop$/m);
  });

  it('takes along only the packages that are not in the programs already, and words only in the window’s languages', () => {
    const [, kept = ''] = /"!node_modules\/!\(([^)]*)\)\/\*\*"/.exec(config.replace(/\\\n */g, '')) ?? [];
    const needed = neededBy(outside.filter((name) => name !== 'electron'));
    // Only who builds better-sqlite3 needs those.
    needed.delete('node-addon-api');
    expect(kept.split('|').sort()).toEqual([...needed].sort());
    expect(config).toContain(`\nelectronLanguages: [${Object.keys(catalogues).sort().join(', ')}]\n`);
  });

  it('names only files that are there', () => {
    const named = [...config.matchAll(/resources\/[\w./-]+\w/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThan(4);
    for (const path of named) expect(existsSync(join(repository, path)), path).toBe(true);
  });

  it('puts no text where macOS signs all as code', () => {
    expect(config).not.toContain('extraFiles');
    expect(config).toMatch(/^extraResources: \[LICENSE\]$/m);
  });

  it('asks macOS for nothing but what V8 needs', () => {
    const asked = [...read('resources/mac/entitlements.plist').matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key);
    expect(asked).toEqual(['com.apple.security.cs.allow-jit']);
  });

  it('starts at the built main process', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ main: 'dist/main/main.js' });
  });
});
