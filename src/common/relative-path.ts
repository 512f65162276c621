import { HoldfastError } from './errors.ts';
import { type NameFault, nameFault } from './name.ts';
import { err, ok, type Result } from './result.ts';

declare const brand: unique symbol;

/**
 * A place below the root: checked names joined by `/`; the empty text is the root itself. Made only by the functions of
 * this file, one name at a time, so that it can never climb out of the root. Names are as the disk has them.
 */
export type RelativePath = string & { readonly [brand]: 'RelativePath' };

export const rootPath = '' as RelativePath;

/** The place of `name` in the folder `parent`, or why `name` can be no name. */
export function childPath(parent: RelativePath, name: string): Result<RelativePath, NameFault> {
  const fault = nameFault(name);
  return fault === null ? ok(joinChecked(parent, name)) : err(fault);
}

/** As {@link childPath}, for names that were checked before; throws `bug` otherwise. */
export function joinName(parent: RelativePath, name: string): RelativePath {
  const fault = nameFault(name);
  if (fault !== null) throw new HoldfastError('bug', `an unchecked name reached the disk (${fault})`);
  return joinChecked(parent, name);
}

const joinChecked = (parent: RelativePath, name: string): RelativePath =>
  (parent === '' ? name : `${parent}/${name}`) as RelativePath;

/** A path from text that came over a border; null if it is none. */
export function parsePath(text: unknown): RelativePath | null {
  if (typeof text !== 'string') return null;
  if (text === '') return rootPath;
  return text.split('/').every((name) => nameFault(name) === null) ? (text as RelativePath) : null;
}

export const pathNames = (path: RelativePath): readonly string[] => (path === '' ? [] : path.split('/'));

/** The folder that holds `path`; the root holds itself. */
export const parentPath = (path: RelativePath): RelativePath =>
  path.slice(0, Math.max(0, path.lastIndexOf('/'))) as RelativePath;

/** The folders that hold `path`, the nearest first and the root last; none hold the root. */
export function foldersAbove(path: RelativePath): RelativePath[] {
  const folders: RelativePath[] = [];
  for (let at = path; at !== rootPath; ) {
    at = parentPath(at);
    folders.push(at);
  }
  return folders;
}

export const lastName = (path: RelativePath): string => path.slice(path.lastIndexOf('/') + 1);

/** `path` is `folder` or below it. */
export const isWithin = (path: RelativePath, folder: RelativePath): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);
