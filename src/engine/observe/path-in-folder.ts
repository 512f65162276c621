/** An absolute path inside the folder becomes relative to it; anything else is taken as a path of the vault. */
export function pathInFolder(folder: string, path: string): string {
  if (path === folder) return '';
  const prefix = folder.endsWith('/') || folder.endsWith('\\') ? folder : `${folder}/`;
  const inside = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  return inside.replaceAll('\\', folder.includes('\\') ? '/' : '\\').replace(/^\.?\/+/, '');
}
