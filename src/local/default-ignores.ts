/**
 * What is never worth syncing, in gitignore syntax; letters match in either case. A person's own rules come after these
 * and may take them back (`!*.part`).
 */
export const defaultIgnores: readonly string[] = [
  // Views and thumbnails that file managers keep for themselves: they differ on every computer.
  '.DS_Store',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  // A folder's own picture on macOS: all of it lies beside the file's content.
  'Icon[\r]',
  // What macOS keeps beside a file's content, where the disk has no place for it (exFAT, network drives): it makes one for most
  // files, and other ones on every computer.
  '._*',

  // Bookkeeping of whole volumes, present where the synced folder is the top of a disk.
  'lost+found/',
  '.Spotlight-V100/',
  '.Trashes',
  '.fseventsd/',
  '.TemporaryItems/',
  '.DocumentRevisions-V100/',
  '.Trash-[0-9]*/',
  '$RECYCLE.BIN/',
  'System Volume Information/',

  // "This document is open here": true on one computer only, and gone when it is closed.
  '~$*',
  '.~lock.*#',
  // Emacs: a link whose name is all that there is to it.
  '.#*',

  // Swap files of vim. Not the probe `4913` that it makes and removes again within a moment: in a folder of numbered files
  // that is a person's own.
  '*.swp',
  '*.swx',
  '.*.swpx',
  '.*.kate-swp',

  // Files on their way to their final name: GLib (gedit and most of GNOME), LibreOffice, browsers.
  '.goutputstream-*',
  '*.osl-tmp',
  '*.crdownload',
  '*.part',
  '*.partial',

  // Deleted files that some program has still open, under the name that FUSE or NFS gave them.
  '.fuse_hidden*',
  '.nfs[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*',
];

const regrowing: ReadonlySet<string> = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r']);

/** Made by the system for a folder, or for a file that is gone: may go to the trash together with a deleted folder. */
export const isRegrowingName = (name: string): boolean => regrowing.has(name.toLowerCase()) || name.startsWith('._');

const escaped = (glob: string): string =>
  glob
    .replace(/[.$~#+^(){}|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');

/** Asked for every name of every walk: one look-up for most, instead of one expression per pattern. */
function compileDefaults(patterns: readonly string[]): (name: string) => boolean {
  const lower = patterns.map((pattern) => pattern.toLowerCase());
  const extensions = new Set(
    lower.filter((pattern) => /^\*\.[\w-]+$/.test(pattern)).map((pattern) => pattern.slice(1)),
  );
  const others = lower.filter((pattern) => !extensions.has(pattern.slice(1)));
  const names = new Set(others.filter((pattern) => !/[*?[]/.test(pattern)));
  const globs = others.filter((pattern) => !names.has(pattern)).map(escaped);
  const expression = new RegExp(`^(?:${globs.join('|')})$`, 's');
  return (name) => {
    const key = name.toLowerCase();
    return names.has(key) || extensions.has(key.slice(Math.max(0, key.lastIndexOf('.')))) || expression.test(key);
  };
}

const isAnyKind = compileDefaults(defaultIgnores.filter((pattern) => !pattern.endsWith('/')));
const isFolderOnly = compileDefaults(
  defaultIgnores.filter((pattern) => pattern.endsWith('/')).map((pattern) => pattern.slice(0, -1)),
);

export const isDefaultIgnored = (name: string, isFolder: boolean): boolean =>
  isAnyKind(name) || (isFolder && isFolderOnly(name));
