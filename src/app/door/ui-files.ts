import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';

/** A file of the built window, as it is answered. */
export interface UiFile {
  readonly type: string;
  readonly read: () => Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** From the sources, commands run as they are, but the window has to be built. Who opens it is told so, instead of refused. */
const notBuilt: UiFile = {
  type: 'text/html; charset=utf-8',
  read: () =>
    Buffer.from(
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdfast</title><h1>The window is not built yet</h1>' +
        '<p>Holdfast runs, and commands work. For the window, stop it, run <code>npm run build</code> in the folder of its ' +
        'program, and start it again.</p></html>',
    ),
};

/**
 * The files of the built window by their path in a URL (`/` is the page). Listed once: a request is looked up in the list
 * and never becomes a path of the disk.
 */
export function uiFiles(folder: string): ReadonlyMap<string, UiFile> {
  const files = new Map<string, UiFile>([['/', notBuilt]]);
  if (!existsSync(folder)) return files;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(path)];
    const file = join(folder, path);
    if (type === undefined || !statSync(file).isFile()) continue;
    files.set(`/${path.split(sep).join('/')}`, { type, read: () => readFileSync(file) });
  }
  const page = files.get('/index.html');
  if (page !== undefined) files.set('/', page);
  return files;
}

/** Where the build puts the window: `dist/ui` beside package.json, from the sources as from what is built of them. */
export function uiFolder(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json')) || dirname(at) === at) return join(at, 'dist', 'ui');
  }
}

/** What a page of ours may do: load its own files, talk to its own door (`connect`), nothing else. */
export const uiPolicy = (connect: "'self'" | "'none'"): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
